/** Bringing tasks in, and taking everything along. */
import { download, importTasks } from '../../account/account.js';
import { downloadTasksAs } from '../../account/export.js';
import { state } from '../../core/store.js';
import { html } from '../../vendor/lit.js';
import { button, progress } from '../pieces/controls.js';
import { icon } from '../pieces/icon.js';

export function data() {
  return html`
    <section>
      <h2>Export</h2>
      <p class="row-of-buttons">
        ${button('Tasks as JSON', () => download('/api/users/me/export', 'tasks.json'))} ${made('Tasks as CSV', 'csv')}
        ${made('Tasks as Markdown', 'md')}
        ${button('Everything', () => download('/api/auth/me/export', 'tasktalk.json'))}
        ${progress(state.busy.has('tasks.json') || state.busy.has('tasktalk.json'))}
      </p>
      <p class="quiet">“Everything” has the conversations and the log of changes, too.</p>
    </section>
    <section>
      <h2>Import</h2>
      <p class="quiet">JSON as exported here, or CSV as Todoist exports a project.</p>
      <label class="file-button">
        ${icon('upload')}<span>Choose a file</span>
        <input
          type="file"
          accept=".json,.csv"
          aria-label="A file of tasks"
          @change=${chosen}
          ?disabled=${state.busy.has('import')}
        />
      </label>
      ${progress(state.busy.has('import'))}
    </section>
  `;
}

/**
 * @param {string} label
 * @param {'csv' | 'md'} kind
 */
const made = (label, kind) =>
  html`<button type="button" ?disabled=${!state.isWhole} @click=${() => downloadTasksAs(kind)}>${label}</button>`;

/** @param {Event} event */
async function chosen(event) {
  const input = /** @type {HTMLInputElement} */ (event.currentTarget);
  if (input.files?.[0]) await importTasks(input.files[0]);
  input.value = '';
}
