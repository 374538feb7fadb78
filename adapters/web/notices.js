/**
 * Short messages at the foot of the page: what was done and can be undone, and what went wrong.
 *
 * @import { Failure, Notice } from './types.d.ts'
 */
import { ApiError, newKey } from './api.js';
import { change } from './store.js';

const SHOWN_MS = 10_000;
const MOST = 3;

/**
 * @param {string} text
 * @param {Notice['action']} [action]
 */
export function tell(text, action) {
  const id = show({ kind: 'done', text, action });
  setTimeout(() => dismiss(id), SHOWN_MS);
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
  if (error instanceof ApiError) return { message: error.message, requestId: error.requestId };
  console.error(error);
  return { message: 'Something went wrong in this page. Reload it.' };
}

/** @param {string} id */
export function dismiss(id) {
  change((state) => (state.notices = state.notices.filter((notice) => notice.id !== id)));
}

/** @param {Omit<Notice, 'id'>} notice */
function show(notice) {
  const id = newKey();
  change((state) => (state.notices = [...state.notices, { id, ...notice }].slice(-MOST)));
  return id;
}
