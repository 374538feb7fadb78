/**
 * Order by hand.
 *
 * @import { Task } from '../types.d.ts'
 */
import { enqueue } from './outbox.js';
import { undoable } from './undo.js';

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
 * @param {string} low
 * @param {string} high empty: there is none
 */
function between(low, high) {
  if (!high) return `${low}z`;
  if (!low) return String.fromCharCode(high.charCodeAt(0) - 1);
  return [`${low}V`, `${low}1`, `${low}01`].find((key) => key < high) ?? `${low}V`;
}
