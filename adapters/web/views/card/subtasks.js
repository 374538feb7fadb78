/**
 * The steps of a task: checked here, opened like any other, and added one after the other.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { draft } from '../../core/drafts.js';
import { atMost, TITLE } from '../../core/lengths.js';
import { drawNow, state } from '../../core/store.js';
import { linked } from '../../core/text.js';
import { add, complete } from '../../tasks/edits.js';
import { childrenOf, keyOf } from '../../tasks/shown.js';
import { html, live, repeat } from '../../vendor/lit.js';
import { check } from '../list/row.js';
import { meta } from '../list/meta.js';
import { icon } from '../pieces/icon.js';
import { openCard } from './open.js';

const titleFits = atMost(TITLE);

/** @param {Task} task */
export function subtasks(task) {
  const children = childrenOf().get(task.id) ?? [];
  return html`
    <div class="subtasks">
      <ul aria-label="Subtasks">
        ${repeat(
          children,
          ({ id }) => keyOf(id),
          (each) => child(each, task),
        )}
      </ul>
      <form class="add-subtask" @submit=${(/** @type {SubmitEvent} */ event) => added(event, task)}>
        ${icon('plus')}
        <input
          name="title"
          aria-label="New subtask"
          placeholder="Add a subtask"
          autocomplete="off"
          dir="auto"
          .value=${live(state.drafts[draftOf(task)] ?? '')}
          @input=${(/** @type {Event} */ event) => written(event, task)}
          required
        />
      </form>
    </div>
  `;
}

/**
 * @param {Task} task
 * @param {Task} parent whose title and list go without saying
 */
const child = (task, parent) => html`
  <li class="subtask ${task.completed ? 'completed' : ''}">
    ${check(task, () => complete([task], !task.completed), { isTabbable: true })}
    <div class="text">
      <span class="title" dir="auto">${linked(task.title)}</span>
      <div class="meta">
        ${meta({ ...task, parent_id: null, list_id: task.list_id === parent.list_id ? null : task.list_id })}
      </div>
    </div>
    <button type="button" class="link-button" aria-label="Open: ${task.title}" @click=${() => openCard(task.id)}>
      ${icon('chevron-right')}
    </button>
  </li>
`;

/** What is not added yet is there when the card is opened again. @param {Task} parent */
const draftOf = (parent) => `subtask:${keyOf(parent.id)}`;

/**
 * @param {Event} event
 * @param {Task} parent
 */
function written(event, parent) {
  titleFits(event);
  draft(draftOf(parent), /** @type {HTMLInputElement} */ (event.currentTarget).value);
}

/**
 * @param {SubmitEvent} event
 * @param {Task} parent
 */
function added(event, parent) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const title = String(new FormData(form).get('title')).trim();
  if (title) add({ title, parent_id: parent.id, list_id: parent.list_id ?? null });
  draft(draftOf(parent), '');
  drawNow(); // what is typed from now on is the next step
}
