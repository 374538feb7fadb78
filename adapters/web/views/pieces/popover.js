/**
 * What opens beside a button: one at a time, in the browser's own `popover`, which closes by Escape or a click beside
 * it and gives the focus back.
 *
 * @import { MenuItem } from '../../types.d.ts'
 */
import { change, state } from '../../core/store.js';
import { folded } from '../../core/text.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from './icon.js';

const GAP = 4;
const EDGE = 8;

/**
 * @param {Element} anchor that it opens beside
 * @param {() => import('../../vendor/lit.js').Rendered} content
 * @param {string} [label]
 */
export function openPopover(anchor, content, label = '') {
  change((state) => (state.popover = { anchor, content, label }));
}

export function closePopover() {
  change((state) => (state.popover = null));
  popoverElement()?.hidePopover();
}

const popoverElement = () => /** @type {HTMLElement | null} */ (document.getElementById('popover'));

/**
 * @param {Pick<MouseEvent, 'currentTarget'>} event
 * @param {MenuItem[]} items
 * @param {string} [label]
 */
export function openMenu(event, items, label = 'Menu') {
  openPopover(/** @type {Element} */ (event.currentTarget), () => menu(items), label);
}

/** @param {MenuItem[]} items */
export function menu(items) {
  return html`<div class="menu" role="menu" @keydown=${walk}>${items.map(menuItem)}</div>`;
}

/** @param {MenuItem} item */
function menuItem(item) {
  if (item.line) return html`<hr />`;
  if (item.head) return html`<p class="menu-head" role="presentation">${item.head}</p>`;
  const run = () => {
    closePopover();
    item.run?.();
  };
  return html`<button
    type="button"
    class=${item.isDangerous ? 'danger' : ''}
    role=${item.isChosen === undefined ? 'menuitem' : 'menuitemradio'}
    aria-checked=${item.isChosen ?? nothing}
    tabindex="-1"
    @click=${run}
  >
    ${item.dot ? html`<span class="dot ${item.dot}"></span>` : item.icon ? icon(item.icon) : nothing}
    <span dir="auto">${item.label}</span>
    ${item.isChosen ? icon('check', 'chosen') : item.key ? html`<kbd>${item.key}</kbd>` : nothing}
  </button>`;
}

/** Arrows, the key that stands beside an item, and the letters that it begins with. @param {KeyboardEvent} event */
function walk(event) {
  if (event.metaKey || event.ctrlKey || event.altKey || ['Enter', ' ', 'Tab', 'Escape'].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  const items = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll('button')];
  const at = items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) return items[(at + step + items.length) % items.length].focus();
  if (event.key === 'Home' || event.key === 'End') return items.at(event.key === 'Home' ? 0 : -1)?.focus();
  const key = event.key === 'Delete' ? 'Del' : event.key;
  const named = items.find((item) => item.querySelector('kbd')?.textContent === key);
  if (named) return named.click();
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  after.find((item) => folded(item.textContent?.trim() ?? '').startsWith(folded(key)))?.focus();
}

export function popover() {
  const { popover } = state;
  return html`<div
    id="popover"
    popover="auto"
    role=${popover?.label ? 'dialog' : nothing}
    aria-label=${popover?.label || nothing}
    @beforetoggle=${toggled}
  >
    ${popover?.content() ?? nothing}
  </div>`;
}

/** At once, or the next drawing would open it again. @param {ToggleEvent} event */
function toggled(event) {
  if (event.newState === 'closed') change((state) => (state.popover = null));
}

/** After each drawing: shows what was asked for, within the window. */
export function placePopover() {
  const element = popoverElement();
  const { popover } = state;
  if (!element || !popover) return element?.matches(':popover-open') && element.hidePopover();
  if (!element.matches(':popover-open')) {
    element.showPopover();
    const first = /** @type {HTMLElement | null} */ (element.querySelector('[autofocus], input, button'));
    first?.focus({ preventScroll: true });
  }
  const { left, top, bottom, width } = popover.anchor.getBoundingClientRect();
  const [wide, high] = [element.offsetWidth, element.offsetHeight];
  const fitsBelow = bottom + GAP + high + EDGE < innerHeight || top < innerHeight / 2;
  const y = fitsBelow ? Math.min(bottom + GAP, innerHeight - high - EDGE) : top - GAP - high;
  const edge = Math.min(
    popover.anchor.closest('.pane, .side')?.getBoundingClientRect().right ?? innerWidth,
    innerWidth,
  );
  const x = left + wide + EDGE > edge ? left + width - wide : left;
  element.style.left = `${Math.max(EDGE, Math.min(x, innerWidth - wide - EDGE))}px`;
  element.style.top = `${Math.max(EDGE, y)}px`;
}
