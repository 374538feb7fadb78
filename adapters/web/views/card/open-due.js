/**
 * The pickers of days, which are fetched when the first one is opened.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { opened } from '../../core/later.js';

const IDLE_MS = 2000;
const fetch = () => import('./due-picker.js');

setTimeout(() => fetch().catch(() => {}), IDLE_MS); // what is typed behind a key is meant for what that opens

/**
 * @param {Element} anchor
 * @param {Task[]} tasks
 */
export const openDuePicker = (anchor, tasks) => opened(fetch, (pickers) => pickers.openDuePicker(anchor, tasks));

/**
 * @param {Element} anchor
 * @param {Task} task
 * @param {'start' | 'deadline'} field
 */
export const openDayPicker = (anchor, task, field) =>
  opened(fetch, (pickers) => pickers.openDayPicker(anchor, task, field));
