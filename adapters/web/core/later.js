/**
 * Parts of the page that are fetched when they are first needed.
 *
 * @template Part
 * @typedef {{ here: () => Part | null, fetch: () => Promise<Part> }} Fetched `here` is null before it was fetched
 */
import { ApiError, pause, UNREACHABLE } from '../server/api.js';
import { tellFailure } from './notices.js';
import { change } from './store.js';

const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

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
  /** @type {Promise<unknown> | null} */
  let coming = null;
  return () => {
    coming ??= untilHere(fetch).then((fetched) => change(() => (part = fetched)));
    return part;
  };
}

/**
 * For what nobody has pressed for: while the server is away, it is asked for again and again.
 *
 * @template Part
 * @param {() => Promise<Part>} fetch
 * @returns {Promise<Part>} never rejects
 */
export async function untilHere(fetch) {
  for (let wait = RETRY_MS; ; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
    const part = await fetch().catch(() => null);
    if (part) return part;
    await pause(wait);
  }
}

/**
 * For what a press needs.
 *
 * @template Part
 * @param {() => Promise<Part>} fetch
 * @returns {Promise<Part>} rejects with what can be told to a person
 */
export const orUnreachable = (fetch) =>
  fetch().catch(() => {
    throw new ApiError(0, { code: 'UNREACHABLE', message: UNREACHABLE });
  });

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
  let part;
  try {
    part = await orUnreachable(fetch);
  } catch (error) {
    return tellFailure("This can't be opened now.", error);
  }
  open(part);
}
