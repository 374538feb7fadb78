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
  await worker.registration.showNotification(reminder.title, {
    body: reminder.body,
    tag: reminder.tag,
    icon: '/icon.svg',
    data: reminder,
    requireInteraction: true,
    actions: [
      { action: 'done', title: 'Done' },
      { action: 'snooze', title: `Snooze ${SNOOZE_MINUTES} min` },
    ],
  });
}

/**
 * @param {any} worker
 * @param {any} event
 */
export async function onNotificationClick(worker, event) {
  const { action, notification } = event;
  notification.close();
  if (!action) return open(worker, notification.data.task_id);
  const body = JSON.stringify({
    token: notification.data.token,
    action,
    ...(action === 'snooze' ? { minutes: SNOOZE_MINUTES } : {}),
  });
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(ACT, { method: 'POST', headers, body }).catch(() => null);
  if (answer?.ok || answer?.status === 409) return;
  await worker.registration.showNotification(notification.title, {
    body: 'That did not work. Open tasktalk to do it there.',
    tag: notification.tag,
    data: notification.data,
  });
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
 * For the page: asks the browser for a subscription, and keeps it. Call it when the user presses a button, since
 * browsers ask for leave only then.
 *
 * @param {ServiceWorkerRegistration} registration
 * @param {(method: string, path: string, body?: unknown) => Promise<any>} call The page's way to the API.
 */
export async function subscribeToPush(registration, call) {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const { key } = await call('GET', '/api/push/key');
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const { endpoint, keys } = (await registration.pushManager.subscribe(options)).toJSON();
  await call('POST', '/api/users/me/push-subscriptions', { endpoint, keys });
  return true;
}
