/** Bringing tasks in, and taking everything along. */
import { download } from '../../../account/account.js';
import { downloadTasksAs } from '../../../account/export.js';
import { state } from '../../../core/store.js';
import { html } from '../../../vendor/lit.js';
import { button, progress } from '../../pieces/controls.js';
import { importSection } from './import.js';

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
    ${importSection()}
  `;
}

/**
 * @param {string} label
 * @param {'csv' | 'md'} kind
 */
const made = (label, kind) =>
  html`<button type="button" ?disabled=${!state.isWhole} @click=${() => downloadTasksAs(kind)}>${label}</button>`;
