/** What a user does with the account as a whole. */
import { changePassword, download, eraseAccount, importTasks, saveProfile } from '../account.js';
import { HERE, signOut } from '../session.js';
import { state } from '../store.js';
import { html, nothing } from '../vendor/lit.js';
import { button, currentPassword, field, newPassword, progress, submitted, whose } from './controls.js';

const WEEK_STARTS = [
  ['monday', 'Monday'],
  ['sunday', 'Sunday'],
  ['saturday', 'Saturday'],
];

export function account() {
  return html`
    <main class="sheet">
      <h1>Account</h1>
      <p>
        ${state.user?.email}
        ${state.user?.email_confirmed ? nothing : html`<small>Not confirmed yet</small>`}
      </p>
      ${profile()} ${take()} ${bring()} ${password()} ${leave()}
    </main>
  `;
}

function profile() {
  const first = state.user?.week_start;
  return html`
    <h2>You</h2>
    <form @submit=${submitted(kept)}>
      ${field('Name', 'name', { value: state.user?.name ?? '', autocomplete: 'name', required: false })}
      ${field('Time zone', 'timezone', { value: state.user?.timezone, list: 'zones' })}
      <datalist id="zones">${zones().map((zone) => html`<option value=${zone}></option>`)}</datalist>
      <label class="field"
        ><span>A week begins on</span>
        <select name="week_start">
          ${WEEK_STARTS.map(([day, label]) => html`<option value=${day} ?selected=${day === first}>${label}</option>`)}
        </select></label
      >
      <button>Save</button>
    </form>
  `;
}

/** @param {Record<string, string>} values */
async function kept({ name, timezone, week_start }) {
  await saveProfile({ name, timezone, week_start });
  return false;
}

/** Older browsers have no list: there a zone is typed. */
const zones = () => ('supportedValuesOf' in Intl ? [HERE, ...Intl.supportedValuesOf('timeZone')] : [HERE]);

function take() {
  return html`
    <h2>Take it along</h2>
    <p>
      ${button('Download my tasks', () => download('/api/users/me/export', 'tasks.json'))}
      ${button('Download everything', () => download('/api/auth/me/export', 'tasktalk.json'))}
      ${progress(state.busy.has('tasks.json') || state.busy.has('tasktalk.json'))}
    </p>
  `;
}

function bring() {
  return html`
    <h2>Bring tasks in</h2>
    <label class="field">
      <span>A file of tasks: JSON as downloaded here, or CSV as Todoist exports a project</span>
      <input type="file" accept=".json,.csv" @change=${chosen} ?disabled=${state.busy.has('import')} />
    </label>
    ${progress(state.busy.has('import'))}
  `;
}

/** @param {Event} event */
async function chosen(event) {
  const input = /** @type {HTMLInputElement} */ (event.currentTarget);
  if (input.files?.[0]) await importTasks(input.files[0]);
  input.value = '';
}

function password() {
  return html`
    <h2>Password</h2>
    <form @submit=${submitted(change)}>
      ${whose(state.user?.email)} ${currentPassword('Current password', 'current')}
      ${newPassword('New password', 'next')}
      <label class="field"
        ><span>Your API tokens and webhooks</span>
        <select name="programs">
          <option value="keep">go on</option>
          <option value="end">end, too</option>
        </select></label
      >
      <button>Change password</button>
    </form>
  `;
}

/** @param {Record<string, string>} values */
function change({ current, next, programs }) {
  const ending = { end_tokens_and_webhooks: programs === 'end' };
  return changePassword({ current_password: current, new_password: next, ...ending });
}

function leave() {
  return html`
    <h2>Leave</h2>
    <p>
      ${button('Sign out', () => signOut('signout'))}
      ${button('Sign out everywhere', () => signOut('signout-everywhere'))}
    </p>
    <details>
      <summary>Erase my account</summary>
      <form @submit=${submitted(({ password }) => eraseAccount(password))}>
        <p>With everything in it, at once and for good. Download it first.</p>
        ${whose(state.user?.email)} ${currentPassword('Password', 'password')}
        <button class="danger">Erase it</button>
      </form>
    </details>
  `;
}
