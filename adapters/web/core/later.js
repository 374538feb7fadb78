/** Parts of the page that are fetched when they are first needed. */
import { ApiError, UNREACHABLE } from '../server/api.js';
import { tellFailure } from './notices.js';
import { change } from './store.js';

const RETRY_MS = 2000;

/**
 * @template Part
 * @param {() => Promise<Part>} fetch
 * @returns {() => Part | null} null: it is on its way, and the page is drawn again when it is here
 */
export function later(fetch) {
  /** @type {Part | null} */
  let part = null;
  let isAsked = false;
  const ask = () =>
    fetch().then(
      (fetched) => change(() => (part = fetched)),
      () => setTimeout(() => (isAsked = false), RETRY_MS),
    );
  return () => {
    if (!part && !isAsked) [isAsked] = [true, ask()];
    return part;
  };
}

/**
 * For what a press opens.
 *
 * @template Part
 * @param {() => Promise<Part>} fetch
 * @param {(part: Part) => unknown} open
 */
export async function opened(fetch, open) {
  const part = await fetch().catch(() => null);
  if (part) open(part);
  else tellFailure("This can't be opened now.", new ApiError(0, { code: 'UNREACHABLE', message: UNREACHABLE }));
}
