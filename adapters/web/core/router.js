/**
 * Every place has an address: the path says which tasks are shown, `?task=` which of them is open. Reload, back and a
 * shared link lead to the same place.
 *
 * @import { Place } from '../types.d.ts'
 */
import { focusOn } from './focus.js';
import { change, state } from './store.js';

/** @type {((place: Place) => void)[]} */
const listeners = [];
let shown = { address: '', isStep: false };

/** @param {(place: Place) => void} listener called after the address has changed */
export function onArrival(listener) {
  listeners.push(listener);
}

/** To be called once. */
export function watchAddress() {
  history.scrollRestoration = 'manual';
  addEventListener('popstate', goneBack);
  addEventListener('pagehide', rememberScroll);
  document.addEventListener('click', followLink);
  read();
}

/** Somebody is known from now on, for whom the address may mean something else. */
export function arriveAgain() {
  for (const listener of listeners) listener(state.place);
}

/** @param {string} address on this server */
export function visit(address) {
  rememberScroll();
  history.pushState(null, '', address);
  read();
  focusOn('h1:not([aria-busy])', { preventScroll: true });
}

/** @param {string} address takes the place of this one */
export function replaceAddress(address) {
  history.replaceState(history.state, '', address);
  read();
}

/**
 * @param {Record<string, string | null>} values null takes a parameter out of the address
 * @param {{ isStep?: boolean }} [options] whether Back takes this back, and not only what was before
 */
export function setParams(values, { isStep = false } = {}) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  if (isStep && !history.state?.isStep) {
    rememberScroll();
    history.pushState({ ...history.state, isStep }, '');
  }
  replaceAddress(url.pathname + url.search);
}

/** A step that was taken back by other means is none for Back: it goes on to what was before. */
function goneBack() {
  const before = shown;
  read();
  if (before.isStep && before.address === shown.address) history.back();
}

/** @returns {number} where the list was scrolled to when this address was left */
export const rememberedScroll = () => history.state?.scroll ?? 0;

function rememberScroll() {
  const scroll = document.querySelector('.scroller')?.scrollTop ?? 0;
  history.replaceState({ ...history.state, scroll }, '');
}

/** @param {MouseEvent} event */
function followLink(event) {
  const link = /** @type {Element} */ (event.target).closest?.('a[href^="/"]');
  const isOrdinary =
    !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
  if (!link || !isOrdinary || link.hasAttribute('target') || link.hasAttribute('data-outside')) return;
  event.preventDefault();
  visit(link.getAttribute('href') ?? '/');
}

function read() {
  shown = { address: location.pathname + location.search, isStep: Boolean(history.state?.isStep) };
  const [name = '', ...rest] = location.pathname.split('/').filter(Boolean).map(decoded);
  const params = new URLSearchParams(location.search);
  const place = { name, id: rest.join('/'), params };
  const isElsewhere = place.name !== state.place.name || place.id !== state.place.id;
  change((state) => {
    Object.assign(state, { place, wrong: null, open: Number(params.get('task')) || null });
    if (isElsewhere) Object.assign(state, { cursor: null, selected: new Set(), popover: null });
  });
  for (const listener of listeners) listener(place);
}

/** @param {string} part of a path, maybe mistyped */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
