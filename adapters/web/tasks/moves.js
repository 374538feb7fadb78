/**
 * Order by hand, and from day to day.
 *
 * @import { Task } from '../types.d.ts'
 */
import { dayWords, timeOf, within } from '../core/dates.js';
import { tell } from '../core/notices.js';
import { edit } from './edits.js';
import { enqueue } from './outbox.js';
import { dayFor } from './plan.js';
import { undoable, undoLast } from './undo.js';

/**
 * Shown at a place of its own making until the server has told the right one.
 *
 * @param {Task} task
 * @param {number} otherId
 * @param {'before' | 'after'} side
 * @param {Task[]} siblings in their order
 */
export function moveBeside(task, otherId, side, siblings) {
  const others = siblings.filter(({ id }) => id !== task.id);
  const at = others.findIndex(({ id }) => id === otherId) + Number(side === 'after');
  const position = between(others[at - 1]?.position ?? '', others[at]?.position ?? '');
  const shows = [{ id: task.id, changes: { position } }];
  const request = {
    method: 'PATCH',
    path: `/api/tasks/${task.id}`,
    target: task.id,
    shows,
    refused: 'The task was not moved.',
  };
  undoable(`Moved “${task.title}”`, enqueue({ ...request, body: { [`${side}_id`]: otherId } }));
}

/**
 * It keeps its hour. What stands on its day by its start alone, or by a start after its due day, starts later.
 *
 * @param {Task} task
 * @param {string} day
 */
export function moveToDay(task, day) {
  const { due, start } = task;
  if (dayFor(task) === day) return;
  const isByStart = start === dayFor(task);
  edit(task, { ...(due && { due: dueOn(day, due) }), ...(isByStart && { start: day }) });
  tell(`Scheduled for ${within(dayWords(day))}: ${task.title}`, { label: 'Undo', run: undoLast });
}

/**
 * @param {string} day
 * @param {string | null | undefined} due whose hour is kept
 */
export const dueOn = (day, due) => (due && timeOf(due) ? `${day}T${timeOf(due)}` : day);

/**
 * @param {string} low
 * @param {string} high empty: there is none
 */
function between(low, high) {
  if (!high) return `${low}z`;
  if (!low) return String.fromCharCode(high.charCodeAt(0) - 1);
  return [`${low}V`, `${low}1`, `${low}01`].find((key) => key < high) ?? `${low}V`;
}
