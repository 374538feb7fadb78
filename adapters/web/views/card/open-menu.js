/** @import { Task } from '../../types.d.ts' */
import { opened } from '../../core/later.js';

/**
 * @param {Pick<MouseEvent, 'currentTarget'>} event
 * @param {Task[]} tasks
 * @param {boolean} [isOpen] as a card
 */
export function openTaskMenu({ currentTarget }, tasks, isOpen = false) {
  const at = /** @type {Element} */ (currentTarget);
  return opened(
    () => import('./task-menu.js'),
    ({ taskMenu }) => taskMenu(at, tasks, isOpen),
  );
}
