/**
 * The tasks as the person has left them: what is not sent yet lies over what the server has said.
 *
 * @import { Group, Operation, Task, TaskChanges } from '../types.d.ts'
 */
import { derived, state } from '../core/store.js';

const byId = derived(() => {
  const tasks = new Map(state.tasks);
  const waiting = [...state.foreign, ...state.outbox];
  const unnumbered = waiting.filter(isUnnumbered);
  for (const [id, arrived] of state.arriving) if (unnumbered.some(({ at }) => at <= arrived)) tasks.delete(id);
  for (const operation of waiting) if (!operation.held) lay(operation, tasks);
  return tasks;
});

/** @param {Operation} operation that makes a task, which the feed may show before the answer tells its number */
const isUnnumbered = ({ entity, creates }) => Boolean(entity === 'task' && creates && realId(creates) === creates);

/** @returns {Task[]} all that are known, those in the trash too */
export const allTasks = derived(() => [...byId().values()]);

/** @param {number} id a task that got its number just now is found by its old one too */
export const taskOf = (id) => byId().get(realId(id));

/** @param {number} id */
export function realId(id) {
  for (const [real, temporary] of state.aliases) if (temporary === id) return real;
  return id;
}

/** @param {number} id the same before and after the server has numbered the task: rows keep their place by it */
export const keyOf = (id) => state.aliases.get(id) ?? id;

/** Children by parent, in their order. */
export const childrenOf = derived(() => {
  /** @type {Map<number, Task[]>} */
  const children = new Map();
  for (const task of allTasks())
    if (task.parent_id && !task.deleted_at)
      children.set(task.parent_id, [...(children.get(task.parent_id) ?? []), task]);
  for (const group of children.values()) group.sort(inOrder);
  return children;
});

/**
 * @param {Task} one
 * @param {Task} other by hand where that is known; a new one comes last
 */
export function inOrder(one, other) {
  const [left, right] = [one.position ?? '', other.position ?? ''];
  if (left && right && left !== right) return left < right ? -1 : 1;
  if (Boolean(left) !== Boolean(right)) return left ? -1 : 1;
  return age(one) - age(other);
}

/**
 * @param {Task} one
 * @param {Task} other
 */
export const newestFirst = (one, other) => age(other) - age(one);

/** @param {Task} task those without a number yet are newer than all */
const age = ({ id }) => (id < 0 ? Number.MAX_SAFE_INTEGER / 2 - id : id);

/**
 * @param {Operation} operation
 * @param {Map<number, Task>} tasks
 */
function lay({ entity, shows, creates, at }, tasks) {
  if (entity !== 'task') return;
  for (const { id: shown, changes } of shows) {
    const id = realId(shown);
    const task = tasks.get(id) ?? (shown === creates ? blank(id, at) : undefined);
    if (task) tasks.set(id, { ...task, ...changes, id });
  }
}

/**
 * @param {number} id
 * @param {string} at
 * @returns {Task}
 */
function blank(id, at) {
  return /** @type {any} */ ({
    ...{ id, title: '', description: null, completed: false, revision: 0, user_id: '', created_at: at, updated_at: at },
    ...{ deleted_at: null, completed_at: null, list_id: null, parent_id: null, position: '', priority: null, tags: [] },
    ...{ start: null, due: null, deadline: null, recurrence: null, recurs_from: 'due', estimate: null },
    reminders: [],
  });
}

/**
 * @param {Task} task
 * @param {TaskChanges} changes
 * @returns {Partial<Task>} what it was where `changes` differ
 */
export const before = (task, changes) =>
  Object.fromEntries(Object.keys(changes).map((name) => [name, /** @type {any} */ (task)[name] ?? null]));

/** @param {Task} task one that is done stays for a moment, so that one sees it done, and while it is written in */
export const isOpen = ({ id, completed, deleted_at }) =>
  !deleted_at && (!completed || state.leaving.has(id) || state.open === id);

/**
 * @param {string} [title]
 * @param {Task[]} [tasks]
 * @param {Partial<Group>} [more]
 * @returns {Group}
 */
export const group = (title = '', tasks = [], more = {}) => ({ key: title, title, tasks, ...more });

/**
 * @param {(task: Task) => boolean} matches
 * @param {(one: Task, other: Task) => number} [order]
 */
export const tasksWhere = (matches, order = inOrder) => allTasks().filter(matches).sort(order);

const inConflict = derived(() => new Map(state.outbox.filter(({ held }) => held).map((each) => [each.target, each])));

/**
 * @param {number} id
 * @returns {Operation | undefined} what waits for a decision
 */
export const conflictOf = (id) => inConflict().get(id);
