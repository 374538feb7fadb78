/** Choosing a file of tasks, and saying yes to what would come of it. */
import { importTasks, previewImport } from '../../../account/import.js';
import { state } from '../../../core/store.js';
import { counted } from '../../../core/text.js';
import { html, nothing } from '../../../vendor/lit.js';
import { progress } from '../../pieces/controls.js';
import { asked, cancel } from '../../pieces/dialog.js';
import { icon } from '../../pieces/icon.js';

const SHOWN = 8;
const KINDS =
  'Todoist, TickTick, Microsoft To Do, Outlook, Google Tasks, Vikunja, a calendar (.ics), or an export of this page.';

export const importSection = () => html`
  <section>
    <h2>Import</h2>
    <p class="quiet">${KINDS}</p>
    <label class="file-button">
      ${icon('upload')}<span>Choose a file</span>
      <input type="file" aria-label="A file of tasks" @change=${chosen} ?disabled=${state.busy.has('import')} />
    </label>
    ${progress(state.busy.has('import'))}
  </section>
`;

/** @param {Event} event */
async function chosen(event) {
  const input = /** @type {HTMLInputElement} */ (event.currentTarget);
  const [file] = input.files ?? [];
  if (file && (await isWanted(file))) await importTasks(file);
  input.value = '';
}

/** @param {File} file */
async function isWanted(file) {
  const preview = await previewImport(file);
  if (!preview) return false;
  const given = await asked(`Import ${counted(preview.imported, 'task')}?`, () => shown(preview));
  return given?.answer === 'yes';
}

/** @param {any} preview */
const shown = ({
  lists = [],
  notes = [],
  notes_total: total = notes.length,
  skipped = [],
  skipped_total: left = 0,
}) => html`
  <ul class="preview">
    ${lists.map(
      (/** @type {any} */ list) =>
        html`<li dir="auto">
          ${list.name ?? 'Inbox'} <small>${counted(list.tasks, 'task')}${list.new ? ', a new list' : ''}</small>
        </li>`,
    )}
  </ul>
  ${left ? problems(`${counted(left, 'row')} can't be read and stay out`, skipped) : nothing}
  ${total ? problems(`${counted(total, 'thing')} will be kept in another way`, notes) : nothing}
  <footer>
    ${cancel()}
    <button type="submit" value="yes" class="primary" autofocus>Import</button>
  </footer>
`;

/**
 * @param {string} title
 * @param {{ line: number, message: string }[]} all
 */
const problems = (title, all) =>
  html`<details class="details">
    <summary>${title}</summary>
    <ul>
      ${all.slice(0, SHOWN).map(problem)}
    </ul>
  </details>`;

/** @param {{ line: number, message: string }} problem */
const problem = ({ line, message }) => html`<li>${line ? `Line ${line}: ` : ''}<bdi>${message}</bdi></li>`;
