/**
 * The lists of tasks as the server has them: pages of them, and what changes meanwhile.
 *
 * @import { Filter, List, Task, TaskPage, TaskState } from './types.d.ts'
 */
import { call } from './api.js';
import { change, state } from './store.js';

export const TASKS = '/api/users/me/tasks';
const PAGE = 50;

/** @type {Record<Filter, (task: TaskState) => boolean>} */
const BELONGS = {
  pending: (task) => !task.deleted_at && !task.completed,
  completed: (task) => !task.deleted_at && task.completed,
  all: (task) => !task.deleted_at,
  trashed: (task) => Boolean(task.deleted_at),
};

/** @param {Filter} filter */
export function showList(filter) {
  change((state) => Object.assign(state, { filter, editing: null, most: 0 }));
  showMore();
}

/** Another page's worth of the list that is shown, from the server if it is not here already. */
export function showMore() {
  change((state) => (state.most += PAGE));
  return shownTasks().length < state.most ? load() : undefined;
}

async function load() {
  const { filter } = state;
  const list = state.lists[filter];
  if (list?.state === 'loading' || list?.cursor === null) return;
  setList(filter, { state: 'loading' });
  try {
    const cursor = list?.cursor ? `&cursor=${list.cursor}` : '';
    append(filter, await call('GET', `${TASKS}?status=${filter}&limit=${PAGE}${cursor}`));
  } catch {
    setList(filter, { state: 'failed' });
  }
}

/**
 * @param {Filter} filter
 * @param {TaskPage} page
 */
function append(filter, { tasks, total, next_cursor: cursor }) {
  const floor = cursor === null ? 0 : tasks[tasks.length - 1].id;
  setList(filter, { total, cursor, floor, state: 'here' });
  change((state) => tasks.filter(isNewer).forEach((task) => state.tasks.set(task.id, task)));
}

/**
 * @param {Filter} filter
 * @param {Partial<List>} values
 */
function setList(filter, values) {
  const before = state.lists[filter] ?? { total: 0, floor: Infinity, cursor: '', state: 'loading' };
  change((state) => (state.lists[filter] = { ...before, ...values }));
}

/** @param {Task} task */
const isNewer = (task) => task.revision > (state.tasks.get(task.id)?.revision ?? 0);

/**
 * Takes in a task as it is now, from wherever it comes first; a second time, and in any order, does no harm.
 *
 * @param {Task} task
 * @param {TaskState | null} [before] null: it is new; undefined: it is only taken in where it is known already
 */
export function take(task, before) {
  const known = state.tasks.get(task.id) ?? before;
  if (known === undefined || !isNewer(task)) return;
  change((state) => {
    state.tasks.set(task.id, task);
    state.edits.delete(task.id);
  });
  recount(known, task);
}

/** @param {number} id of a task that the server no longer has */
export function drop(id) {
  const known = state.tasks.get(id);
  change((state) => state.tasks.delete(id));
  recount(known ?? null, null);
}

/**
 * @param {TaskState | null} before
 * @param {TaskState | null} after
 */
function recount(before, after) {
  for (const [filter, list] of Object.entries(state.lists)) {
    const belongs = BELONGS[/** @type {Filter} */ (filter)];
    list.total += Number(Boolean(after && belongs(after))) - Number(Boolean(before && belongs(before)));
  }
}

/** @returns {Task[]} newest first, as the user has changed them, no further than was loaded; what is edited stays */
export function shownTasks() {
  const floor = state.lists[state.filter]?.floor ?? Infinity;
  return [...state.tasks.values()]
    .filter((task) => task.id >= floor)
    .map((task) => (state.edits.has(task.id) ? { ...task, ...state.edits.get(task.id) } : task))
    .filter((task) => BELONGS[state.filter](task) || task.id === state.editing?.id)
    .sort((one, other) => other.id - one.id);
}

/** Everything is asked for anew. */
export function reloadTasks() {
  change((state) => Object.assign(state, { tasks: new Map(), lists: {}, most: 0 }));
  return showMore();
}
