/** Pieces that several views are made of. */
import { atMost, PASSWORD } from '../lengths.js';
import { html, nothing } from '../vendor/lit.js';

const passwordFits = atMost(PASSWORD);

/**
 * @param {string} label
 * @param {() => unknown} run
 * @param {string} [kind] a class
 */
export function button(label, run, kind = '') {
  return html`<button type="button" class=${kind} @click=${run}>${label}</button>`;
}

/**
 * @param {string} label
 * @param {boolean} isPressed
 * @param {() => unknown} run
 */
export function pressed(label, isPressed, run) {
  return html`<button type="button" aria-pressed=${isPressed} @click=${run}>${label}</button>`;
}

/**
 * @param {string} label
 * @param {string} name
 * @param {{ type?: string, value?: string, autocomplete?: string, minlength?: number, hint?: string,
 *   list?: string, required?: boolean }} [options]
 */
export function field(label, name, options = {}) {
  const { type = 'text', value = '', autocomplete = 'off', minlength, hint, list, required = true } = options;
  return html`
    <label class="field">
      <span>${label}</span>
      <input
        name=${name}
        type=${type}
        value=${value}
        autocomplete=${autocomplete}
        minlength=${minlength ?? nothing}
        @input=${type === 'password' ? passwordFits : nothing}
        list=${list ?? nothing}
        ?required=${required}
      />
      ${hint ? html`<small>${hint}</small>` : nothing}
    </label>
  `;
}

/**
 * @param {string} label
 * @param {string} name
 */
export function newPassword(label, name) {
  const hint = 'At least 8 characters.';
  return field(label, name, { type: 'password', autocomplete: 'new-password', minlength: 8, hint });
}

/**
 * @param {string} label
 * @param {string} name
 */
export function currentPassword(label, name) {
  return field(label, name, { type: 'password', autocomplete: 'current-password' });
}

/** @param {string | null | undefined} email whose password is asked for: password managers look for it */
export function whose(email) {
  return html`<input hidden readonly autocomplete="username" value=${email ?? ''} />`;
}

/**
 * Hands over what a form holds, and empties the form where that was taken.
 *
 * @param {(values: Record<string, string>, form: HTMLFormElement) => unknown} take false: it was not taken
 * @returns {(event: SubmitEvent) => Promise<void>}
 */
export function submitted(take) {
  return async (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const values = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
    if ((await take(values, form)) !== false) form.reset();
  };
}

/** @param {boolean} isAtWork */
export function progress(isAtWork) {
  return isAtWork ? html`<progress aria-label="Under way"></progress>` : nothing;
}
