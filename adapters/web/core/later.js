/**
 * Parts of the page that are fetched when they are first needed.
 *
 * @template Part
 * @typedef {{ here: () => Part | null, fetch: () => Promise<Part> }} Fetched `here` is null before it was fetched
 */
import { ApiError, UNREACHABLE } from '../server/api.js';
import { tellFailure } from './notices.js';
import { change } from './store.js';

const RETRY_MS = 2000;

/** For visitors, and for links in mails. */
export const outside = part('outside', () => import('../outside.js'));
/** The list, for somebody who is signed in. */
export const inside = part('inside', () => import('../inside.js'));
/** All else that somebody has who is signed in: it comes behind the list. */
export const deferred = part('deferred', () => import('../deferred.js'));

/**
 * The server names the files of a part in the head of the page or in a template, so that they come side by side.
 *
 * @template Part
 * @param {string} name
 * @param {() => Promise<Part>} load
 * @returns {Fetched<Part>} `fetch` rejects without a connection; it can be called again then
 */
function part(name, load) {
  /** @type {Part | null} */
  let here = null;
  /** @type {Promise<Part> | null} */
  let coming = null;
  async function begin() {
    const [fetched] = await Promise.all([load(), ...nameAhead(name)]);
    change(() => (here = fetched));
    return fetched;
  }
  return {
    here: () => here,
    fetch: () =>
      (coming ??= begin().catch((error) => {
        coming = null;
        throw error;
      })),
  };
}

/** @param {string} name @returns {Promise<unknown>[]} settled when its style sheets are here, or are missing */
function nameAhead(name) {
  const files = /** @type {HTMLTemplateElement | null} */ (document.querySelector(`template#${name}`));
  if (!files) return [];
  const sheets = [...files.content.querySelectorAll('link[rel=stylesheet]')];
  const settled = sheets.map(
    (sheet) => new Promise((resolve) => ['load', 'error'].map((event) => sheet.addEventListener(event, resolve))),
  );
  document.head.append(files.content);
  return settled;
}

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
 * For what a press does: at once, or as soon as it is here.
 *
 * @param {(part: typeof import('../deferred.js')) => unknown} run
 */
export function whenHere(run) {
  const part = deferred.here();
  if (part) run(part);
  else opened(deferred.fetch, run);
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
