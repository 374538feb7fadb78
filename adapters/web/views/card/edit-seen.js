/**
 * An edit after which a task may stand elsewhere: where it goes is told, and can be undone there and then.
 *
 * @import { Task, TaskChanges } from '../../types.d.ts'
 */
import { tell } from '../../core/notices.js';
import { editAll } from '../../tasks/edits.js';
import { shownTasks } from '../../tasks/places.js';
import { undoLast } from '../../tasks/undo.js';

/**
 * @param {Task[]} tasks
 * @param {TaskChanges} changes the same for all
 * @param {string} told of several, such as "Moved"
 * @param {string} where one went, such as "Moved to Home"
 */
export function editSeen(tasks, changes, told, where) {
  const [{ id, title }] = tasks;
  const isSeen = () => shownTasks().some((task) => task.id === id);
  const wasSeen = isSeen();
  const answered = editAll(tasks, changes, told);
  if (tasks.length === 1 && wasSeen && !isSeen()) tell(`${where}: ${title}`, { label: 'Undo', run: undoLast });
  return answered;
}
