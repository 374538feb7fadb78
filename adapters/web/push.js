/**
 * What a service worker does with push messages: it shows them, and its buttons work with the page closed. The server
 * puts it behind the page's own service worker; another worker imports it, and calls `listenForPush(self)`
 * (docs/reminders.md).
 */

const ACT = '/api/reminders/act';
const SNOOZE_MINUTES = 10;

/** @param {any} worker The global scope of a service worker. */
export function listenForPush(worker) {
  worker.addEventListener('push', (/** @type {any} */ event) => event.waitUntil(onPush(worker, event)));
  worker.addEventListener('notificationclick', (/** @type {any} */ event) =>
    event.waitUntil(onNotificationClick(worker, event)),
  );
}

/**
 * The tag is that of the reminder, so a message that comes twice is shown once.
 *
 * @param {any} worker
 * @param {any} event
 */
export async function onPush(worker, event) {
  const reminder = event.data?.json() ?? { title: 'A reminder', body: '', tag: 'reminder' };
  await showReminder(worker.registration, reminder);
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @param {{ id?: number, title: string | null, body: string, tag: string, task_id?: number, token?: string }} reminder
 *   a page that shows one has no token for the buttons: they come back to the page
 * @param {string} [icon]
 */
export async function showReminder(registration, reminder, icon = '/icon.svg') {
  /** @type {any} */
  const options = {
    body: reminder.body,
    tag: reminder.tag,
    icon,
    data: reminder,
    requireInteraction: true,
    actions: [
      { action: 'done', title: 'Done' },
      { action: 'snooze', title: `Snooze ${SNOOZE_MINUTES} min` },
    ],
  };
  await inTurn(() => registration.showNotification(reminder.title ?? 'A task', options));
}

/**
 * What is shown is not asked for while a notification is being shown, in the worker or a tab (`server/worker.js`):
 * Chromium takes one that is not quite there for one that is gone, and forgets it. It stays on the screen then, and its
 * buttons do nothing.
 *
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
const inTurn = (work) => navigator.locks.request('tasktalk-notifications', work);

/**
 * @param {any} worker
 * @param {any} event
 */
export async function onNotificationClick(worker, event) {
  const { action, notification } = event;
  const { id, task_id, token } = notification.data;
  notification.close();
  if (!action) return open(worker, task_id);
  if (!token) return handOver(worker, action, id, task_id);
  const body = JSON.stringify({ token, action, ...(action === 'snooze' ? { minutes: SNOOZE_MINUTES } : {}) });
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(ACT, { method: 'POST', headers, body }).catch(() => null);
  if (answer?.ok || answer?.status === 409) return silence(id);
  const failed = {
    body: 'That did not work. Open tasktalk to do it there.',
    tag: notification.tag,
    data: notification.data,
  };
  await inTurn(() => worker.registration.showNotification(notification.title, failed));
}

/** Pages that show the reminder take it away. @param {number} id */
function silence(id) {
  const channel = new BroadcastChannel('tasktalk');
  channel.postMessage({ kind: 'silenced', id });
  channel.close();
}

/**
 * @param {any} worker
 * @param {string} action
 * @param {number} id
 * @param {number} task
 */
async function handOver(worker, action, id, task) {
  const [page] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!page) return worker.clients.openWindow(`/task/${task}`);
  page.postMessage({ kind: 'act', action, id, minutes: SNOOZE_MINUTES });
}

/**
 * @param {any} worker
 * @param {number | undefined} task
 */
async function open(worker, task) {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages[0]) return pages[0].focus();
  return worker.clients.openWindow(task ? `/task/${task}` : '/');
}

/**
 * For the page, when the person has allowed notifications: asks the browser for a subscription, and keeps it.
 *
 * @param {ServiceWorkerRegistration} registration
 * @param {(method: string, path: string, body?: unknown) => Promise<any>} call The page's way to the API.
 * @returns {Promise<{ id: string }>}
 */
export async function subscribeToPush(registration, call) {
  const { key } = await call('GET', '/api/push/key');
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const { endpoint, keys } = (await registration.pushManager.subscribe(options)).toJSON();
  return call('POST', '/api/users/me/push-subscriptions', { endpoint, keys });
}
