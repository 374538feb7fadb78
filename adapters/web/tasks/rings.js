/**
 * When the reminders of a task ring: asked for when somebody looks at it.
 *
 * @import { Task, TaskReminder } from '../types.d.ts'
 */
import { change, state } from '../core/store.js';
import { call } from '../server/api.js';
import { TASKS } from './replica.js';

/** A reminder that was just set has its time by then. */
const AGAIN_MS = 600;

/** Which revision of a task was asked for. @type {Map<number, number>} */
const asked = new Map();

/**
 * @param {Task} task
 * @returns {TaskReminder[]} what is known by now
 */
export function ringsOf({ id, revision, reminders, completed }) {
  if (id > 0 && revision && reminders.length && !completed && asked.get(id) !== revision) {
    asked.set(id, revision);
    loadRings(id);
  }
  return state.rings[id] ?? [];
}

/** @param {TaskReminder} ring */
export const isSnoozed = (ring) => ring.state === 'waiting' && ring.snoozes > 0;

/** @param {number} id of a task */
export async function loadRings(id) {
  const answer = await call('GET', `${TASKS}/${id}/reminders`, { once: true }).catch(() => null);
  /** @type {TaskReminder[] | undefined} */
  const rings = answer?.reminders;
  if (rings) change((state) => (state.rings[id] = rings));
  if (rings?.some(({ state }) => state === 'new')) setTimeout(forgetRings, AGAIN_MS, id);
  return rings;
}

/** They are asked for anew. @param {number} id of a task */
export function forgetRings(id) {
  asked.delete(id);
  change(() => {});
}
