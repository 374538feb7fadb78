/**
 * Menus and pickers for single fields, of one task or of many.
 *
 * @import { MenuItem, Task } from '../../types.d.ts'
 */
import { change, state } from '../../core/store.js';
import { folded } from '../../core/text.js';
import { edit, editAll } from '../../tasks/edits.js';
import { allTags } from '../../tasks/lists.js';
import { allTasks } from '../../tasks/shown.js';
import { html, live, nothing } from '../../vendor/lit.js';
import { icon } from '../pieces/icon.js';
import { menu, openPopover } from '../pieces/popover.js';
import { editSeen } from './edit-seen.js';

/** @type {Record<string, string>} */
export const PRIORITY_NAMES = { high: 'High', medium: 'Medium', low: 'Low' };
const PRIORITIES = /** @type {const} */ (['high', 'medium', 'low']);

/**
 * @param {Element} anchor
 * @param {Task[]} tasks
 */
export function openPriorityMenu(anchor, tasks) {
  /** @type {MenuItem[]} */
  const items = PRIORITIES.map((priority, at) => ({
    label: PRIORITY_NAMES[priority],
    dot: { high: 'red', medium: 'amber', low: 'blue' }[priority],
    isChosen: tasks.every((task) => task.priority === priority),
    key: String(at + 1),
    run: () => editAll(tasks, { priority }, 'Changed'),
  }));
  const none = { label: 'None', icon: 'circle', isChosen: tasks.every(({ priority }) => !priority), key: '4' };
  const run = () => editAll(tasks, { priority: null }, 'Changed');
  openPopover(anchor, () => menu([...items, { ...none, run }]), 'Priority');
}

/**
 * @param {Element} anchor
 * @param {Task[]} tasks
 */
export function openListMenu(anchor, tasks) {
  const lists = [...state.lists.values()].filter((list) => !list.deleted_at && !list.archived);
  const isIn = (/** @type {number | null} */ id) => tasks.every((task) => (task.list_id ?? null) === id);
  const moved = (/** @type {number | null} */ id) => () => moveToList(tasks, id);
  openPopover(
    anchor,
    () =>
      menu([
        { label: 'Inbox', icon: 'inbox', isChosen: isIn(null), run: moved(null) },
        ...lists.map(({ id, name, color }) => ({ label: name, dot: color, isChosen: isIn(id), run: moved(id) })),
      ]),
    'List',
  );
}

/**
 * A subtask that moves to another list leaves its parent.
 *
 * @param {Task[]} tasks
 * @param {number | null} listId
 */
export function moveToList(tasks, listId) {
  const isNested = tasks.some(({ parent_id: parent }) => parent);
  const name = listId === null ? 'Inbox' : state.lists.get(listId)?.name;
  return editSeen(tasks, { list_id: listId, ...(isNested && { parent_id: null }) }, 'Moved', `Moved to ${name}`);
}

/**
 * @param {Element} anchor
 * @param {Task[]} tasks
 */
export function openTagPicker(anchor, tasks) {
  const ids = new Set(tasks.map(({ id }) => id));
  tagTyped = '';
  openPopover(anchor, () => tagPicker(allTasks().filter(({ id }) => ids.has(id))), 'Tags');
}

/** What is written in the field for tags, which are looked for by it. */
let tagTyped = '';

/** @param {Task[]} tasks */
function tagPicker(tasks) {
  const isOn = (/** @type {string} */ tag) =>
    tasks.every(({ tags }) => tags.some((each) => folded(each) === folded(tag)));
  const set = (/** @type {string} */ tag, /** @type {boolean} */ on) => tasks.forEach((task) => tagged(task, tag, on));
  const added = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (/** @type {HTMLFormElement} */ (event.currentTarget).elements[0]);
    const tag = input.value.trim().replace(/^[#@]/, '');
    if (tag) set(tag, true);
    change(() => (tagTyped = ''));
  };
  return html`
    <form class="words" @submit=${added}>
      <input
        aria-label="New tag"
        placeholder="Find or add a tag"
        autocomplete="off"
        dir="auto"
        .value=${live(tagTyped)}
        @input=${(/** @type {any} */ { target }) => change(() => (tagTyped = target.value))}
      />
    </form>
    <div class="menu" role="group" aria-label="Tags">
      ${tagsLike(tagTyped).map(
        ({ name }) =>
          html`<button type="button" role="checkbox" aria-checked=${isOn(name)} @click=${() => set(name, !isOn(name))}>
            ${icon('hash')}<span dir="auto">${name}</span>${isOn(name) ? icon('check', 'chosen') : nothing}
          </button>`,
      )}
    </div>
  `;
}

/** @param {string} text */
function tagsLike(text) {
  const typed = folded(text.trim().replace(/^[#@]/, ''));
  return allTags().filter(({ name }) => folded(name).includes(typed));
}

/**
 * @param {Task} task
 * @param {string} tag
 * @param {boolean} isOn
 */
function tagged(task, tag, isOn) {
  const others = task.tags.filter((each) => folded(each) !== folded(tag));
  if (isOn !== others.length < task.tags.length) edit(task, { tags: isOn ? [...task.tags, tag] : others });
}
