/** Where reminders ring beside the page: this browser, while the page is closed, and mail. */
import { tell, tellFailure } from '../core/notices.js';
import { call } from '../server/api.js';

const SETTINGS = '/api/users/me/reminder-settings';

/** To be called when a button is pressed, as browsers ask for leave only then. */
export async function ringHere() {
  try {
    const { subscribeToPush } = await import('../push.js');
    const registration = await navigator.serviceWorker?.getRegistration();
    const asked = (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) =>
      call(method, path, body ? { body } : {});
    const rings = registration && (await subscribeToPush(registration, asked));
    tell(rings ? 'Reminders ring in this browser.' : 'This browser does not allow it.');
  } catch (error) {
    tellFailure('Reminders do not ring in this browser.', error);
  }
}

/** @param {{ mail?: boolean, morning_time?: string | null }} changes */
export async function ringBy(changes) {
  try {
    await call('PATCH', SETTINGS, { body: changes });
    tell('Kept.');
  } catch (error) {
    tellFailure('Your reminders are as they were.', error);
  }
}

export async function askForConfirmation() {
  try {
    tell((await call('POST', '/api/auth/send-confirmation')).message);
  } catch (error) {
    tellFailure('No link was sent.', error);
  }
}
