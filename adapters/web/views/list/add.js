/** The field for new tasks. It is free for the next one at once; what is refused comes back to it. */
import { draft } from '../../core/drafts.js';
import { atMost, TITLE } from '../../core/lengths.js';
import { change, state } from '../../core/store.js';
import { add } from '../../tasks/edits.js';
import { freshFields } from '../../tasks/places.js';
import { html, live } from '../../vendor/lit.js';
import { asked, openDialog } from '../pieces/dialog.js';
import { icon } from '../pieces/icon.js';
import { linesHere } from './list.js';
import { reveal } from './virtual.js';

const DRAFT = 'new-task';
const titleFits = atMost(TITLE);

export function addForm() {
  return html`
    <form class="add" @submit=${submitted}>
      ${icon('plus')}
      <input
        name="title"
        aria-label="New task"
        placeholder="Add a task"
        aria-keyshortcuts="a q"
        autocomplete="off"
        enterkeyhint="done"
        dir="auto"
        .value=${live(state.drafts[DRAFT] ?? '')}
        @input=${typed}
        @paste=${pasted}
        required
      />
      <button class="add-button">Add</button>
    </form>
  `;
}

/** On a phone: at the foot, above the keys. */
export function openAdd() {
  openDialog('New task', addForm, { kind: 'sheet add-sheet' });
  requestAnimationFrame(() => requestAnimationFrame(() => field('#dialog .add input')?.focus()));
}

/** @param {Event} event */
function typed(event) {
  titleFits(event);
  draft(DRAFT, /** @type {HTMLInputElement} */ (event.currentTarget).value);
}

/** @param {SubmitEvent} event */
function submitted(event) {
  event.preventDefault();
  const title = (state.drafts[DRAFT] ?? '').trim();
  if (!title) return;
  draft(DRAFT, '');
  addOne(title);
}

/**
 * @param {string} title
 * @param {string | null} [description]
 */
async function addOne(title, description) {
  const added = add({ ...freshFields(), title, ...(description && { description }) });
  const line = linesHere().find(({ task }) => task?.id === state.outbox.at(-1)?.creates);
  if (line) reveal(linesHere(), line.key);
  if (!(await added) && !state.drafts[DRAFT]) draft(DRAFT, title);
}

/** Several lines are several tasks, or one with notes: the person says which. @param {ClipboardEvent} event */
async function pasted(event) {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  const lines = text.split(/\r?\n/).map(plain).filter(Boolean);
  if (lines.length < 2) return;
  event.preventDefault();
  const given = await asked(`Add ${lines.length} tasks?`, () => choices(lines));
  if (given?.answer === 'many') for (const line of lines) addOne(line);
  if (given?.answer === 'one') addOne(lines[0], lines.slice(1).join('\n'));
  field('.add input')?.focus();
}

/** @param {string[]} lines */
const choices = (lines) => html`
  <ul class="preview">
    ${lines.slice(0, 6).map((line) => html`<li dir="auto">${line}</li>`)}
  </ul>
  ${lines.length > 6 ? html`<p class="quiet">and ${lines.length - 6} more</p>` : ''}
  <footer>
    <button type="submit" value="no">Cancel</button>
    <button type="submit" value="one">One task with notes</button>
    <button type="submit" value="many" class="primary" autofocus>Add ${lines.length} tasks</button>
  </footer>
`;

/** @param {string} line without the mark that it has in a list elsewhere */
const plain = (line) => line.replace(/^\s*(?:[-*+•]\s+(?:\[[ x]?\]\s+)?|\d+[.)]\s+)?/i, '').trim();

/** @param {string} selector */
const field = (selector) => /** @type {HTMLInputElement | null} */ (document.querySelector(selector));

export function focusAdd() {
  const input = field('.pane .add input');
  if (input?.offsetParent) input.focus();
  else openAdd();
  change(() => {});
}
