/**
 * Going to the field for new tasks, or opening one.
 *
 * @import { TaskChanges } from '../../types.d.ts'
 */
import { longDay } from '../../core/dates.js';
import { html, nothing } from '../../vendor/lit.js';
import { openDialog } from '../pieces/dialog.js';
import { icon } from '../pieces/icon.js';
import { addForm } from './add.js';
import { addsWith } from './add-text.js';

/**
 * In a dialog; on a phone it is at the foot, above the keys.
 *
 * @param {TaskChanges} [fields] of the task, in place of those that it gets here
 */
export function openAdd(fields) {
  const due = fields?.due ? html`<p class="quiet">${icon('calendar')}${longDay(fields.due)}</p>` : nothing;
  addsWith(fields);
  openDialog('New task', () => html`${due}${addForm(true)}`, { kind: 'sheet add-sheet', onClose: () => addsWith() });
  field('#dialog .add textarea')?.focus();
}

/** @param {string} selector */
const field = (selector) => /** @type {HTMLTextAreaElement | null} */ (document.querySelector(selector));

export function focusAdd() {
  const input = field('.pane .add textarea');
  if (input?.offsetParent) input.focus();
  else openAdd();
}
