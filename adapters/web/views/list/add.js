/** The field for new tasks. It is free for the next one at once; what is refused comes back to it. */
import { draft } from '../../core/drafts.js';
import { deferred, whenHere } from '../../core/later.js';
import { state } from '../../core/store.js';
import { html, live, nothing } from '../../vendor/lit.js';
import { icon } from '../pieces/icon.js';

export const DRAFT = 'new-task';

export function addForm(isInDialog = false) {
  const text = state.drafts[DRAFT] ?? '';
  const { chosen, shown } = deferred.here()?.offers(isInDialog) ?? {};
  return html`
    <form class="add" @submit=${submitted}>
      ${icon('plus')}
      <div class="add-field">
        ${deferred.here()?.mirror(text)}
        <textarea
          name="title"
          aria-label="New task"
          placeholder="Add a task"
          aria-keyshortcuts="a q"
          aria-autocomplete="list"
          aria-controls=${chosen ? 'offers' : nothing}
          aria-activedescendant=${chosen || nothing}
          autocomplete="off"
          enterkeyhint="done"
          rows="1"
          dir="auto"
          .value=${live(text)}
          @focus=${read}
          @blur=${() => deferred.here()?.offerNothing()}
          @input=${typed}
          @keydown=${pressed}
          @paste=${(/** @type {ClipboardEvent} */ event) => deferred.here()?.pasted(event)}
        ></textarea>
      </div>
      <button class="add-button" ?disabled=${!text.trim()}>Add</button>
      ${shown}
    </form>
  `;
}

/** @param {Event} event */
function typed(event) {
  const field = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
  draft(DRAFT, field.value);
  deferred.here()?.offerFor(field);
  read(event);
}

/** @param {Event} event */
function read({ currentTarget }) {
  whenHere(({ readLine }) => readLine(/** @type {HTMLTextAreaElement} */ (currentTarget)));
}

/** @param {KeyboardEvent} event Backspace behind a marked word makes it text again */
function pressed(event) {
  const input = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
  if (deferred.here()?.choosesOffer(event)) return;
  if (event.key === 'Backspace' && deferred.here()?.unmark(input)) event.preventDefault();
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  input.form?.requestSubmit();
}

/** @param {SubmitEvent} event */
function submitted(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  if (form.reportValidity()) whenHere(({ addText }) => addText(state.drafts[DRAFT] ?? ''));
}
