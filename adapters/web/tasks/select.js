/**
 * Choosing tasks for a place.
 *
 * @import { Group, Task } from '../types.d.ts'
 */
import { state } from '../core/store.js';
import { allTasks, inOrder } from './shown.js';

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
