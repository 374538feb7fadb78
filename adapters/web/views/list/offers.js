/** Behind `#` and `@`, the lists and tags that begin as the word before the cursor does. */
import { draft } from '../../core/drafts.js';
import { change, state } from '../../core/store.js';
import { folded } from '../../core/text.js';
import { allLists, allTags } from '../../tasks/lists.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../pieces/icon.js';
import { DRAFT } from './add.js';
import { readLine } from './marks.js';

const WORD = /(?:^|\s)([#@])([^\s"#@]*)$/u;
const MOST = 6;
const NOTHING = { before: '', at: 0 };
/** The text before the cursor, and which offer Enter takes. */
let now = NOTHING;

/** @typedef {{ name: string, mark: unknown }} Offer */

/** @returns {Offer[]} */
function offered() {
  const [, sign, typed] = WORD.exec(now.before) ?? [];
  const begins = (/** @type {Offer} */ { name }) =>
    folded(name).startsWith(folded(typed)) && folded(name) !== folded(typed);
  return sign ? (sign === '#' ? lists() : tags()).filter(begins).slice(0, MOST) : [];
}

const lists = () =>
  allLists()
    .filter(({ archived }) => !archived)
    .map(({ name, color }) => ({ name, mark: html`<span class="dot ${color}"></span>` }));
const tags = () => allTags().map(({ name }) => ({ name, mark: icon('hash') }));

/** @param {HTMLTextAreaElement} field that was written in */
export function offerFor({ value, selectionStart }) {
  change(() => (now = { before: value.slice(0, selectionStart), at: 0 }));
}

export const offerNothing = () => change(() => (now = NOTHING));

/** @param {boolean} isInDialog whether the form is, which asks */
export function offers(isInDialog) {
  const all = isInDialog === Boolean(state.dialog) ? offered() : [];
  return {
    chosen: all.length ? `offer-${now.at}` : null,
    shown: all.length
      ? html`<ul class="offers" id="offers" role="listbox" aria-label="Completions">
          ${all.map(line)}
        </ul>`
      : nothing,
  };
}

/**
 * @param {Offer} offer
 * @param {number} at
 */
const line = (offer, at) =>
  html`<li id="offer-${at}" role="option" aria-selected=${at === now.at} @mousedown=${pointed(offer)}>
    ${offer.mark}<span dir="auto">${offer.name}</span>
  </li>`;

/** The field keeps the focus. @param {Offer} offer */
const pointed = (offer) => (/** @type {MouseEvent} */ event) => {
  event.preventDefault();
  const form = /** @type {Element} */ (event.currentTarget).closest('form');
  take(/** @type {HTMLTextAreaElement} */ (form?.querySelector('textarea')), offer);
};

/**
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key was about what is offered
 */
export function choosesOffer(event) {
  const all = offered();
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const isTaken = ['Enter', 'Tab'].includes(event.key) && !event.isComposing && !event.shiftKey;
  if (!all.length || !(by || isTaken || event.key === 'Escape')) return false;
  event.preventDefault();
  if (by) change(() => (now = { ...now, at: (now.at + by + all.length) % all.length }));
  else if (isTaken) take(/** @type {HTMLTextAreaElement} */ (event.currentTarget), all[now.at]);
  else offerNothing();
  return true;
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {Offer} offer takes the place of what was typed of it
 */
function take(field, { name }) {
  const [, , typed] = WORD.exec(now.before) ?? ['', '', ''];
  const words = /[\s"#@]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name;
  const end = now.before.length;
  field.setRangeText(`${words} `, end - typed.length, end, 'end');
  draft(DRAFT, field.value);
  offerNothing();
  readLine(field);
}
