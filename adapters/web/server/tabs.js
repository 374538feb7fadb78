/**
 * What the tabs of one browser tell each other, and what only one of them does at a time. Browsers have Web Locks on
 * HTTPS and localhost only; elsewhere each tab is on its own.
 *
 * @import { TabMessage } from '../types.d.ts'
 */
import { newKey } from './api.js';

export const TAB = newKey();
const channel = new BroadcastChannel('tasktalk');

/** @param {TabMessage} message */
export function tellTabs(message) {
  channel.postMessage(message);
}

/** @param {(message: TabMessage) => void} listener */
export function hearTabs(listener) {
  channel.addEventListener('message', ({ data }) => listener(data));
}

/**
 * @template Result
 * @param {string} name
 * @param {LockOptions} options
 * @param {(lock: unknown) => Promise<Result>} work the lock is null where `ifAvailable` finds it taken
 * @returns {Promise<Result>}
 */
export function withLock(name, options, work) {
  return navigator.locks ? navigator.locks.request(`tasktalk-${name}`, options, work) : work({});
}

/** Says that this tab is there for as long as it is. */
export const beThere = () => navigator.locks?.request(`tasktalk-tab-${TAB}`, () => new Promise(() => {}));

/** @returns {Promise<Set<string>>} the tabs that are there */
export async function tabsThere() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set([TAB, ...held.map(({ name = '' }) => name.replace('tasktalk-tab-', ''))]);
}
