/** Before somebody is signed in: four forms, which look alike. */
import { askForReset, confirmEmail, resetPassword } from '../../account/account.js';
import { failureOf } from '../../core/notices.js';
import { visit } from '../../core/router.js';
import { ApiError } from '../../server/api.js';
import { enter, signUp } from '../../server/session.js';
import { change, state } from '../../core/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { currentPassword, field, newPassword, progress, submitted } from '../pieces/controls.js';
import { details } from '../pieces/notices.js';
import { logo } from './logo.js';

const AT_WORK = 'sign-in';
const KNOWN = '/sign-in';

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
  title: '',
  label: 'Create an account',
  fields: () => [email(), newPassword('Password', 'password')],
  take: signUp,
  links: [[KNOWN, 'I have an account']],
};

/** @type {Form} */
const WELCOME = {
  title: 'Sign in',
  label: 'Sign in',
  fields: () => [email(), currentPassword('Password', 'password')],
  take: (values) => enter('signin', values),
  links: [
    ['/', 'Create an account'],
    ['/forgot-password', 'I forgot my password'],
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

/** @type {Form} */
const CONFIRM = {
  title: 'Confirm your address',
  label: 'Confirm it',
  fields: () => [],
  take: async () => {
    await confirmEmail(new URLSearchParams(location.search).get('token') ?? '');
    visit(state.user ? '/settings/reminders' : KNOWN);
  },
  links: [[KNOWN, 'Back']],
};

export const confirmAddress = () => page(CONFIRM);
export const signIn = () => page(WELCOME);
export const signUpForm = () => form(NEWCOMER);
export const forgotPassword = () => page(FORGOT);
export const resetForgotten = () => page(RESET);

const email = () => field('Email', 'email', { type: 'email', autocomplete: 'username' });

/** @param {Form} given */
const page = (given) => html`
  <main class="sign-in">
    <a class="logo" href="/">${logo()}tasktalk</a>
    <section class="welcome-form">
      <h1 tabindex="-1">${given.title}</h1>
      ${form(given)}
    </section>
  </main>
`;

/** @param {Form} form */
function form({ label, fields, take, links }) {
  const isBusy = state.busy.has(AT_WORK);
  return html`
    <form class="credentials" @submit=${submitted((values) => attempt(() => take(values)))}>
      ${fields()}
      <div class="wrong" role="alert">${wrong()}</div>
      <button class="primary" ?disabled=${isBusy}>${label}</button>
      ${progress(isBusy)}
    </form>
    <p class="links">${links.map(([address, label]) => html`<a href=${address}>${label}</a>`)}</p>
  `;
}

function wrong() {
  if (!state.wrong) return nothing;
  return html`<p>${state.wrong.message}</p>
    ${details(state.wrong.requestId)}`;
}

/** @param {() => Promise<unknown>} work */
async function attempt(work) {
  change((state) => {
    state.busy.add(AT_WORK);
    state.wrong = null;
  });
  try {
    await work();
    return true;
  } catch (error) {
    const { message, requestId } = failureOf(error);
    const isOurFault = !(error instanceof ApiError) || error.status >= 500;
    change((state) => (state.wrong = { message, ...(isOurFault && { requestId }) }));
    return false;
  } finally {
    change((state) => state.busy.delete(AT_WORK));
  }
}
