/**
 * The field for new tasks. It is free for the next one at once; what is refused comes back to it.
 *
 * @import { TaskChanges } from '../../types.d.ts'
 */
import { longDay } from '../../core/dates.js';
import { draft } from '../../core/drafts.js';
import { atMost, TITLE } from '../../core/lengths.js';
import { state } from '../../core/store.js';
import { html, live, nothing } from '../../vendor/lit.js';
import { openDialog } from '../pieces/dialog.js';
import { icon } from '../pieces/icon.js';
import { addsWith, addText, DRAFT } from './add-text.js';
import { pasted } from './add-lines.js';
import { mirror, readMarks, unmark } from './marks.js';

const titleFits = atMost(TITLE);

export function addForm() {
  const text = state.drafts[DRAFT] ?? '';
  return html`
    <form class="add" @submit=${submitted}>
      ${icon('plus')}
      <div class="add-field">
        ${mirror(text)}
        <textarea
          name="title"
          aria-label="New task"
          placeholder="Add a task"
          aria-keyshortcuts="a q"
          autocomplete="off"
          enterkeyhint="done"
          rows="1"
          dir="auto"
          .value=${live(text)}
          @focus=${() => readMarks(text)}
          @input=${typed}
          @keydown=${pressed}
          @paste=${pasted}
        ></textarea>
      </div>
      <button class="add-button" ?disabled=${!text.trim()}>Add</button>
    </form>
  `;
}

/**
 * In a dialog; on a phone it is at the foot, above the keys.
 *
 * @param {TaskChanges} [fields] of the task, in place of those that it gets here
 */
export function openAdd(fields) {
  const due = fields?.due ? html`<p class="quiet">${icon('calendar')}${longDay(fields.due)}</p>` : nothing;
  addsWith(fields);
  openDialog('New task', () => html`${due}${addForm()}`, { kind: 'sheet add-sheet', onClose: () => addsWith() });
  field('#dialog .add textarea')?.focus();
}

/** @param {Event} event */
function typed(event) {
  titleFits(event);
  const { value } = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
  draft(DRAFT, value);
  readMarks(value);
}

/** @param {KeyboardEvent} event Backspace behind a marked word makes it text again */
function pressed(event) {
  const input = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
  if (event.key === 'Backspace' && unmark(input)) event.preventDefault();
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  input.form?.requestSubmit();
}

/** @param {SubmitEvent} event */
function submitted(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  if (form.reportValidity()) addText(state.drafts[DRAFT] ?? '');
}

/** @param {string} selector */
const field = (selector) => /** @type {HTMLTextAreaElement | null} */ (document.querySelector(selector));

export function focusAdd() {
  const input = field('.pane .add textarea');
  if (input?.offsetParent) input.focus();
  else openAdd();
}
