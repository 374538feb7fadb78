/**
 * What the assistant did: the very tasks, as they are by now, with one "Undo". So the transcript stays true whatever
 * happens to them later.
 *
 * @typedef {{ id: number, title: string, verb: string }} Deed
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
/** With one of these, a tool's message says what became of a task; after all others, it was changed. */
const VERB = /^(Added|Completed|Reopened|Moved|Deleted|Restored)\b/;
/** Answers whose tasks are shown all. @type {Set<string>} */
const opened = new Set();

/** @param {ShownMessage} message */
export function done(message) {
  const deeds = deedsOf(message);
  if (!deeds.length) return nothing;
  const shown = opened.has(message.id) ? deeds : deeds.slice(0, MOST);
  const rest = deeds.length - shown.length;
  return html`
    <div class="did">
      <ul aria-label="What it changed">
        ${shown.map(lineOf)} ${rest ? more(rest, message) : nothing}
      </ul>
      <footer>
        <span>${message.undone ? 'Undone' : told(deeds)}</span>
        ${
          message.undone || message.state === 'running'
            ? nothing
            : html`<button type="button" class="link-button" @click=${() => undo(message)}>Undo</button>`
        }
      </footer>
    </div>
  `;
}

/** @param {Deed[]} deeds @returns {string} such as "3 tasks moved, 1 deleted" */
function told(deeds) {
  const verbs = deeds.map(({ verb }) => verb);
  const counts = [...new Set(verbs)].map((verb) => ({ verb, count: verbs.filter((each) => each === verb).length }));
  return counts.map(({ verb, count }, at) => `${at ? count : counted(count, 'task')} ${verb}`).join(', ');
}

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

/** @param {Deed} deed */
function lineOf(deed) {
  const task = taskOf(deed.id);
  return task ? line(task) : gone(deed);
}

/** @param {ShownMessage} message */
export const changedBy = (message) => deedsOf(message).map(({ id }) => id);

/**
 * @param {ShownMessage} message
 * @returns {Deed[]} one for each task: the last, but what was added stays so, whatever it was given afterwards
 */
function deedsOf({ parts }) {
  /** @type {Map<number, Deed>} */
  const deeds = new Map();
  for (const part of parts) {
    if (part.kind !== 'call' || !part.result?.success || READS.has(part.tool)) continue;
    for (const deed of deedsIn(part.result.data, part.result.message))
      deeds.set(deed.id, deeds.get(deed.id)?.verb === 'added' ? { ...deed, verb: 'added' } : deed);
  }
  return [...deeds.values()];
}

/**
 * @param {any} data of a tool: a task, or several
 * @param {string} said with it
 * @returns {Deed[]}
 */
function deedsIn(data, said) {
  if (Array.isArray(data)) return data.flatMap((each) => deedsIn(each, said));
  if (data?.tasks || data?.results) return deedsIn(data.tasks ?? data.results, said);
  if (data?.task) return deedsIn(data.task, data.message ?? said);
  const id = data?.id ?? data?.task_id;
  return typeof id === 'number'
    ? [{ id, title: data.title, verb: VERB.exec(said)?.[1].toLowerCase() ?? 'changed' }]
    : [];
}

/** It may be in the trash, which is here only when somebody has looked into it. @param {Deed} deed */
const gone = ({ id, title }) =>
  html`<li class="gone"><bdi>${title ? `“${title}”` : `Task ${id}`}</bdi> is deleted.</li>`;

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
