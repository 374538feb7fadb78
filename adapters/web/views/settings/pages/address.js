/** Whether an address is confirmed, and how it is changed. */
import { askForConfirmation, changeAddress } from '../../../account/address.js';
import { state } from '../../../core/store.js';
import { html, nothing } from '../../../vendor/lit.js';
import { button, currentPassword, field, submitted, whose } from '../../pieces/controls.js';

/** The address, and what is to be done until mails go there. */
export function address() {
  const { user, confirmation } = state;
  if (!user?.email) return nothing;
  const known = user.email_confirmed ? 'Confirmed' : 'Not confirmed yet';
  const ask = confirmation ? 'Send it again' : 'Send me a link to confirm it';
  return html`
    <p><bdi>${user.email}</bdi> <small class="quiet">${known}</small></p>
    ${confirmation ? sent(confirmation) : nothing} ${user.email_confirmed ? nothing : button(ask, askForConfirmation)}
  `;
}

/** @param {import('../../../types.d.ts').Confirmation} confirmation */
const sent = ({ email, link }) =>
  html`<p class="quiet" role="status">
    A link is on its way to <bdi>${email}</bdi>. Open it within a day. Nothing came? Look into the folder for spam.
    ${link ? html`<a href=${new URL(link).pathname + new URL(link).search}>Open the link</a>` : nothing}
  </p>`;

export const changeOfAddress = () =>
  html`<details>
    <summary>Change the address</summary>
    <form @submit=${submitted(({ email, password }) => changeAddress({ email, password }))}>
      ${whose(state.user?.email)} ${field('New email', 'email', { type: 'email', autocomplete: 'email' })}
      ${currentPassword('Password', 'password')}
      <button class="primary">Send a link there</button>
    </form>
  </details>`;
