/**
 * The way from the first page to `inside.js`. The page names its files within a template, so that they come side by
 * side once they are wanted, and no visitor waits for them.
 *
 * @typedef {typeof import('../inside.js')} Inside
 */

/** @type {Inside | null} */
let here = null;
/** @type {Promise<Inside> | null} */
let coming = null;

/** @returns {Inside | null} null: nobody was signed in here yet */
export const inside = () => here;

/** @returns {Promise<Inside>} rejects without a connection; it can be asked for again then */
export function fetchInside() {
  coming ??= begin().catch((error) => {
    coming = null;
    throw error;
  });
  return coming;
}

async function begin() {
  const files = /** @type {HTMLTemplateElement | null} */ (document.querySelector('template#inside'));
  const links = /** @type {HTMLLinkElement[]} */ ([...(files?.content.querySelectorAll('link') ?? [])]);
  const styles = links.filter(({ rel }) => rel === 'stylesheet').map(whenHere);
  if (files) document.head.append(files.content);
  [here] = await Promise.all([import('../inside.js'), ...styles]);
  return here;
}

/** @param {HTMLLinkElement} link @returns {Promise<unknown>} one that is missing keeps nobody out */
const whenHere = (link) =>
  new Promise((resolve) => ['load', 'error'].map((name) => link.addEventListener(name, resolve)));
