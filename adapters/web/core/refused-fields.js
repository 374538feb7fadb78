/**
 * What a field lacks is told in our words and under it, or below the list where it has no room for that, and not in a
 * bubble of the browser's.
 */
import { tell } from './notices.js';

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

/** @param {Event} event */
function refused(event) {
  event.preventDefault();
  const field = /** @type {Field} */ (event.target);
  const room = roomUnder(field);
  if (room) room.textContent = wordsFor(field);
  else if (!field.validity.valueMissing) tell(field.validationMessage);
  field.dataset.refused = '';
  if (field.form?.querySelector(':is(input, textarea):invalid') === field) field.focus();
}

/** @param {Event} event */
function written({ target }) {
  const field = /** @type {Field} */ (target);
  const room = 'refused' in field.dataset && roomUnder(field);
  if (room) room.textContent = '';
  delete field.dataset.refused;
}

/** @param {Field} field */
const roomUnder = (field) => field.closest('label')?.querySelector('.wrong');

/** @param {Field} field */
function wordsFor({ validity, validationMessage, minLength, type }) {
  if (validity.valueMissing) return 'This is needed.';
  if (validity.tooShort) return `Use at least ${minLength} characters.`;
  return validity.typeMismatch && type === 'email' ? 'Write it like ann@example.com.' : validationMessage;
}

document.addEventListener('invalid', refused, { capture: true });
document.addEventListener('input', written, { capture: true });
