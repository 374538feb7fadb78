/**
 * Reminders as the system shows them, while the page is open and no push message brings them.
 *
 * @import { Rung } from '../types.d.ts'
 */
import { dueWords, nowLocal } from '../core/dates.js';
import { untilHere } from '../core/later.js';
import { state } from '../core/store.js';
import { call } from '../server/api.js';
import { closeNotifications } from '../server/worker.js';

/** @param {Rung} rung */
export async function notify(rung) {
  if (!state.prefs.notifies || window.Notification?.permission !== 'granted') return;
  if (!(await navigator.serviceWorker?.getRegistration())) return;
  const registration = await navigator.serviceWorker.ready; // none is shown before its worker is active
  if ((await registration.pushManager?.getSubscription()) || (await isQuiet())) return;
  const { showReminder } = await untilHere(() => import('../push.js'));
  const icon = new URL('../icon-192.png', import.meta.url).href;
  const { id, task_id, title, due, late } = rung;
  const body = [due && `Due ${dueWords(due)}`, late && 'This reminder is late'].filter(Boolean).join('. ');
  showReminder(registration, { id, task_id, title, body, tag: tagOf(id) }, icon);
}

/** @param {number} id of a reminder that rang */
export async function closeNotification(id) {
  await closeNotifications(await navigator.serviceWorker?.getRegistration(), { tag: tagOf(id) });
}

/** @param {number} id */
const tagOf = (id) => `reminder-${id}`;

/** The server holds back push and mail in these hours; the page does so, too. */
async function isQuiet() {
  const { quiet_from: from, quiet_to: to } = await call('GET', '/api/users/me/reminder-settings').catch(() => ({}));
  if (!from || !to) return false;
  const now = nowLocal().slice(11);
  return from < to ? from <= now && now < to : now >= from || now < to;
}
