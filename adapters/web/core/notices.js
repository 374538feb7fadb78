/**
 * One short message at the foot of the list: what was done and can be undone, or what went wrong.
 *
 * @import { Failure, Notice } from '../types.d.ts'
 */
import { ApiError, newKey } from '../server/api.js';
import { change, state } from './store.js';

const SHOWN_MS = 10_000;
/** What the person can put right: nobody has to look for the request. */
const OWN_FAULTS = [400, 401, 422];

/**
 * @param {string} text
 * @param {Notice['action']} [action]
 */
export function tell(text, action) {
  const id = show({ kind: 'done', text, action });
  setTimeout(() => state.notice?.id === id && dismiss(), SHOWN_MS);
}

/**
 * Stays until it is dismissed.
 *
 * @param {string} what was not done, such as "The task was not saved."
 * @param {unknown} error
 */
export function tellFailure(what, error) {
  const { message, requestId } = failureOf(error);
  show({ kind: 'error', text: `${what} ${message}`, requestId });
}

/**
 * @param {unknown} error
 * @returns {Failure} what may be shown of it
 */
export function failureOf(error) {
  if (error instanceof ApiError)
    return {
      message: spoken(error.message),
      ...(!OWN_FAULTS.includes(error.status) && { requestId: error.requestId }),
    };
  console.error(error);
  return { message: 'Something went wrong in this page. Reload it.' };
}

/** The API names the field at fault first; a person sees it before them. @param {string} message */
function spoken(message) {
  const plain = message.replace(/^[a-z_]+(\.[a-z_0-9]+)*: /, '');
  const sentence = plain[0]?.toUpperCase() + plain.slice(1);
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

export function dismiss() {
  change((state) => (state.notice = null));
}

/** @param {Omit<Notice, 'id'>} notice */
function show(notice) {
  const id = newKey();
  change((state) => (state.notice = { id, ...notice }));
  return id;
}
