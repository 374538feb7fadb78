/** What is there for visitors, and where links in mails lead. */
import './core/refused-fields.js';
import { state } from './core/store.js';
import { html } from './vendor/lit.js';
import { confirmAddress, forgotPassword, resetForgotten, signIn } from './views/frame/sign-in.js';
import { welcome } from './views/frame/welcome.js';
import { notice } from './views/pieces/notices.js';

/** @type {Record<string, () => import('./vendor/lit.js').Template>} */
const FORMS = {
  'sign-in': signIn,
  'forgot-password': forgotPassword,
  'confirm-email': confirmAddress,
  'reset-password': resetForgotten,
};

export const page = () =>
  html`${(FORMS[state.place.name] ?? welcome)()}
    <div class="outside">${notice()}</div>`;
