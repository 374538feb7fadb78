/**
 * Questions to the person, in the browser's own modal `<dialog>`: the focus stays within, and Escape leaves.
 *
 * @typedef {Record<string, FormDataEntryValue>} Values
 * @import { Failure } from '../../types.d.ts'
 */
import { change, drawNow, state } from '../../core/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { button } from './controls.js';
import { iconButton } from './icon.js';

const dialogElement = () => /** @type {HTMLDialogElement | null} */ (document.getElementById('dialog'));

/**
 * @param {string} label
 * @param {() => import('../../vendor/lit.js').Rendered} content
 * @param {{ kind?: string, onClose?: () => void }} [options]
 */
export function openDialog(label, content, { kind = '', onClose } = {}) {
  state.dialog?.onClose?.();
  change((state) => (state.dialog = { label, content, kind, onClose }));
  drawNow();
}

export function closeDialog() {
  dialogElement()?.close();
}

/** No submit button, as the first of those is what Enter in a field presses. */
export const cancel = () => button('Cancel', closeDialog);

/**
 * @param {string} question
 * @param {{ label: string, text?: string, isDangerous?: boolean }} answer
 * @returns {Promise<boolean>}
 */
export async function confirmed(question, { label, text = '', isDangerous = false }) {
  const content = () => html`
    ${text ? html`<p class="quiet">${text}</p>` : nothing}
    <footer>
      ${cancel()}
      <button type="submit" value="yes" class=${isDangerous ? 'danger-fill' : 'primary'} autofocus>${label}</button>
    </footer>
  `;
  return (await asked(question, content))?.answer === 'yes';
}

/**
 * @param {string} question
 * @param {{ value?: string, label: string }} field
 * @returns {Promise<string>} empty: nothing was given
 */
export async function askedFor(question, { value = '', label }) {
  const content = () => html`
    <input name="text" aria-label=${question} .value=${value} autocomplete="off" dir="auto" autofocus required />
    <footer>
      ${cancel()}
      <button type="submit" value="yes" class="primary">${label}</button>
    </footer>
  `;
  const given = await asked(question, content);
  return given?.answer === 'yes' ? String(given.text ?? '').trim() : '';
}

/**
 * @param {string} question
 * @param {(wrong: Failure | null) => unknown} content of a form
 * @param {(values: Values) => Promise<Failure | null>} [refused] where it says why, the form stays as it was filled in
 * @returns {Promise<Values | null>} what it holds, and which button was pressed as `answer`
 */
export function asked(question, content, refused) {
  return new Promise((resolve) => {
    /** @type {Values | null} */
    let given = null;
    /** @type {Failure | null} */
    let wrong = null;
    let isSent = false;
    const submitted = async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      if (isSent) return;
      const values = valuesOf(event);
      change(() => (isSent = true));
      wrong = refused ? await refused(values) : null;
      isSent = false;
      if (state.dialog?.content !== form) return; // it was left meanwhile
      if (wrong) return change(() => {});
      given = values;
      closeDialog();
    };
    const form = () =>
      html`<form class="question" aria-busy=${isSent} @submit=${submitted}>
        <h2>${question}</h2>
        ${content(wrong)}
      </form>`;
    openDialog(question, form, { onClose: () => resolve(given) });
  });
}

/** @param {SubmitEvent} event @returns {Values} */
function valuesOf({ currentTarget, submitter }) {
  const form = /** @type {HTMLFormElement} */ (currentTarget);
  const pressed = /** @type {HTMLButtonElement | null} */ (submitter);
  return { ...Object.fromEntries(new FormData(form)), answer: pressed?.value || 'yes' };
}

export function dialog() {
  const { dialog } = state;
  return html`<dialog
    id="dialog"
    class=${dialog?.kind ?? ''}
    aria-label=${dialog?.label ?? nothing}
    @close=${closed}
    @click=${besideIt}
  >
    ${dialog?.content() ?? nothing}
  </dialog>`;
}

/** @param {string} title */
export const dialogHead = (title) =>
  html`<header class="dialog-head">
    <h2>${title}</h2>
    ${iconButton('x', 'Close', closeDialog)}
  </header>`;

/** The browser tells it a moment later: by then, the next one may be open. */
function closed() {
  if (dialogElement()?.open) return;
  const onClose = state.dialog?.onClose;
  change((state) => (state.dialog = null));
  onClose?.();
}

/** @param {MouseEvent} event */
function besideIt(event) {
  if (event.target === event.currentTarget) closeDialog();
}

/** After each drawing. */
export function placeDialog() {
  const element = dialogElement();
  if (!state.dialog || !element || element.open) return;
  element.showModal();
  /** @type {HTMLElement | null} */ (element.querySelector('[autofocus]'))?.focus();
}
