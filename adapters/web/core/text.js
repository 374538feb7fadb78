/** Texts of people: their addresses become links, and they are compared as they are meant. */
import { html } from '../vendor/lit.js';

const ADDRESS = /\bhttps?:\/\/[^\s<>"'“”]+/g;
/** What ends a sentence and not the address before it. */
const TRAILING = /[.,;:!?)\]]+$/;
const MOST_SHOWN = 48;

/**
 * @param {string} text
 * @returns {import('../vendor/lit.js').Rendered[]}
 */
export function linked(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = trimmed(found[0]);
    parts.push(text.slice(end, found.index), link(address));
    end = found.index + address.length;
  }
  return [...parts, text.slice(end)];
}

/** @param {string} address brackets that are closed belong to it */
function trimmed(address) {
  const bare = address.replace(TRAILING, '');
  return address[bare.length] === ')' && bare.includes('(') ? `${bare})` : bare;
}

/** @param {string} address */
const link = (address) =>
  html`<a href=${address} title=${address} target="_blank" rel="noopener noreferrer" tabindex="-1"
    >${shortened(address.replace(/^https?:\/\//, ''))}</a
  >`;

/** @param {string} address */
export const shortened = (address) =>
  address.length > MOST_SHOWN ? `${[...address].slice(0, MOST_SHOWN - 1).join('')}…` : address;

/**
 * @param {string} text
 * @returns {string} without case, accents and normal form
 */
export const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export const counted = (count, one, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`;
