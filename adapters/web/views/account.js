/** What a user does with the account as a whole. */
import { changePassword, download, eraseAccount, importTasks } from '../account.js';
import { signOut } from '../session.js';
import { state } from '../store.js';
import { html } from '../vendor/lit.js';
import { button, currentPassword, newPassword, progress, submitted, whose } from './controls.js';

export function account() {
  return html`
    <main class="sheet">
      <h1>Account</h1>
      <p>${state.user?.email}</p>
      ${take()} ${bring()} ${password()} ${leave()}
    </main>
  `;
}

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
      <button>Change password</button>
    </form>
  `;
}

/** @param {Record<string, string>} values */
const change = ({ current, next }) => changePassword({ current_password: current, new_password: next });

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
