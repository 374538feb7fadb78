/**
 * What a filter finds. The server alone reads filters; it is asked again when something has changed, and what it said
 * last is shown meanwhile, also without a connection.
 *
 * @import { Answer } from '../types.d.ts'
 */
import { failureOf } from '../core/notices.js';
import { changeData, state } from '../core/store.js';
import { ApiError, call } from '../server/api.js';
import { NOTHING } from './own-places.js';
import { takeAll, TASKS } from './replica.js';

const WAIT_MS = 250;
const PER_PAGE = 100;
const MOST_PAGES = 10;
/** @type {Map<string, number>} */
const askedAt = new Map();

/**
 * @param {string} filter
 * @param {string | null} [sort]
 * @returns {Answer}
 */
export function answerFor(filter, sort) {
  const key = `${filter}\n${sort ?? ''}`;
  if (filter.trim() && askedAt.get(key) !== state.revision) ask(key, filter, sort);
  return state.answers[key] ?? NOTHING;
}

/**
 * @param {string} key
 * @param {string} filter
 * @param {string | null} [sort]
 */
async function ask(key, filter, sort) {
  const isFirst = !askedAt.has(key);
  askedAt.set(key, state.revision);
  if (!isFirst) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  try {
    const answer = await found(filter, sort);
    changeData((state) => (state.answers[key] = answer));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isPassing) return void askedAt.delete(key);
    const { position, expected, example } = error.detail;
    const [what] = failureOf(error).message.split(/ \(at (?:character|the end)/);
    const message = what.endsWith('.') ? what : `${what}.`;
    changeData((state) => (state.answers[key] = { ...NOTHING, error: { message, position, expected, example } }));
  }
}

/**
 * @param {string} filter
 * @param {string | null} [sort]
 * @returns {Promise<Answer>}
 */
async function found(filter, sort) {
  const query = new URLSearchParams({ filter, limit: String(PER_PAGE), ...(sort && { sort }) });
  const ids = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await call('GET', `${TASKS}?${query}`);
    takeAll('task', answer.tasks);
    ids.push(...answer.tasks.map((/** @type {{ id: number }} */ { id }) => id));
    if (answer.next_cursor === null)
      return { ids, total: answer.total, isExact: answer.total_exact !== false, error: null };
    query.set('cursor', answer.next_cursor);
  }
  const { total, total_exact: isExact = true } = await call('GET', `${TASKS}?${query}`);
  return { ids, total, isExact, error: null };
}
