/**
 * Markdown of the assistant and of notes. What it may make of a page is little, and no picture: fetching one would tell
 * another host what was read. Raw HTML in it is text.
 */
import { change } from './store.js';

const ALLOWED_TAGS = [
  ...['p', 'br', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'hr', 'ul', 'ol', 'li'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a'],
];
const ALLOWED_ATTR = ['href', 'start', 'dir'];
/** @type {Record<string, string>} */
const ESCAPED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** @type {typeof import('../vendor/markdown.js') | null} */
let libraries = null;
let asked = false;

/**
 * @param {string} text
 * @returns {string | DocumentFragment} the text itself until the libraries are here
 */
export function markdown(text) {
  if (!libraries) {
    fetchMarkdown();
    return text;
  }
  const html = libraries.marked.parse(plainLists(text), { async: false, gfm: true, breaks: true });
  return libraries.DOMPurify.sanitize(html, { RETURN_DOM_FRAGMENT: true, ALLOWED_TAGS, ALLOWED_ATTR });
}

/**
 * "1. Pay rent" within plain lines is one of them: CommonMark would begin an indented list there, in the middle of a
 * paragraph. A list stands behind an empty line, a line that ends in a colon, or another item.
 *
 * @param {string} text
 */
export function plainLists(text) {
  const lines = text.split('\n');
  return lines
    .map((line, at) => (isStray(line, lines[at - 1], lines[at + 1]) ? line.replace(/^(\d+)([.)])/, '$1\\$2') : line))
    .join('\n');
}

/**
 * @param {string} line
 * @param {string} [above]
 * @param {string} [below] a list has more than one item
 */
function isStray(line, above = '', below = '') {
  if (!/^\d+[.)] /.test(line)) return false;
  if (!above.trim()) return !/^(\d+[.)] |\s{2,})/.test(below) && below.trim() === '';
  return !/^\s*(\d+[.)]|[-*+]) /.test(above) && !/:\s*$/.test(above) && !/^\s{2,}/.test(above) && !/^#/.test(above);
}

/** They are fetched when the page has nothing else to do, so that the first answer finds them. */
export async function fetchMarkdown() {
  if (asked) return;
  asked = true;
  const fetched = await import('../vendor/markdown.js').catch(() => null);
  fetched?.marked.use({ renderer: { html: ({ text }) => escaped(text) } });
  fetched?.DOMPurify.addHook('afterSanitizeAttributes', leaveThePage);
  change(() => {
    libraries = fetched;
    asked = Boolean(fetched);
  });
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"']/g, (character) => ESCAPED[character]);

/** @param {Element} element */
function leaveThePage(element) {
  if (['P', 'LI', 'TD', 'BLOCKQUOTE'].includes(element.tagName)) element.setAttribute('dir', 'auto');
  if (element.tagName !== 'A') return;
  element.setAttribute('target', '_blank');
  element.setAttribute('rel', 'noopener noreferrer');
}
