/** Where reminders ring: this browser and others, by mail, and when they are quiet. */
import { keep, kept } from '../core/device.js';
import { prefer } from '../core/drafts.js';
import { orUnreachable } from '../core/later.js';
import { tell, tellFailure } from '../core/notices.js';
import { change, state } from '../core/store.js';
import { call } from '../server/api.js';
import { keepUser } from '../server/session.js';
import { endPush, registered } from '../server/worker.js';

const SETTINGS = '/api/users/me/reminder-settings';
const BROWSERS = '/api/users/me/push-subscriptions';
const UNCHANGED = 'Your reminders are as they were.';

export async function loadReminderSettings() {
  try {
    const [settings, { subscriptions }] = await Promise.all([call('GET', SETTINGS), call('GET', BROWSERS)]);
    const [user, here] = await Promise.all([call('GET', '/api/auth/me'), ringsHere()]);
    keepUser(user);
    const own = (await kept('push')) ?? '';
    change((state) => (state.reminderSettings = { settings, browsers: subscriptions, own, here }));
  } catch (error) {
    tellFailure("The settings of your reminders can't be read.", error);
  }
}

/** @returns {Promise<import('../types.d.ts').RingsHere>} */
async function ringsHere() {
  const registration = await registered();
  if (!registration || !window.Notification) return 'impossible';
  if (Notification.permission === 'denied') return 'blocked';
  if (!state.prefs.notifies || Notification.permission !== 'granted') return 'off';
  return (await registration.pushManager?.getSubscription()) ? 'pushed' : 'open';
}

/**
 * To be called when a button is pressed, as browsers ask for leave only then.
 *
 * @param {boolean} on
 */
export async function ringHere(on) {
  await (on ? begin() : end());
  await loadReminderSettings();
}

async function begin() {
  const registration = await registered();
  if (!registration || (await Notification.requestPermission()) !== 'granted') return;
  prefer({ notifies: true });
  await loadReminderSettings(); // some browsers take a minute to say that they do not reach their push service
  try {
    const { subscribeToPush } = await orUnreachable(() => import('../push.js'));
    const asked = (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) =>
      call(method, path, body ? { body } : {});
    await keep('push', (await subscribeToPush(await navigator.serviceWorker.ready, asked)).id);
    tell('Reminders ring in this browser.');
  } catch (error) {
    if (error instanceof DOMException) return tell('This browser does not reach its push service.');
    tellFailure('Reminders ring here only while tasktalk is open.', error);
  }
}

async function end() {
  prefer({ notifies: false });
  await endPush();
  const own = await kept('push');
  await keep('push', '');
  if (own) await call('DELETE', `${BROWSERS}/${own}`).catch(() => {});
}

/** @param {string} id */
export async function removeBrowser(id) {
  if (id === (await kept('push'))) return ringHere(false);
  try {
    tell((await call('DELETE', `${BROWSERS}/${id}`)).message);
  } catch (error) {
    tellFailure('The browser is still there.', error);
  }
  await loadReminderSettings();
}

/** @param {Partial<import('../types.d.ts').ReminderPage['settings']>} changes */
export async function changeSettings(changes) {
  try {
    const settings = await call('PATCH', SETTINGS, { body: changes });
    change(({ reminderSettings }) => reminderSettings && Object.assign(reminderSettings, { settings }));
    tell('Your reminders are saved.');
  } catch (error) {
    tellFailure(UNCHANGED, error);
  }
}

/** @param {string} time of days without an hour */
export async function changeReminderTime(time) {
  try {
    keepUser(await call('PATCH', '/api/auth/me', { body: { reminder_time: time } }));
    tell('Your reminders are saved.');
  } catch (error) {
    tellFailure(UNCHANGED, error);
  }
}
