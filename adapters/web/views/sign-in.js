/** Before somebody is signed in: four forms, which look alike. */
import { askForReset, resetPassword } from '../account.js';
import { failureOf } from '../notices.js';
import { visit } from '../router.js';
import { enter, signUp } from '../session.js';
import { change, state } from '../store.js';
import { html, nothing } from '../vendor/lit.js';
import { currentPassword, field, newPassword, progress, submitted } from './controls.js';

const AT_WORK = 'sign-in';
const KNOWN = '/#/sign-in';

/**
 * @typedef {object} Form
 * @property {string} title
 * @property {string} label of the button
 * @property {() => unknown} fields
 * @property {(values: Record<string, string>) => Promise<unknown>} take raises what the user is told
 * @property {[string, string][]} links
 */

/** @type {Form} */
const NEWCOMER = {
  title: 'A todo list that you and your assistants share',
  label: 'Create an account',
  fields: () => [email(), newPassword('Password', 'password')],
  take: signUp,
  links: [[KNOWN, 'I have an account']],
};

/** @type {Form} */
const WELCOME = {
  title: 'Welcome back',
  label: 'Sign in',
  fields: () => [email(), currentPassword('Password', 'password')],
  take: (values) => enter('signin', values),
  links: [
    ['/#/', 'Create an account'],
    ['/#/forgot-password', 'I forgot my password'],
  ],
};

/** @type {Form} */
const FORGOT = {
  title: 'A new password',
  label: 'Send me a link',
  fields: () => email(),
  take: async (values) => {
    const link = await askForReset(values.email);
    if (link) visit(`/reset-password${new URL(link).search}`);
  },
  links: [[KNOWN, 'Back']],
};

/** @type {Form} */
const RESET = {
  title: 'A new password',
  label: 'Set it',
  fields: () => newPassword('New password', 'password'),
  take: async (values) => {
    await resetPassword(new URLSearchParams(location.search).get('token') ?? '', values.password);
    visit(KNOWN);
  },
  links: [[KNOWN, 'Back']],
};

export const signIn = () => shown(state.route === 'sign-in' ? WELCOME : NEWCOMER);
export const forgotPassword = () => shown(FORGOT);
export const resetForgotten = () => shown(RESET);

const email = () => field('Email', 'email', { type: 'email', autocomplete: 'username' });

/** @param {Form} form */
function shown({ title, label, fields, take, links }) {
  const isBusy = state.busy.has(AT_WORK);
  return html`
    <main class="sign-in">
      <h1>tasktalk</h1>
      <p>${title}</p>
      <form @submit=${submitted((values) => attempt(() => take(values)))}>
        ${fields()}
        <p class="wrong" role="alert">${wrong()}</p>
        <button class="primary" ?disabled=${isBusy}>${label}</button>
        ${progress(isBusy)}
      </form>
      <p class="links">${links.map(([address, label]) => html`<a href=${address}>${label}</a>`)}</p>
    </main>
  `;
}

function wrong() {
  if (!state.wrong) return nothing;
  const { message, requestId } = state.wrong;
  return html`${message} ${requestId ? html`<small>Request ${requestId}</small>` : nothing}`;
}

/** @param {() => Promise<unknown>} work */
async function attempt(work) {
  change((state) => state.busy.add(AT_WORK));
  try {
    await work();
    return true;
  } catch (error) {
    change((state) => (state.wrong = failureOf(error)));
    return false;
  } finally {
    change((state) => state.busy.delete(AT_WORK));
  }
}
