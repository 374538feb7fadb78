/** On a phone: where one can go, and the button that adds, within the thumb's reach. */
import { asks } from '../../chat/approvals.js';
import { state } from '../../core/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { openAdd } from '../list/add.js';
import { icon } from '../pieces/icon.js';
import { openDialog, closeDialog } from '../pieces/dialog.js';
import { more } from './more.js';

/** @type {[string, string, string][]} */
const TABS = [
  ['/today', 'Today', 'sun'],
  ['/upcoming', 'Upcoming', 'calendar'],
  ['/inbox', 'Inbox', 'inbox'],
  ['/chat', 'Assistant', 'message-circle'],
];

export function phoneBar() {
  const isList = !['chat', 'settings'].includes(state.place.name);
  return html`
    ${isList ? addButton() : nothing}
    <nav class="tabs" aria-label="Main places">
      ${TABS.map(([address, label, image]) => tab(address, label, image))}
      <button type="button" @click=${openMore}>${icon('ellipsis')}More</button>
    </nav>
  `;
}

const addButton = () =>
  html`<button type="button" class="fab" aria-label="Add a task" @click=${() => openAdd()}>${icon('plus')}</button>`;

/**
 * @param {string} address
 * @param {string} label
 * @param {string} image
 */
function tab(address, label, image) {
  const isHere = address.slice(1) === state.place.name;
  const waits = address === '/chat' && asks();
  return html`<a href=${address} class=${waits ? 'asks' : ''} aria-current=${isHere ? 'page' : nothing}
    >${icon(image)}${label}</a
  >`;
}

function openMore() {
  openDialog('More', () => html`<div class="more-sheet" @click=${leaveByLink}>${more()}</div>`, { kind: 'sheet' });
}

/** @param {Event} event */
function leaveByLink(event) {
  if (/** @type {Element} */ (event.target).closest('a, .leaves')) closeDialog();
}
