/**
 * A list of any length at the price of a screenful: rows that are out of sight are left out, and the space that they
 * take is kept free. Heights are guessed until a row was drawn.
 */
import { change } from '../../core/store.js';

const OVERSCAN_PX = 700;
const HEAD_PX = 48;
const ROW_PX = 44;
const ROW_WITH_MORE_PX = 64;

/** @typedef {{ key: string, isHead?: boolean, hasMore?: boolean }} Item */

/** @type {Map<string, number>} */
const heights = new Map();
let drawn = { from: 0, to: 0, before: 0, after: 0 };
let scroll = { top: 0, height: globalThis.innerHeight ?? 800 };
/** @type {number | null} */
let wanted = null;
/** @type {Element | null} */
let watched = null;
let width = 0;

/** @param {Item} item */
const heightOf = ({ key, isHead, hasMore }) =>
  heights.get(key) ?? (isHead ? HEAD_PX : hasMore ? ROW_WITH_MORE_PX : ROW_PX);

/**
 * @template {Item} Shown
 * @param {Shown[]} items
 * @returns {Shown[]} those to draw now
 */
export function inSight(items) {
  const [top, bottom] = [scroll.top - OVERSCAN_PX, scroll.top + scroll.height + OVERSCAN_PX];
  let [from, to, y, before] = [-1, items.length, 0, 0];
  for (let at = 0; at < items.length; at += 1) {
    const next = y + heightOf(items[at]);
    if (from < 0 && next > top) [from, before] = [at, y];
    if (to === items.length && y > bottom) to = at;
    y = next;
  }
  if (from < 0) [from, before] = [Math.max(items.length - 1, 0), y];
  const shown = items.slice(from, to);
  const after = y - before - shown.reduce((sum, item) => sum + heightOf(item), 0);
  drawn = { from, to, before, after: Math.max(after, 0) };
  return shown;
}

/** After each drawing: the free space, and what the new rows really measure. */
export function placeList() {
  const list = /** @type {HTMLElement | null} */ (document.querySelector('.list'));
  const scroller = list?.closest('.scroller');
  if (!list || !scroller) return;
  watch(scroller);
  list.style.paddingTop = `${drawn.before}px`;
  list.style.paddingBottom = `${drawn.after}px`;
  if (wanted !== null) scroller.scrollTop = wanted;
  wanted = null;
  if (measure(list) || look(scroller, list)) change(() => {});
}

/**
 * @param {HTMLElement} list
 * @returns {boolean} whether a guess was wrong
 */
function measure(list) {
  if (list.offsetWidth !== width) heights.clear();
  width = list.offsetWidth;
  let isNew = false;
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll('[data-key]'))) {
    const key = row.dataset.key ?? '';
    if (row.classList.contains('leaving') || heights.get(key) === row.offsetHeight) continue;
    heights.set(key, row.offsetHeight);
    isNew = true;
  }
  return isNew && (drawn.before > 0 || drawn.after > 0);
}

/** @param {Element} scroller */
function watch(scroller) {
  if (watched === scroller) return;
  watched = scroller;
  scroller.addEventListener('scroll', scrolled, { passive: true });
  new ResizeObserver(scrolled).observe(scroller);
}

function scrolled() {
  const list = /** @type {HTMLElement | null} */ (document.querySelector('.list'));
  if (watched && list && look(watched, list)) change(() => {});
}

/**
 * @param {Element} scroller
 * @param {HTMLElement} list
 * @returns {boolean} whether other rows are in sight by now
 */
function look(scroller, list) {
  const top = scroller.scrollTop - list.offsetTop;
  const height = scroller.clientHeight;
  const isFar = Math.abs(top - scroll.top) > OVERSCAN_PX / 3 || height !== scroll.height;
  if (isFar) scroll = { top, height };
  return isFar;
}

/** @param {number} top of the list that is drawn next */
export function scrollTo(top) {
  wanted = top;
  scroll = { ...scroll, top };
}

/**
 * @param {Item[]} items
 * @param {string} key of the item that is to be seen
 */
export function reveal(items, key) {
  const list = /** @type {HTMLElement | null} */ (document.querySelector('.list'));
  const scroller = list?.closest('.scroller');
  const at = items.findIndex((item) => item.key === key);
  if (!list || !scroller || at < 0) return;
  const y = list.offsetTop + items.slice(0, at).reduce((sum, item) => sum + heightOf(item), 0);
  const isSeen =
    y > scroller.scrollTop + 60 && y + heightOf(items[at]) < scroller.scrollTop + scroller.clientHeight - 20;
  if (!isSeen) scrollTo(Math.max(y - scroller.clientHeight / 2, 0));
  change(() => {});
}
