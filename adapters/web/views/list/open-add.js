/** Going to the field for new tasks, or opening one. */
import { openDialog } from '../pieces/dialog.js';
import { addForm } from './add.js';

/** On a phone: at the foot, above the keys. */
export function openAdd() {
  openDialog('New task', addForm, { kind: 'sheet add-sheet' });
  field('#dialog .add textarea')?.focus();
}

/** @param {string} selector */
const field = (selector) => /** @type {HTMLTextAreaElement | null} */ (document.querySelector(selector));

export function focusAdd() {
  const input = field('.pane .add textarea');
  if (input?.offsetParent) input.focus();
  else openAdd();
}
