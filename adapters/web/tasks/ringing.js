/**
 * Reminders that rang: shown in every tab until somebody answers them, here or elsewhere.
 *
 * @import { Event, Rung } from '../types.d.ts'
 */
import { keep, kept } from '../core/device.js';
import { instantWords, within } from '../core/dates.js';
import { untilHere } from '../core/later.js';
import { tell, tellFailure } from '../core/notices.js';
import { changeData, derived, state, subscribe } from '../core/store.js';
import { call } from '../server/api.js';
import { hearTabs, tellTabs } from '../server/tabs.js';
import { complete } from './edits.js';
import { forgetRings, loadRings } from './rings.js';
import { taskOf } from './shown.js';

const REMINDERS = '/api/users/me/reminders';
/** One that rang before that is no news any more. */
const NEWS_MS = 24 * 3_600_000;
/** One that rang before that is shown by the page, and not by the system. */
const NOW_MS = 60_000;
const MOST = 50;
const notification = () => untilHere(() => import('./notification.js'));

/** To be called once. */
export function watchReminders() {
  hearTabs((message) => message.kind === 'silenced' && silenced(message.id));
  navigator.serviceWorker?.addEventListener('message', ({ data }) => data?.kind === 'act' && act(data));
  document.addEventListener('visibilitychange', () => document.hidden || lookAgain());
  subscribe(closeAnswered);
}

export async function loadRinging() {
  const known = await kept('ringing');
  if (known?.length) setRinging((ringing) => [...known, ...ringing]);
  lookAgain();
}

/**
 * @param {Event} event
 * @param {boolean} isFirst false: another tab shows the notification
 */
export function rang({ after, at }, isFirst) {
  const rung = /** @type {Rung} */ (after);
  const age = Date.now() - Date.parse(at);
  forgetRings(rung.task_id);
  if (age < NEWS_MS) setRinging((ringing) => [...ringing, rung]);
  if (isFirst && age < NOW_MS) notification().then(({ notify }) => notify(rung));
}

/** What is to be answered, newest first. A task that is done, gone or moved is silent. */
export const ringing = derived(() => state.ringing.filter(isOpen).reverse());

/** @param {Rung} rung */
function isOpen({ task_id, reminder, due }) {
  const task = taskOf(task_id);
  if (!task || task.completed || task.deleted_at) return false;
  return task.reminders.includes(reminder) && (!due || task.due === due);
}

/** @param {Rung} rung */
export function done(rung) {
  const task = taskOf(rung.task_id);
  if (task) complete([task], true);
  silence(rung);
}

/**
 * @param {Rung} rung
 * @param {{ minutes?: number, until?: string }} snooze
 */
export async function snooze(rung, snooze) {
  try {
    const { ring_at } = await call('POST', `${REMINDERS}/${rung.id}/snooze`, { body: snooze });
    silence(rung);
    tell(`It rings again ${within(instantWords(ring_at))}`);
  } catch (error) {
    tellFailure('The reminder was not snoozed.', error);
  }
}

/** @param {Rung} rung here, and in the other tabs of this browser */
export function silence({ id }) {
  silenced(id);
  tellTabs({ kind: 'silenced', id });
}

/** @param {number} id */
function silenced(id) {
  const rung = state.ringing.find((each) => each.id === id);
  if (rung) forgetRings(rung.task_id);
  setRinging((ringing) => ringing.filter((each) => each.id !== id));
}

/**
 * A button of a notification that this page has shown.
 *
 * @param {{ action: string, id: number, minutes: number }} pressed
 */
function act({ action, id, minutes }) {
  const rung = state.ringing.find((each) => each.id === id);
  if (rung && action === 'done') done(rung);
  if (rung && action === 'snooze') snooze(rung, { minutes });
}

/** What was snoozed elsewhere waits again. */
async function lookAgain() {
  for (const rung of ringing()) {
    const rings = await loadRings(rung.task_id);
    if (rings?.some(({ reminder, state }) => reminder === rung.reminder && state === 'waiting')) silenced(rung.id);
  }
}

/** @param {(ringing: Rung[]) => Rung[]} alter */
function setRinging(alter) {
  const newest = new Map(alter(state.ringing).map((rung) => [keyOf(rung), rung]));
  const all = [...newest.values()].sort((one, other) => one.id - other.id).slice(-MOST);
  changeData((state) => (state.ringing = all));
  if (state.user) keep('ringing', all);
}

/** One that rings again takes the place of the ring before. @param {Rung} rung */
const keyOf = ({ task_id, reminder, due }) => `${task_id} ${reminder} ${due}`;

/** @type {number[]} */
let shown = [];

function closeAnswered() {
  const now = ringing().map(({ id }) => id);
  const gone = shown.filter((id) => !now.includes(id));
  if (gone.length) notification().then(({ closeNotification }) => gone.forEach(closeNotification));
  shown = now;
}
