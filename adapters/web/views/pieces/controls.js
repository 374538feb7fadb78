/** Pieces that several views are made of. */
import { atMost, PASSWORD } from '../../core/lengths.js';
import { change } from '../../core/store.js';
import { html, live, nothing } from '../../vendor/lit.js';

const passwordFits = atMost(PASSWORD);

/**
 * @param {string} label
 * @param {(event: MouseEvent) => unknown} run
 * @param {string} [kind] a class
 */
export function button(label, run, kind = '') {
  return html`<button type="button" class=${kind} @click=${run}>${label}</button>`;
}

/**
 * @param {string} label
 * @param {string} name
 * @param {{ type?: string, value?: string, autocomplete?: string, minlength?: number, hint?: string,
 *   list?: string, required?: boolean, autofocus?: boolean }} [options]
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
        dir=${type === 'text' ? 'auto' : nothing}
        ?required=${required}
        ?autofocus=${options.autofocus}
      />
      ${hint ? html`<small>${hint}</small>` : nothing}
      <small class="wrong" role="alert"></small>
    </label>
  `;
}

/**
 * @param {string} label
 * @param {string} name
 * @param {boolean} [autofocus]
 */
export function newPassword(label, name, autofocus = false) {
  const hint = 'At least 8 characters.';
  return field(label, name, { type: 'password', autocomplete: 'new-password', minlength: 8, hint, autofocus });
}

/**
 * @param {string} label
 * @param {string} name
 * @param {boolean} [autofocus]
 */
export function currentPassword(label, name, autofocus = false) {
  return field(label, name, { type: 'password', autocomplete: 'current-password', autofocus });
}

/** @param {string | null | undefined} email whose password is asked for: password managers look for it */
export function whose(email) {
  return html`<input hidden readonly autocomplete="username" value=${email ?? ''} />`;
}

/**
 * One of a few, each to be seen.
 *
 * @param {string} label
 * @param {string} name
 * @param {[string, string][]} options value and what is read
 * @param {string} value
 * @param {(value: string) => void} [pick]
 */
export function choice(label, name, options, value, pick) {
  return html`
    <fieldset class="choice">
      <legend>${label}</legend>
      <div>
        ${options.map(
          ([each, word]) =>
            html`<label
              ><input
                type="radio"
                name=${name}
                value=${each}
                ?checked=${each === value}
                .checked=${pick ? live(each === value) : each === value}
                @change=${() => pick?.(each)}
              /><span>${word}</span></label
            >`,
        )}
      </div>
    </fieldset>
  `;
}

/**
 * On or off, at once.
 *
 * @param {string} label
 * @param {boolean} isOn
 * @param {(isOn: boolean) => unknown} set
 * @param {{ hint?: string, disabled?: boolean }} [options]
 */
export function toggle(label, isOn, set, { hint = '', disabled = false } = {}) {
  const changed = async (/** @type {Event} */ event) => {
    await set(/** @type {HTMLInputElement} */ (event.currentTarget).checked);
    change(() => {}); // what was refused is shown as it is
  };
  return html`<label class="toggle">
    <input
      type="checkbox"
      role="switch"
      aria-label=${label}
      .checked=${live(isOn)}
      ?disabled=${disabled}
      @change=${changed}
    />
    <span>${label}${hint ? html`<small>${hint}</small>` : nothing}</span>
  </label>`;
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
