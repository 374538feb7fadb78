/**
 * To where a task is, with it open.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { visit } from '../../core/router.js';
import { addressOf } from '../../tasks/places.js';
import { openCard } from '../card/open.js';
import { linesHere } from './list.js';
import { reveal } from './virtual.js';

/** @param {Task} task */
export function goToTask(task) {
  const address = addressOf(task);
  if (location.pathname !== address) visit(address);
  showTask(task);
}

/** @param {Task} task in the list that is shown */
export function showTask(task) {
  openCard(task.id);
  const line = linesHere().find((each) => each.task?.id === task.id);
  if (line) reveal(linesHere(), line.key);
}
