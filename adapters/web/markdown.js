/**
 * What the assistant says, as Markdown. What it may make of a page is little, and no picture: fetching one would tell
 * another host what was read.
 */
import { change } from './store.js';

const ALLOWED_TAGS = [
  ...['p', 'br', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'hr', 'ul', 'ol', 'li'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a'],
];
const ALLOWED_ATTR = ['href', 'start'];

/** @type {typeof import('./vendor/markdown.js') | null} */
let libraries = null;
let asked = false;

/**
 * @param {string} text
 * @returns {string | DocumentFragment} the text itself until the libraries are here
 */
export function markdown(text) {
  if (!libraries) {
    fetchLibraries();
    return text;
  }
  const html = libraries.marked.parse(text, { async: false, gfm: true, breaks: true });
  return libraries.DOMPurify.sanitize(html, { RETURN_DOM_FRAGMENT: true, ALLOWED_TAGS, ALLOWED_ATTR });
}

async function fetchLibraries() {
  if (asked) return;
  asked = true;
  const fetched = await import('./vendor/markdown.js').catch(() => null);
  fetched?.DOMPurify.addHook('afterSanitizeAttributes', leaveThePage);
  change(() => {
    libraries = fetched;
    asked = Boolean(fetched);
  });
}

/** @param {Element} element */
function leaveThePage(element) {
  if (element.tagName !== 'A') return;
  element.setAttribute('target', '_blank');
  element.setAttribute('rel', 'noopener noreferrer');
}
