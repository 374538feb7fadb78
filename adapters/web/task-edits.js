/**
 * What a user does to tasks: shown at once, sent, and taken back with a word where the server refuses.
 *
 * @import { Task, TaskChanges } from './types.d.ts'
 */
import { ApiError, call, newKey } from './api.js';
import { tell, tellFailure } from './notices.js';
import { change } from './store.js';
import { TASKS, take } from './tasks.js';

/** @type {Promise<unknown>} */
let before = Promise.resolve();

/**
 * One after the other, as tasks are numbered in the order they come.
 *
 * @param {string} title
 * @returns {Promise<boolean>} whether it was added
 */
export function add(title) {
  const key = newKey();
  change((state) => state.adding.unshift({ key, title }));
  const added = before.then(() => addNow(key, title));
  before = added;
  return added;
}

/**
 * @param {string} key
 * @param {string} title
 */
async function addNow(key, title) {
  try {
    take(await call('POST', TASKS, { body: { title }, key }), null);
    return true;
  } catch (error) {
    tellFailure(`“${title}” was not added.`, error);
    return false;
  } finally {
    change((state) => (state.adding = state.adding.filter((each) => each.key !== key)));
  }
}

/**
 * @param {Task} task as the user saw it: what somebody else has changed since is not overwritten
 * @param {TaskChanges} changes
 * @returns {Promise<boolean>} whether it was saved
 */
export function edit(task, changes) {
  const headers = { 'If-Match': `"${task.revision}"` };
  return edited(task, changes, 'The change was not saved.', () => call('PATCH', one(task), { body: changes, headers }));
}

/**
 * @param {Task} task
 * @param {boolean} completed
 */
export async function complete(task, completed) {
  const path = `${one(task)}/${completed ? 'complete' : 'uncomplete'}`;
  const saved = await edited(task, { completed }, 'The task was not changed.', () => call('PATCH', path));
  if (saved && completed) tell(`Done: ${task.title}`, { label: 'Undo', run: () => complete(task, false) });
}

/** @param {Task} task */
export async function remove(task) {
  const gone = { deleted_at: new Date().toISOString() };
  const removed = await edited(task, gone, 'The task was not deleted.', () =>
    call('DELETE', one(task)).catch(unlessGone),
  );
  if (removed) tell(`Deleted: ${task.title}`, { label: 'Undo', run: () => restore(task) });
}

/** @param {Task} task */
export function restore(task) {
  return edited(task, { deleted_at: null }, 'The task was not restored.', () =>
    call('POST', `${one(task)}/restore`, { key: newKey() }),
  );
}

/**
 * @param {Task} task
 * @param {object} changes
 * @param {string} refused what to say where the server refuses
 * @param {() => Promise<any>} send
 */
async function edited(task, changes, refused, send) {
  change((state) => state.edits.set(task.id, { ...state.edits.get(task.id), ...changes }));
  try {
    settle(task, await send());
    return true;
  } catch (error) {
    change((state) => state.edits.delete(task.id));
    if (error instanceof ApiError && error.task) take(error.task);
    tellFailure(refused, error);
    return false;
  }
}

/**
 * Where the answer is not the task, the feed brings it, and until then it is shown as the user left it.
 *
 * @param {Task} task
 * @param {any} answer
 */
function settle(task, answer) {
  if (!answer?.revision) return;
  take(answer);
  change((state) => state.edits.delete(task.id));
}

/** @param {unknown} error it may have been deleted by the first try, whose answer was lost */
function unlessGone(error) {
  if (!(error instanceof ApiError && error.status === 404)) throw error;
}

/** @param {Task} task */
const one = (task) => `/api/tasks/${task.id}`;
