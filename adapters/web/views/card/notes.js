/**
 * Notes in Markdown: shown as they are meant, and as they are written while one writes.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { focusOn } from '../../core/focus.js';
import { atMost, DESCRIPTION } from '../../core/lengths.js';
import { markdown } from '../../core/markdown.js';
import { change } from '../../core/store.js';
import { guard, html, live } from '../../vendor/lit.js';
import { iconButton } from '../pieces/icon.js';
import { leaveField, write, writtenIn } from './open.js';

const descriptionFits = atMost(DESCRIPTION);
let writes = 0;

/** @param {Task} task */
export function notes(task) {
  const text = writtenIn(task, 'description');
  return text && writes !== task.id ? preview(task, text) : editor(task, text);
}

/**
 * @param {Task} task
 * @param {string} text
 */
function preview(task, text) {
  return html`<div class="notes">
    <div class="text" dir="auto" @click=${(/** @type {MouseEvent} */ event) => pressed(event, task)}>
      ${guard([text, markdown('')], () => markdown(text))}
    </div>
    ${iconButton('pencil', 'Edit notes', () => begin(task))}
  </div>`;
}

/**
 * @param {MouseEvent} event
 * @param {Task} task a link is followed
 */
function pressed(event, task) {
  if (!(/** @type {Element} */ (event.target).closest('a')) && !getSelection()?.toString()) begin(task);
}

/** @param {Task} task */
function begin(task) {
  change(() => (writes = task.id));
  focusOn('.card .card-notes');
}

/**
 * @param {Task} task
 * @param {string} text
 */
function editor(task, text) {
  const typed = (/** @type {InputEvent} */ event) => {
    descriptionFits(event);
    write(task.id, 'description', /** @type {HTMLTextAreaElement} */ (event.currentTarget).value);
  };
  const left = () => {
    leaveField();
    change(() => (writes = 0));
  };
  return html`<textarea
    class="card-notes"
    aria-label="Description"
    placeholder="Notes"
    rows="1"
    dir="auto"
    .value=${live(text)}
    @focus=${() => (writes = task.id)}
    @input=${typed}
    @blur=${left}
  ></textarea>`;
}
