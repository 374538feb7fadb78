/**
 * A browser has six connections for one server over HTTP/1.1. Three answers at a time are watched as they come; a tab
 * that finds no place asks once a second how far its answer is.
 */
import { withLock } from '../server/tabs.js';

const PLACES = 3;

/**
 * @template Result
 * @param {(hasPlace: boolean) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withStreamPlace(work) {
  for (let place = 0; place < PLACES; place += 1) {
    const done = await withLock(
      `stream-${place}`,
      { ifAvailable: true },
      async (lock) => lock && { is: await work(true) },
    );
    if (done) return /** @type {{ is: Result }} */ (done).is;
  }
  return work(false);
}
