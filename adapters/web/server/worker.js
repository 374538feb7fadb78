/**
 * The service worker: the page opens without a connection. A new version waits until the person takes it, so that an
 * open page never meets files of another one.
 */
import { tell } from '../core/notices.js';
import { withLock } from './tabs.js';

/** Trusted Types let only this address be a worker. */
const trusted = /** @type {any} */ (window).trustedTypes?.createPolicy('tasktalk', {
  createScriptURL: (/** @type {string} */ address) => (address === '/service-worker.js' ? address : ''),
});

/** As often as one likes: there is one worker. */
export async function registered() {
  const address = trusted?.createScriptURL('/service-worker.js') ?? '/service-worker.js';
  return navigator.serviceWorker?.register(address).catch(() => null);
}

/**
 * To be called once. Without HTTPS, and in some private windows, there is no worker, and the page needs a connection.
 */
export async function keepPage() {
  const registration = await registered();
  if (!registration) return;
  if (registration.waiting) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && navigator.serviceWorker.controller) offer(worker);
    });
  });
}

/** What is pushed to this browser from now on is refused, and the server learns so. What is shown goes. */
export async function endPush() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await closeNotifications(registration);
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

/**
 * @param {ServiceWorkerRegistration} [registration]
 * @param {GetNotificationOptions} [which] all if it is not given
 */
export async function closeNotifications(registration, which) {
  if (!registration) return;
  const shown = () => registration.getNotifications(which);
  for (const each of await withLock('notifications', {}, shown)) each.close(); // in turn with push.js, which says why
}

/** @param {ServiceWorker} worker */
function offer(worker) {
  const run = () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    worker.postMessage('take over');
  };
  tell('A new version is here.', { label: 'Reload', run });
}
