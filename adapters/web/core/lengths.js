/** How long a text may be: counted as the server does, in code points, where `maxlength` counts UTF-16 units. */

export const TITLE = 500;
export const DESCRIPTION = 16_000;
export const MESSAGE = 5_000;
export const PASSWORD = 128;

/**
 * For a field's `input` event. The browser then keeps the form and says why; nothing that is pasted is cut.
 *
 * @param {number} longest
 * @returns {(event: Pick<Event, 'currentTarget'>) => void}
 */
export function atMost(longest) {
  return ({ currentTarget }) => {
    const field = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (currentTarget);
    const text = field.type === 'password' ? field.value : field.value.trim();
    const surplus = [...text].length - longest;
    field.setCustomValidity(surplus > 0 ? `${surplus} too many: at most ${longest} characters fit.` : '');
  };
}
