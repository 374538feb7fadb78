/** Password, sessions, and leaving for good. */
import { changePassword, eraseAccount } from '../../../account/account.js';
import { state } from '../../../core/store.js';
import { html } from '../../../vendor/lit.js';
import { button, choice, currentPassword, newPassword, submitted, whose } from '../../pieces/controls.js';
import { asked, cancel } from '../../pieces/dialog.js';
import { signOutSafely } from '../sign-out.js';

/** @type {[string, string][]} */
const PROGRAMS = [
  ['keep', 'Keep working'],
  ['end', 'End, too'],
];

export function security() {
  return html`
    <section>
      <h2>Password</h2>
      <form @submit=${submitted(change)}>
        ${whose(state.user?.email)} ${currentPassword('Current password', 'current')}
        ${newPassword('New password', 'next')} ${choice('Your API tokens and webhooks', 'programs', PROGRAMS, 'keep')}
        <button class="primary">Change password</button>
      </form>
    </section>
    <section>
      <h2>Sessions</h2>
      <p class="quiet">Signing out also removes what this page keeps on this device.</p>
      <p class="row-of-buttons">
        ${button('Sign out', signOutSafely)} ${button('Sign out everywhere', () => signOutSafely('signout-everywhere'))}
      </p>
    </section>
    <section>
      <h2>Delete the account</h2>
      <p class="quiet">Your account with everything in it, at once and for good. Export it first.</p>
      ${button('Erase my account', erase, 'danger')}
    </section>
  `;
}

/** @param {Record<string, string>} values */
function change({ current, next, programs }) {
  const ending = { end_tokens_and_webhooks: programs === 'end' };
  return changePassword({ current_password: current, new_password: next, ...ending });
}

async function erase() {
  const content = () => html`
    <p class="quiet">All tasks and conversations are gone then, and nobody can bring them back.</p>
    ${whose(state.user?.email)} ${currentPassword('Password', 'password', true)}
    <footer>
      ${cancel()}
      <button type="submit" value="yes" class="danger-fill">Erase it</button>
    </footer>
  `;
  const given = await asked('Erase your account?', content);
  if (given?.answer === 'yes') eraseAccount(String(given.password));
}
