/**
 * What a person does to tasks: shown at once, sent by the outbox, and undone by a word, or by Ctrl Z.
 *
 * @import { Task, TaskChanges } from '../types.d.ts'
 */
import { tell } from '../core/notices.js';
import { change, changeData, state } from '../core/store.js';
import { amend, enqueue, temporaryId } from './outbox.js';
import { TASKS } from './replica.js';
import { before, taskOf } from './shown.js';
import { undoable } from './undo.js';

/** How long a completed task stays in its place, so that one sees it done. */
export const LEAVING_MS = 900;
const MOST_IN_A_BATCH = 100;

/**
 * @param {TaskChanges} fields with a title
 * @returns {Promise<Task | null>} null: it was refused
 */
export function add(fields) {
  const id = temporaryId();
  const shows = [{ id, changes: fields }];
  const refused = `“${fields.title}” was not added.`;
  const answered = enqueue({ method: 'POST', path: TASKS, body: fields, creates: id, target: id, shows, refused });
  undoable(`Added “${fields.title}”`, answered);
  return answered;
}

/**
 * The server reads the line itself, and makes the list that it names.
 *
 * @param {string} text
 * @param {TaskChanges} shown what a dry run has told of it
 * @returns {Promise<any>}
 */
export function quickAdd(text, shown) {
  const id = temporaryId();
  const shows = [{ id, changes: { ...shown, id, revision: 0 } }];
  const request = { method: 'POST', path: `${TASKS}/quick-add`, body: { text }, creates: id, target: id, shows };
  const answered = enqueue({ ...request, refused: `“${shown.title}” was not added.` });
  undoable(`Added “${shown.title}”`, answered);
  return answered;
}

/**
 * @param {Task} task as the person saw it: what somebody else has changed since is not overwritten
 * @param {TaskChanges} changes
 */
export function edit(task, changes) {
  const waiting = state.outbox.findLast((each) => each.target === task.id && !each.isSent);
  const shows = [{ id: task.id, changes }];
  if (waiting?.isEdit && !waiting.held && setsReminders(waiting.body) === setsReminders(changes))
    return extend(waiting, changes);
  const base = before(task, changes);
  const request = { method: 'PATCH', path: one(task), body: changes, target: task.id, shows };
  const ifMatch = task.revision || undefined;
  const answered = enqueue({ ...request, ifMatch, base, isEdit: true, refused: 'The change was not saved.' });
  undoable(`Changed “${task.title}”`, answered);
  return answered;
}

/**
 * Reminders are sent by themselves: if they are over by then, nothing else is refused with them.
 *
 * @param {unknown} changes
 */
const setsReminders = (changes) => 'reminders' in /** @type {object} */ (changes);

/**
 * @param {import('../types.d.ts').Operation} operation is not sent yet: it says more from now on
 * @param {TaskChanges} changes
 */
function extend(operation, changes) {
  const body = { .../** @type {object} */ (operation.body), ...changes };
  const base = {
    ...before(state.tasks.get(operation.target ?? 0) ?? /** @type {any} */ ({}), changes),
    ...operation.base,
  };
  amend(operation, { body, base, shows: [{ id: operation.target ?? 0, changes: body }] });
  return Promise.resolve(null);
}

/**
 * @param {Task[]} tasks
 * @param {boolean} isCompleted
 */
export function complete(tasks, isCompleted) {
  if (isCompleted) stayAWhile(tasks);
  const op = isCompleted ? 'complete' : 'uncomplete';
  const told = isCompleted ? 'Completed' : 'Reopened';
  const send = () => each(tasks, op, { completed: isCompleted }, 'PATCH', `/${op}`, 'not changed');
  offerUndo(told, tasks, send());
}

/** @param {Task[]} tasks */
export function remove(tasks) {
  const changes = { deleted_at: new Date().toISOString() };
  offerUndo('Deleted', tasks, each(tasks, 'delete', changes, 'DELETE', '', 'not deleted'));
}

/** @param {Task[]} tasks */
export function restore(tasks) {
  offerUndo('Restored', tasks, each(tasks, 'restore', { deleted_at: null }, 'POST', '/restore', 'not restored'));
}

/**
 * @param {Task[]} tasks
 * @param {TaskChanges} changes the same for all
 * @param {string} told such as "Moved"
 */
export function editAll(tasks, changes, told) {
  if (tasks.length === 1) return edit(tasks[0], changes);
  return offerUndo(
    told,
    tasks,
    batch(tasks, (task) => ({ op: 'update', id: task.id, ...changes }), changes),
  );
}

/**
 * @param {Task[]} tasks
 * @param {string} op of a batch
 * @param {object} changes
 * @param {string} method for one task
 * @param {string} path behind the task's
 * @param {string} refused
 */
function each(tasks, op, changes, method, path, refused) {
  if (tasks.length > 1 || op === 'delete') return batch(tasks, ({ id }) => ({ op, id }), changes);
  const [task] = tasks;
  const request = { method, path: one(task) + path, target: task.id, shows: [{ id: task.id, changes }] };
  return enqueue({ ...request, refused: `“${task.title}” was ${refused}.` });
}

/**
 * @param {Task[]} tasks
 * @param {(task: Task) => object} operation
 * @param {object} changes
 */
function batch(tasks, operation, changes) {
  const answers = [];
  for (let start = 0; start < tasks.length; start += MOST_IN_A_BATCH) {
    const part = tasks.slice(start, start + MOST_IN_A_BATCH);
    const shows = part.map(({ id }) => ({ id, changes }));
    const body = { operations: part.map(operation) };
    answers.push(
      enqueue({ method: 'POST', path: `${TASKS}/batch`, body, shows, refused: 'The tasks were not changed.' }),
    );
  }
  return answers.length === 1 ? answers[0] : Promise.all(answers);
}

/**
 * @param {string} told
 * @param {Task[]} tasks
 * @param {Promise<any>} answered
 */
function offerUndo(told, tasks, answered) {
  const [{ title }] = tasks;
  const what = tasks.length === 1 ? title : `${tasks.length} tasks`;
  const run = undoable(`${told} ${tasks.length === 1 ? `“${title}”` : what}`, answered);
  tell(`${told}: ${what}`, { label: 'Undo', run });
  return answered;
}

/** @param {Task[]} tasks */
function stayAWhile(tasks) {
  const until = Date.now() + LEAVING_MS;
  changeData((state) => tasks.forEach(({ id }) => state.leaving.set(id, until)));
  setTimeout(
    () =>
      changeData((state) => {
        for (const [id, end] of state.leaving) if (end <= Date.now()) state.leaving.delete(id);
      }),
    LEAVING_MS + 20,
  );
}

/** @param {number | null} id of the task that is open as a card; null: none is */
export function isStillThere(id) {
  const task = id === null ? undefined : taskOf(id);
  return Boolean(task && !task.deleted_at);
}

export function clearSelection() {
  change((state) => (state.selected = new Set()));
}

/** @param {Task} task */
const one = (task) => `/api/tasks/${task.id}`;
