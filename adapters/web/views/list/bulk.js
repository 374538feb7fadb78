/**
 * What the bar of chosen tasks offers beside completing and deleting.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { state } from '../../core/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { openDuePicker } from '../card/open-due.js';
import { openListMenu, openPriorityMenu, openTagPicker } from '../card/field-menus.js';
import { iconButton } from '../pieces/icon.js';

/** @param {Task[]} tasks */
export const bulkActions = (tasks) => html`
  ${action('calendar', 'Schedule', 't', openDuePicker, tasks)}
  ${state.lists.size ? action('inbox', 'Move to a list', 'v', openListMenu, tasks) : nothing}
  ${action('hash', 'Tags', 'y', openTagPicker, tasks)} ${action('flag', 'Priority', 'p', openPriorityMenu, tasks)}
`;

/**
 * @param {string} image
 * @param {string} label
 * @param {string} key
 * @param {(anchor: Element, tasks: Task[]) => void} open
 * @param {Task[]} tasks
 */
const action = (image, label, key, open, tasks) =>
  iconButton(image, label, (event) => open(/** @type {Element} */ (event.currentTarget), tasks), { key });
