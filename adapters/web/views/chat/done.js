/**
 * What the assistant did: the very tasks, as they are by now, with one "Undo". So the transcript stays true whatever
 * happens to them later.
 *
 * @import { ShownMessage, Task } from '../../types.d.ts'
 */
import { undo } from '../../chat/chat.js';
import { focusOn } from '../../core/focus.js';
import { change } from '../../core/store.js';
import { counted } from '../../core/text.js';
import { complete } from '../../tasks/edits.js';
import { taskOf } from '../../tasks/shown.js';
import { html, nothing } from '../../vendor/lit.js';
import { check } from '../list/row.js';
import { goToTask } from '../list/go.js';
import { meta } from '../list/meta.js';
import { button } from '../pieces/controls.js';

const READS = new Set(['list_tasks', 'list_lists', 'get_task']);
const MOST = 6;
/** Answers whose tasks are shown all. @type {Set<string>} */
const opened = new Set();

/** @param {ShownMessage} message */
export function done(message) {
  const ids = changedBy(message);
  if (!ids.length) return nothing;
  const shown = opened.has(message.id) ? ids : ids.slice(0, MOST);
  const rest = ids.length - shown.length;
  return html`
    <div class="did">
      <ul aria-label="What it changed">
        ${shown.map(lineOf)} ${rest ? more(rest, message) : nothing}
      </ul>
      <footer>
        <span>${message.undone ? 'Undone' : `${counted(ids.length, 'task')} ${deed(message)}`}</span>
        ${
          message.undone || message.state === 'running'
            ? nothing
            : html`<button type="button" class="link-button" @click=${() => undo(message)}>Undo</button>`
        }
      </footer>
    </div>
  `;
}

/** @param {ShownMessage} message */
const deed = ({ parts }) =>
  parts.every((part) => part.kind !== 'call' || part.tool === 'add_task' || READS.has(part.tool)) ? 'added' : 'changed';

/**
 * @param {number} rest
 * @param {ShownMessage} message
 */
const more = (rest, message) =>
  html`<li class="rest">${button(`and ${rest} more`, () => open(message), 'link-button')}</li>`;

/** @param {ShownMessage} message whose tasks are shown all, the first of the others under the focus */
function open(message) {
  change(() => opened.add(message.id));
  const rest = changedBy(message).slice(MOST);
  focusOn(`.did [data-of="${rest[0]}"] .check`);
}

/** @param {number} id */
function lineOf(id) {
  const task = taskOf(id);
  return task ? line(task) : gone(id);
}

/**
 * @param {ShownMessage} message
 * @returns {number[]}
 */
export function changedBy({ parts }) {
  const ids = parts.flatMap((part) =>
    part.kind === 'call' && part.result?.success && !READS.has(part.tool) ? idsIn(part.result.data) : [],
  );
  return [...new Set(ids)];
}

/**
 * @param {any} data of a tool: a task, or several
 * @returns {number[]}
 */
function idsIn(data) {
  if (Array.isArray(data)) return data.flatMap(idsIn);
  if (data?.tasks || data?.results) return idsIn(data.tasks ?? data.results);
  if (data?.task) return idsIn(data.task);
  return typeof data?.id === 'number' ? [data.id] : typeof data?.task_id === 'number' ? [data.task_id] : [];
}

/** @param {number} id */
const gone = (id) => html`<li class="gone">Task ${id} is deleted for good.</li>`;

/** @param {Task} task */
const line = (task) => html`
  <li class="task ${task.completed ? 'completed' : ''} ${task.deleted_at ? 'deleted' : ''}" data-of=${task.id}>
    ${check(task, () => complete([task], !task.completed), { isTabbable: true })}
    <div class="text">
      <button type="button" class="title" dir="auto" @click=${() => goToTask(task)}>${task.title}</button>
      <div class="meta">${task.deleted_at ? html`<span>In the trash</span>` : meta(task)}</div>
    </div>
  </li>
`;
