/**
 * A task in place: the row becomes a card. It saves as one goes.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { later } from '../../core/later.js';
import { atMost, TITLE } from '../../core/lengths.js';
import { complete } from '../../tasks/edits.js';
import { conflictOf, taskOf } from '../../tasks/shown.js';
import { html, live, nothing } from '../../vendor/lit.js';
import { check } from '../list/row.js';
import { icon, iconButton } from '../pieces/icon.js';
import { activity } from './activity.js';
import { chips } from './chips.js';
import { notes } from './notes.js';
import { closeCard, leaveField, openCard, write, writtenIn } from './open.js';
import { subtasks } from './subtasks.js';
import { openTaskMenu } from './open-menu.js';

const conflicts = later(() => import('./conflict.js'));
const titleFits = atMost(TITLE);

/**
 * @param {Task} task
 * @param {string} key
 */
export function card(task, key) {
  return html`
    <li
      class="task card ${task.completed ? 'completed' : ''}"
      id="task-${task.id}"
      data-key=${key}
      data-id=${task.id}
      @keydown=${keys}
    >
      ${check(task, () => complete([task], !task.completed), { isTabbable: true })}
      <textarea
        class="card-title"
        aria-label="Title"
        rows="1"
        dir="auto"
        .value=${live(writtenIn(task, 'title'))}
        @input=${(/** @type {InputEvent} */ event) => titleTyped(event, task)}
        @keydown=${enterLeaves}
        @blur=${leaveField}
      ></textarea>
      <div class="card-tools">
        ${iconButton('ellipsis', 'More', (event) => openTaskMenu(event, [task], true))}
        ${iconButton('x', 'Close', closeCard, { key: 'Esc' })}
      </div>
      <div class="card-body">
        ${parent(task)} ${conflictOf(task.id) ? conflicts()?.conflict(task) : nothing} ${notes(task)} ${subtasks(task)}
        ${chips(task)} ${activity(task)}
      </div>
      ${writtenIn(task, 'title').trim() ? nothing : html`<p class="wrong" role="alert">A task needs a title.</p>`}
    </li>
  `;
}

/** @param {Task} task */
function parent({ parent_id: id }) {
  const task = id ? taskOf(id) : undefined;
  if (!task || task.deleted_at) return nothing;
  return html`<button type="button" class="link-button parent" @click=${() => openCard(task.id)}>
    ${icon('chevron-left')}<span class="unseen">Part of</span> <span dir="auto">${task.title}</span>
  </button>`;
}

/**
 * @param {InputEvent} event
 * @param {Task} task a title is one line
 */
function titleTyped(event, task) {
  titleFits(event);
  const { value } = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
  write(task.id, 'title', value.replace(/\s*\n\s*/g, ' '));
}

/** @param {KeyboardEvent} event */
function enterLeaves(event) {
  if (event.key !== 'Enter' || event.isComposing || event.shiftKey) return;
  event.preventDefault();
  closeCard();
}

/** @param {KeyboardEvent} event */
function keys(event) {
  const leaves = event.key === 'Escape' || (event.key === 'Enter' && (event.metaKey || event.ctrlKey));
  if (!leaves || event.isComposing || event.defaultPrevented) return;
  event.preventDefault();
  event.stopPropagation();
  closeCard();
}
