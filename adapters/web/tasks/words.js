/**
 * Words of a person, as the server reads them: it alone knows the grammar, and it is asked while one types.
 *
 * @import { TaskChanges } from '../types.d.ts'
 */
import { call } from '../server/api.js';
import { TASKS } from './replica.js';

const WAIT_MS = 120;
const ABOUT_TIME = new Set(['due', 'recurrence', 'recurs_from', 'deadline', 'start']);
let asked = 0;

/**
 * @typedef {{ field: string, value: any, start: number, end: number, new?: boolean }} Understood offsets in code points
 */

/**
 * @param {string} text
 * @returns {Promise<{ task: TaskChanges, understood: Understood[] } | null>} null: something newer is asked for by now,
 *   or there is no connection
 */
export async function read(text) {
  const turn = (asked += 1);
  await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  if (turn !== asked || !text.trim()) return null;
  const answer = await call('POST', `${TASKS}/quick-add`, { body: { text, dry_run: true }, once: true }).catch(
    () => null,
  );
  return turn === asked ? answer : null;
}

/**
 * @param {string} text about when
 * @returns {Promise<TaskChanges | null>} null: no date is in it
 */
export async function understand(text) {
  const answer = await read(`x ${text}`);
  const isAboutTime = (answer?.understood ?? []).some(({ field }) => ABOUT_TIME.has(field));
  if (!answer || !isAboutTime) return null;
  const { due, recurrence, recurs_from } = answer.task;
  return { due, recurrence, ...(recurrence && { recurs_from }) };
}
