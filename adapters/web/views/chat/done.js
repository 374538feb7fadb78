/**
 * What the assistant did: the very tasks, as they are by now, with one "Undo". So the transcript stays true whatever
 * happens to them later.
 *
 * @import { ShownMessage, Task } from '../../types.d.ts'
 */
import { undo } from '../../chat/chat.js';
import { counted } from '../../core/text.js';
import { complete } from '../../tasks/edits.js';
import { taskOf } from '../../tasks/shown.js';
import { html, nothing } from '../../vendor/lit.js';
import { check } from '../list/row.js';
import { goToTask } from '../list/go.js';
import { meta } from '../list/meta.js';

const READS = new Set(['list_tasks', 'list_lists', 'get_task']);
const MOST = 6;

/** @param {ShownMessage} message */
export function done(message) {
  const ids = changedBy(message);
  if (!ids.length) return nothing;
  const tasks = ids.slice(0, MOST).map((id) => taskOf(id));
  return html`
    <div class="did">
      <ul aria-label="What it changed">
        ${tasks.map((task, at) => (task ? line(task) : gone(ids[at])))}
        ${ids.length > MOST ? html`<li class="gone">and ${ids.length - MOST} more</li>` : nothing}
      </ul>
      <footer>
        <span>${message.undone ? 'Undone' : `${counted(ids.length, 'task')} changed`}</span>
        ${
          message.undone || message.state === 'running'
            ? nothing
            : html`<button type="button" class="link-button" @click=${() => undo(message)}>Undo</button>`
        }
      </footer>
    </div>
  `;
}

/**
 * @param {ShownMessage} message
 * @returns {number[]}
 */
function changedBy({ parts }) {
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
  <li class="task ${task.completed ? 'completed' : ''} ${task.deleted_at ? 'deleted' : ''}">
    ${check(task, () => complete([task], !task.completed), { isTabbable: true })}
    <div class="text">
      <button type="button" class="title" dir="auto" @click=${() => goToTask(task)}>${task.title}</button>
      <div class="meta">${task.deleted_at ? html`<span>In the trash</span>` : meta(task)}</div>
    </div>
  </li>
`;
