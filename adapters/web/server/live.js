/**
 * The live feed: what the assistant, another tab or another program changes shows here. One tab of a browser has the
 * connection and passes on what it hears. Nothing is missed over a broken connection, as revisions are counted.
 *
 * @import { Event, TabMessage } from '../types.d.ts'
 */
import { answeredElsewhere, lookAgain } from '../chat/chat.js';
import { change, state } from '../core/store.js';
import { sendOutbox } from '../tasks/outbox.js';
import { dropEntity, fetchAll, flush, loadViews, takeEvent } from '../tasks/replica.js';
import { rang } from '../tasks/ringing.js';
import { ApiError, call, open, pause } from './api.js';
import { eventsOf } from './server-sent-events.js';
import { hearTabs, TAB, tellTabs, withLock } from './tabs.js';

const EVENTS = '/api/users/me/events';
const BACK_OFF_MS = [0, 500, 1000, 2000, 5000];
/** The server sends something every quarter of a minute; a connection that was silent for longer is asked for anew. */
const STALE_MS = 17_000;
const ANSWER_MS = 1000;

let ending = new AbortController();
let stream = new AbortController();
let heardAt = 0;
let leads = false;

/** From the newest change on; what was before is fetched or is kept on the device. */
export async function goLive() {
  endLive();
  const { signal } = (ending = new AbortController());
  await untilThere(signal);
  if (!signal.aborted) lead(signal, {});
}

export function endLive() {
  ending.abort();
  stream.abort();
  leads = false;
}

/** @param {AbortSignal} signal */
async function untilThere(signal) {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await catchUp();
      return void loadViews();
    } catch (error) {
      seem('away', error);
    }
    await backOff(failures + 1, signal);
  }
}

/** Asks for what was missed, which takes one short request. */
export async function catchUp() {
  if (!state.isWhole) await fetchAll();
  for (;;) {
    const page = await call('GET', `${EVENTS}?after=${state.revision}&limit=100`, { once: true }).catch(startAnew);
    for (const event of page.events) apply(event);
    if (page.events.length < 100) break;
  }
  seem('live');
  sendOutbox();
}

/** @param {unknown} error 410: the log no longer goes back to what is here */
async function startAnew(error) {
  if (!(error instanceof ApiError && error.status === 410)) throw error;
  await fetchAll();
  return { events: [] };
}

/**
 * @param {AbortSignal} signal
 * @param {LockOptions} options
 */
async function lead(signal, options) {
  const wanted = options.steal ? options : { ...options, signal };
  await withLock('live', wanted, async () => {
    leads = true;
    await followForEver(signal);
  }).catch(() => {});
  leads = false;
}

/** @param {AbortSignal} signal */
async function followForEver(signal) {
  for (let failures = 0; !signal.aborted; failures += 1) {
    stream = new AbortController();
    const both = AbortSignal.any([signal, stream.signal]);
    try {
      await backOff(failures, both);
      await follow(both, () => (failures = -1));
    } catch (error) {
      if (error instanceof ApiError && error.status === 410) change((state) => (state.isWhole = false));
      if (!signal.aborted && !stream.signal.aborted) seem('away', error);
      if (!signal.aborted && !state.isWhole) await untilThere(signal);
    }
  }
}

/**
 * @param {AbortSignal} signal
 * @param {() => void} onOpen
 */
async function follow(signal, onOpen) {
  const response = await open('GET', `${EVENTS}/stream?after=${state.revision}`, { signal, once: true });
  onOpen();
  seem('live');
  sendOutbox();
  for await (const { data } of eventsOf(response, () => (heardAt = Date.now()))) {
    const event = JSON.parse(data);
    apply(event);
    tellTabs({ kind: 'event', event });
  }
}

/**
 * @param {Event} event
 * @param {boolean} [isFirst] false: another tab has passed it on
 */
function apply(event, isFirst = true) {
  if (event.entity === 'reminder') rang(event, isFirst);
  else if (event.after) takeEvent(event);
  else dropEntity(event.entity, event.entity_id);
  const revision = Math.max(state.revision, event.revision);
  change((state) => Object.assign(state, { revision, seenAt: Date.now() }));
  if (event.entity === 'reminder') flush();
  if (event.actor.kind === 'turn') answeredElsewhere(event.actor);
}

/**
 * @param {'live' | 'away'} link
 * @param {unknown} [error]
 */
function seem(link, error) {
  if (error) console.info('The feed broke off; it is asked for again.', error);
  change((state) => Object.assign(state, { link, ...(link === 'live' && { seenAt: Date.now() }) }));
  if (leads) tellTabs({ kind: 'link', link });
}

/**
 * @param {number} failures
 * @param {AbortSignal} signal
 */
const backOff = (failures, signal) =>
  pause(BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)] * (0.5 + Math.random()), signal).catch(() => {});

/** To be called once. */
export function watchTheBrowser() {
  document.addEventListener('visibilitychange', () => document.hidden || wake());
  addEventListener('online', wake);
  addEventListener('offline', () => seem('away'));
  addEventListener('pagehide', endLive);
  addEventListener('pageshow', ({ persisted }) => persisted && state.user && goLive());
  hearTabs(hear);
}

/** After sleep, or on another network, a connection may be dead without a word. */
function wake() {
  if (!state.user) return;
  if (ending.signal.aborted) return void goLive();
  catchUp().catch((error) => seem('away', error));
  lookAgain();
  if (leads && Date.now() - heardAt > STALE_MS) stream.abort();
  if (!leads) askLeader();
}

/** @type {(() => void) | null} */
let onAnswer = null;

/** A tab that the browser has frozen keeps the lock and hears nothing: another takes over. */
async function askLeader() {
  const { signal } = ending;
  const answered = new Promise((resolve) => (onAnswer = () => resolve(true)));
  tellTabs({ kind: 'ask', from: TAB });
  const isThere = await Promise.race([answered, pause(ANSWER_MS).then(() => false)]);
  if (!isThere && !leads && !signal.aborted) lead(signal, { steal: true });
}

/** @param {TabMessage} message */
function hear(message) {
  if (!state.user) return;
  if (message.kind === 'ask' && leads) tellTabs({ kind: 'link', link: state.link });
  if (message.kind === 'link') onAnswer?.();
  if (message.kind === 'link' && !leads) change((state) => (state.link = message.link));
  if (message.kind === 'event') heard(message.event);
}

/** @param {Event} event */
function heard(event) {
  if (event.revision > state.revision + 1) catchUp().catch((error) => seem('away', error));
  else apply(event, false);
}
