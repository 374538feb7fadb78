/** The address of an account: confirmed by a link, and changed by one. */
import { tellFailure } from '../core/notices.js';
import { change, state } from '../core/store.js';
import { call } from '../server/api.js';

export async function askForConfirmation() {
  await sent(state.user?.email ?? '', 'No link was sent.', () => call('POST', '/api/auth/send-confirmation'));
}

/** @param {{ email: string, password: string }} form */
export function changeAddress(form) {
  return sent(form.email, 'Your address is as it was.', () => call('POST', '/api/auth/change-email', { body: form }));
}

/**
 * @param {string} email
 * @param {string} refused
 * @param {() => Promise<any>} send
 * @returns {Promise<boolean>}
 */
async function sent(email, refused, send) {
  try {
    const { confirm_link: link } = await send();
    change((state) => (state.confirmation = { email, link: link ?? '' }));
    return true;
  } catch (error) {
    tellFailure(refused, error);
    return false;
  }
}
