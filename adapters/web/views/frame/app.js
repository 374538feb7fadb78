/** The whole page: for visitors, and for who is signed in. */
import { inside } from '../../core/fetch-inside.js';
import { state } from '../../core/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { notice } from '../pieces/notices.js';
import { confirmAddress, forgotPassword, resetForgotten, signIn } from './sign-in.js';
import { welcome } from './welcome.js';

/** @type {Record<string, () => import('../../vendor/lit.js').Template>} */
const FOR_ALL = {
  'confirm-email': confirmAddress,
  'reset-password': resetForgotten,
  'forgot-password': forgotPassword,
};

export function app() {
  const forAll = FOR_ALL[state.place.name];
  if (forAll) return html`${forAll()} ${overlay()}`;
  if (state.user === null) return html`${state.place.name === 'sign-in' ? signIn() : welcome()} ${overlay()}`;
  return (state.user && inside()?.frame()) || begins();
}

/** Before it is known who is here; what is there at once is seen at once. */
function begins() {
  return html`<main class="begins" aria-busy="true">
    <h1 class="unseen">tasktalk</h1>
    ${state.link === 'away' ? html`<p>Waiting for the server …</p>` : nothing}
  </main>`;
}

const overlay = () => html`<div class="outside">${notice()}</div>`;
