/**
 * The list of the place: its title, the field for new tasks, and rows in groups.
 *
 * @import { Group, PlaceView, Task } from '../../types.d.ts'
 */
import { longDay } from '../../core/dates.js';
import { deferred, whenHere } from '../../core/later.js';
import { change, state } from '../../core/store.js';
import { dayFor } from '../../tasks/plan.js';
import { hereView, isByDay, shownGroups } from '../../tasks/places.js';
import { keyOf, taskOf } from '../../tasks/shown.js';
import { guard, html, nothing, repeat } from '../../vendor/lit.js';
import { icon, iconButton } from '../pieces/icon.js';
import { addForm } from './add.js';
import { row } from './row.js';
import { inSight } from './virtual.js';

/**
 * @typedef {import('./virtual.js').Item & { task?: Task, group: Group, at: number, size: number }} Line
 */

export function list() {
  const view = hereView();
  const lines = linesHere();
  const isEmpty = state.isWhole && !lines.some(({ task }) => task);
  document.title = `${view.title()} · tasktalk`;
  return html`
    <div class="scroller" @click=${leaveCard}>
      <div class="column">
        <header class="head">
          <div class="head-row">
            <h1 tabindex="-1" dir="auto">${view.title()}</h1>
            ${view.ordered ? deferred.here()?.arrangeButton(view) : nothing} ${view.tools?.() ?? nothing}
          </div>
          ${subtitle(view.subtitle?.())}
        </header>
        ${view.fresh ? addForm() : nothing} ${view.above?.() ?? nothing}
        <ul class="list" aria-label=${view.title()} aria-busy=${!state.isWhole}>
          ${repeat(inSight(lines), ({ key }) => key, line)}
        </ul>
        ${isEmpty && view.empty ? empty(view) : nothing}
      </div>
    </div>
    ${deferred.here()?.selectionBar()}
  `;
}

/** What belongs here, and the first step. @param {PlaceView} view */
function empty(view) {
  return html`
    <div class="empty">
      ${icon(view.icon)}
      <p>${view.empty}</p>
      ${view.fresh && !state.tasks.size ? firstSteps() : nothing}
    </div>
  `;
}

const firstSteps = () =>
  html`<p class="quiet">Add a task, or tell the assistant:</p>
    ${deferred.here()?.examples()?.examples()}`;

/** @param {unknown} text */
const subtitle = (text) => (text ? html`<p class="subtitle">${text}</p>` : nothing);

/** @type {{ groups: Group[], open: number | null, lines: Line[], ids: Set<number> }} */
let known = { groups: [], open: null, lines: [], ids: new Set() };

/** @returns {Line[]} headings and tasks in their order */
export function linesHere() {
  const groups = shownGroups();
  if (known.groups !== groups || known.open !== state.open) {
    const lines = [...openElsewhere(), ...groups.flatMap(linesOf)];
    known = { groups, open: state.open, lines, ids: new Set(lines.flatMap(({ task }) => task?.id ?? [])) };
  }
  return known.lines;
}

/** @returns {number | undefined} the task that the Tab key comes to: one row of the list is on its way */
function tabbedTo() {
  const lines = linesHere();
  return state.cursor !== null && known.ids.has(state.cursor) ? state.cursor : lines.find(({ task }) => task)?.task?.id;
}

/**
 * A task that is open and not one of this list, such as a subtask, stands above it.
 *
 * @returns {Line[]}
 */
function openElsewhere() {
  const task = state.open === null ? undefined : taskOf(state.open);
  if (!task || task.deleted_at || shownGroups().some(({ tasks }) => tasks.some(({ id }) => id === task.id))) return [];
  return [{ key: `open ${keyOf(task.id)}`, task, group: { key: 'open', title: '', tasks: [task] }, at: 1, size: 1 }];
}

/**
 * @param {Group} group
 * @returns {Line[]}
 */
function linesOf(group) {
  const tasks = group.tasks.map((task, at) => ({
    key: `${group.key}${keyOf(task.id)}`,
    isHead: false,
    hasMore: Boolean(task.description || task.due || task.list_id || task.parent_id || task.tags?.length),
    task,
    group,
    at: at + 1,
    size: group.tasks.length,
  }));
  const head = { key: `head ${group.key}`, isHead: true, hasMore: false, group, at: 0, size: 0 };
  return group.title ? [head, ...tasks] : tasks;
}

/** @param {Line} line */
function line({ key, task, group, at, size }) {
  if (!task) return heading(key, group);
  const isOpen = state.open === task.id || (state.open !== null && keyOf(task.id) === state.open);
  const card = isOpen && deferred.here()?.card(task, key);
  if (card) return card;
  const where = { key, at, size, isTabbed: tabbedTo() === task.id, day: isByDay() ? dayFor(task) : undefined };
  const seen = [task, state.version, where.isTabbed, at, size, state.selected, state.place];
  return guard(seen, () => row(task, where));
}

/**
 * @param {string} key
 * @param {Group} group
 */
function heading(key, { title, tone = '', tasks, note = '', day, unfold }) {
  return html`<li class="group-head ${tone} ${tasks.length ? '' : 'free'}" data-key=${key} data-day=${day ?? nothing}>
    <h2 dir="auto">${unfold ? unfolder(title, unfold) : title} <span>${note || tasks.length}</span></h2>
    ${day ? adder(day) : nothing}
  </li>`;
}

/** @param {string} day */
const adder = (day) =>
  iconButton('plus', `Add a task on ${longDay(day)}`, () => whenHere(({ openAdd }) => openAdd({ due: day })), {
    kind: 'add-there',
  });

/**
 * @param {string} days
 * @param {() => void} unfold
 */
const unfolder = (days, unfold) =>
  html`<button type="button" aria-expanded="false" @click=${unfold}>${days}${icon('chevron-right')}</button>`;

/** Clicking beside an open task closes it; what was written is saved. @param {MouseEvent} event */
function leaveCard(event) {
  if (state.open === null || /** @type {Element} */ (event.target).closest('.task, button, a, input, textarea, h1'))
    return;
  whenHere(({ closeCard }) => closeCard());
}

/** @param {number} id */
export function setCursor(id) {
  if (state.cursor !== id) change((state) => (state.cursor = id));
}
