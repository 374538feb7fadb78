/** What a user does with the account as a whole: take everything along, bring tasks in, change the password, leave. */
import { call, open } from '../server/api.js';
import { tell, tellFailure } from '../core/notices.js';
import { keepUser, leave } from '../server/session.js';
import { change, state } from '../core/store.js';

/**
 * A link could not send `Authorization`.
 *
 * @param {string} path of what is downloaded
 * @param {string} name of the file
 */
export function download(path, name) {
  return atWork(name, 'The download failed.', async () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await (await open('GET', path)).blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
}

/** @param {{ name: string, timezone: string, week_start: string }} profile */
export function saveProfile(profile) {
  return atWork('profile', 'Your profile is as it was.', async () => {
    const user = await call('PATCH', '/api/auth/me', { body: { ...profile, locale: navigator.language } });
    keepUser(user);
    tell('Your profile is saved.');
  });
}

/** @param {{ current_password: string, new_password: string, end_tokens_and_webhooks: boolean }} passwords */
export function changePassword(passwords) {
  return atWork('password', 'The password is as it was.', async () => {
    tell((await call('POST', '/api/auth/change-password', { body: passwords })).message);
  });
}

/** @param {string} password */
export function eraseAccount(password) {
  return atWork('erase', 'Your account is still there.', async () => {
    leave((await call('DELETE', '/api/auth/me', { body: { password } })).message);
  });
}

/**
 * @param {string} email
 * @returns {Promise<string>} the link that a server in development shows, or nothing: it is mailed
 */
export async function askForReset(email) {
  const { message, reset_link: link } = await call('POST', '/api/auth/forgot-password', { body: { email } });
  tell(message);
  return link ?? '';
}

/** @param {string} token of the link */
export async function confirmEmail(token) {
  tell((await call('POST', '/api/auth/confirm-email', { body: { token } })).message);
  change((state) => (state.confirmation = null));
  if (state.user) keepUser(await call('GET', '/api/auth/me'));
}

/**
 * @param {string} token of the link
 * @param {string} password
 */
export async function resetPassword(token, password) {
  tell((await call('POST', '/api/auth/reset-password', { body: { token, new_password: password } })).message);
}

/**
 * @param {string} name of the work, while it goes on
 * @param {string} refused
 * @param {() => Promise<void>} work
 * @returns {Promise<boolean>} whether it is done
 */
async function atWork(name, refused, work) {
  change((state) => state.busy.add(name));
  try {
    await work();
    return true;
  } catch (error) {
    tellFailure(refused, error);
    return false;
  } finally {
    change((state) => state.busy.delete(name));
  }
}
