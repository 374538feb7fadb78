/**
 * The live feed: what the assistant, another tab or another program changes shows here. Nothing is missed over a broken
 * connection, as revisions are counted.
 *
 * @import { TaskEvent } from './types.d.ts'
 */
import { ApiError, call, open, pause } from './api.js';
import { answeredElsewhere } from './chat.js';
import { eventsOf } from './server-sent-events.js';
import { change, state } from './store.js';
import { drop, reloadTasks, take } from './tasks.js';

const EVENTS = '/api/users/me/events';
/** A tab that nobody sees lets go of its connection, as a browser has only six for each server. */
const HIDDEN_MS = 20_000;
const BACK_OFF_MS = [0, 500, 1000, 2000, 5000];

let ending = new AbortController();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let leaving;

/** From the newest change on; what was before is in the pages. */
export async function beginFeed() {
  endFeed();
  const { signal } = (ending = new AbortController());
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await pause(BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)] * (0.5 + Math.random()), signal);
      await catchUp();
      await follow(signal, () => (failures = -1));
    } catch (error) {
      if (!signal.aborted) console.info('The feed broke off; it is asked for again.', error);
      if (error instanceof ApiError && error.status === 410) change((state) => (state.lists = {}));
    }
    if (!signal.aborted && failures >= 0) change((state) => (state.link = 'away'));
  }
}

export function endFeed() {
  ending.abort();
}

/** The first time, where the feed begins has to be known before the first page is read. */
async function catchUp() {
  const list = state.lists[state.filter];
  if (list && list.state !== 'failed') return;
  const { events } = await call('GET', `${EVENTS}?order=newest&limit=1`, { once: true });
  change((state) => (state.revision = events[0]?.revision ?? 0));
  await reloadTasks();
}

/**
 * @param {AbortSignal} signal
 * @param {() => void} onOpen
 */
async function follow(signal, onOpen) {
  const response = await open('GET', `${EVENTS}/stream?after=${state.revision}`, { signal, once: true });
  onOpen();
  change((state) => (state.link = 'live'));
  for await (const { data } of eventsOf(response)) apply(JSON.parse(data));
}

/**
 * Of what the page does not know it keeps the revision alone.
 *
 * @param {TaskEvent} event
 */
function apply(event) {
  const { revision, entity, entity_id: id, before, after, actor } = event;
  if (entity === 'task' && after) take({ ...after, revision }, before);
  else if (entity === 'task') drop(id);
  change((state) => Object.assign(state, { revision, seenAt: Date.now() }));
  if (actor.kind === 'turn') answeredElsewhere(actor);
}

/** To be called once. */
export function watchTheBrowser() {
  document.addEventListener('visibilitychange', () => (document.hidden ? leaveLater() : comeBack()));
  addEventListener('online', comeBack);
  addEventListener('offline', () => change((state) => (state.link = 'away')));
}

function leaveLater() {
  leaving = setTimeout(endFeed, HIDDEN_MS);
}

function comeBack() {
  clearTimeout(leaving);
  if (state.user && (ending.signal.aborted || state.link === 'away')) beginFeed();
}
