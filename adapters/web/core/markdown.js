/**
 * Markdown of the assistant and of notes. What it may make of a page is little, and no picture: fetching one would tell
 * another host what was read. Raw HTML in it is text.
 */
import { change } from './store.js';
import { shortened } from './text.js';

const ALLOWED_TAGS = [
  ...['p', 'br', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'hr', 'ul', 'ol', 'li'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a', 'span'],
];
const ALLOWED_ATTR = ['href', 'start', 'dir', 'class', 'role', 'aria-label'];
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

const NUMBERED = /^ {0,3}(\d+)[.)] /;

/**
 * Numbers are those of a list if they count from 1, behind an empty line or one that ends in a colon. Others are those
 * of tasks, and CommonMark would begin an indented list in the middle of their lines.
 *
 * @param {string} text
 */
export function plainLists(text) {
  const lines = text.split('\n');
  const isItem = lines.map((_, at) => isOfList(lines, at));
  const shown = lines.map((line, at) => (isItem[at] ? line : line.replace(NUMBERED, plainNumber)));
  return shown.map((line, at) => (isItem[at - 1] && /^[^\s\d*+-]/.test(line) ? `\n${line}` : line)).join('\n');
}

/** @param {string} number as it stands before an item */
const plainNumber = (number) => number.replace(/[.)]/, '\\$&');

/** @param {string} line */
const goesOn = (line) => /^\s|^$/.test(line) || NUMBERED.test(line);

/**
 * @param {string[]} lines
 * @param {number} at
 */
function isOfList(lines, at) {
  if (!NUMBERED.test(lines[at])) return false;
  let [first, last] = [at, at];
  while (first > 0 && goesOn(lines[first - 1])) first -= 1;
  while (last + 1 < lines.length && goesOn(lines[last + 1])) last += 1;
  const numbers = lines.slice(first, last + 1).flatMap((line) => NUMBERED.exec(line)?.[1] ?? []);
  const above = lines[first - 1] ?? '';
  const begins = !above || !lines[first].trim() || /:\s*$|^#/.test(above);
  return begins && numbers.length > 1 && numbers.every((number, place) => Number(number) === place + 1);
}

/** They are fetched when the page has nothing else to do, so that the first answer finds them. */
export async function fetchMarkdown() {
  if (asked) return;
  asked = true;
  const fetched = await import('../vendor/markdown.js').catch(() => null);
  fetched?.marked.use({ renderer: { html: ({ text }) => escaped(text), checkbox: tick } });
  fetched?.DOMPurify.addHook('afterSanitizeAttributes', leaveThePage);
  change(() => {
    libraries = fetched;
    asked = Boolean(fetched);
  });
}

/** `- [x]` in a list; it is changed where it is written. @param {{ checked: boolean }} item */
const tick = ({ checked }) =>
  `<span class="tick ${checked ? 'ticked' : ''}" role="img" aria-label="${checked ? 'Done' : 'Open'}"></span> `;

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"']/g, (character) => ESCAPED[character]);

/** @param {Element} element */
function leaveThePage(element) {
  if (['P', 'LI', 'TD', 'BLOCKQUOTE'].includes(element.tagName)) element.setAttribute('dir', 'auto');
  if (element.tagName !== 'A') return;
  element.setAttribute('target', '_blank');
  element.setAttribute('rel', 'noopener noreferrer');
  if (!element.childElementCount && /^(https?:\/\/|www\.)\S+$/.test(element.textContent ?? '')) shorten(element);
}

/** @param {Element} link that shows an address: it is told whole where the mouse rests, as in the title of a task */
function shorten(link) {
  link.setAttribute('title', link.getAttribute('href') ?? '');
  link.textContent = shortened((link.textContent ?? '').replace(/^https?:\/\//, ''));
}
