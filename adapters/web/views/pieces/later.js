/** Parts of the page that are fetched when they are first needed. */
import { change } from '../../core/store.js';

/**
 * @template Module
 * @param {() => Promise<Module>} fetchIt
 * @returns {() => Module | null} null: it is not here yet; the page is drawn again when it is
 */
export function later(fetchIt) {
  /** @type {Module | null} */
  let here = null;
  let isAsked = false;
  const ask = async () => {
    isAsked = true;
    const fetched = await fetchIt().catch(() => null);
    isAsked = Boolean(fetched);
    change(() => (here = fetched));
  };
  return () => {
    if (!isAsked) ask();
    return here;
  };
}
