/**
 * What can be done with a task, or with several.
 *
 * @import { MenuItem, Task } from '../../types.d.ts'
 */
import { tell } from '../../core/notices.js';
import { complete, remove } from '../../tasks/edits.js';
import { openMenu } from '../pieces/popover.js';
import { toggle } from '../list/selection.js';
import { showActivity } from './activity.js';
import { openCard } from './open.js';

/**
 * @param {Pick<MouseEvent, 'currentTarget'>} event
 * @param {Task[]} tasks
 * @param {boolean} [isOpen] as a card
 */
export function taskMenu(event, tasks, isOpen = false) {
  const [task] = tasks;
  /** @type {MenuItem[]} */
  const items = [
    ...(isOpen ? [] : [{ label: 'Open', icon: 'pencil', key: 'Enter', run: () => openCard(task.id) }]),
    {
      label: task.completed ? 'Reopen' : 'Complete',
      icon: 'circle-check',
      key: 'e',
      run: () => complete(tasks, !task.completed),
    },
    { label: 'Choose', icon: 'list-todo', key: 'x', run: () => toggle(task.id) },
    { label: 'Copy link', icon: 'copy', run: () => copyLink(task) },
    ...(isOpen ? [{ label: 'Activity', icon: 'history', run: () => showActivity(task.id) }] : []),
    { line: true },
    { label: 'Delete', icon: 'trash-2', key: 'Del', isDangerous: true, run: () => remove(tasks) },
  ];
  openMenu(event, items, 'Task');
}

/** @param {Task} task */
async function copyLink({ id }) {
  try {
    await navigator.clipboard.writeText(`${location.origin}/task/${id}`);
    tell('The link is copied.');
  } catch {
    tell('This browser does not let a page copy.');
  }
}
