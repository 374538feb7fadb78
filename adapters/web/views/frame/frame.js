/** The frame of the page: the sidebar, the list of a place, and the assistant; on a phone, one of them and a bar. */
import { prefer } from '../../core/drafts.js';
import { deferred, later, opened, whenHere } from '../../core/later.js';
import { state } from '../../core/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { list } from '../list/list.js';
import { icon, iconButton } from '../pieces/icon.js';
import { isSidebarAbove, isSidebarShown, showSidebar } from './side.js';
import { sidebar } from './sidebar.js';

export function frame() {
  const { assistant: isOpen } = state.prefs;
  const { name } = state.place;
  const rest = deferred.here();
  const seen = name === 'chat' ? 'chat' : name === 'more' ? 'more' : 'list';
  return html`
    ${rung()}
    <div class="frame seen-${seen} ${isSidebarShown() ? '' : 'no-sidebar'} ${isOpen ? '' : 'no-chat'}">
      ${isSidebarAbove() ? html`<div class="veil" @click=${() => showSidebar(false)}></div>` : nothing} ${sidebar()}
      ${pane(html`${corners()} ${rest?.away()} ${name === 'settings' ? rest?.settings() : list()} ${rest?.notice()}`)}
      ${chat()}
    </div>
    ${phoneBar()} ${rest?.overlays()}
  `;
}

const rungView = later(() => import('./ringing.js'));

/** Reminders that rang, above everything until they are answered. */
function rung() {
  return html`<section class="ringing" aria-label="Reminders" aria-live="assertive">
    ${state.ringing.length ? rungView()?.reminders() : nothing}
  </section>`;
}

/** In a conversation's own place, it is the main thing. */
function chat() {
  const content = deferred.here()?.chat();
  if (state.place.name === 'chat') return html`<main class="chat" aria-label="Assistant">${content}</main>`;
  return html`<aside class="chat" aria-label="Assistant">${content}</aside>`;
}

/** What a place shows. In a conversation's own place, that is the main thing. @param {unknown} inside */
const pane = (inside) =>
  state.place.name === 'chat' ? html`<div class="pane">${inside}</div>` : html`<main class="pane">${inside}</main>`;

const LEFT = { kind: 'corner left', key: '[' };
const right = () => ({ kind: `corner right ${deferred.here()?.asks() ? 'asks' : ''}`, key: ']' });

/** For what is folded away. */
function corners() {
  const { assistant: isOpen } = state.prefs;
  return html`
    ${isSidebarShown() ? nothing : iconButton('panel-left', 'Show the sidebar', () => showSidebar(true), LEFT)}
    ${isOpen ? nothing : iconButton('panel-right', 'Show the assistant', () => prefer({ assistant: true }), right())}
  `;
}

/** On a phone, within the thumb's reach. @type {[string, string, string][]} */
const TABS = [
  ['/today', 'Today', 'sun'],
  ['/upcoming', 'Upcoming', 'calendar'],
  ['/inbox', 'Inbox', 'inbox'],
  ['/chat', 'Assistant', 'message-circle'],
];

function phoneBar() {
  const isList = !['chat', 'settings'].includes(state.place.name);
  return html`
    ${isList ? addButton() : nothing}
    <nav class="tabs" aria-label="Main places">
      ${TABS.map(([address, label, image]) => tab(address, label, image))}
      <button type="button" @click=${openMore}>${icon('ellipsis')}More</button>
    </nav>
  `;
}

const openMore = () =>
  opened(
    () => import('./more.js'),
    ({ openMore }) => openMore(),
  );

const addButton = () =>
  html`<button type="button" class="fab" aria-label="Add a task" @click=${() => whenHere(({ openAdd }) => openAdd())}>
    ${icon('plus')}
  </button>`;

/**
 * @param {string} address
 * @param {string} label
 * @param {string} image
 */
function tab(address, label, image) {
  const isHere = address.slice(1) === state.place.name;
  const waits = address === '/chat' && deferred.here()?.asks();
  return html`<a href=${address} class=${waits ? 'asks' : ''} aria-current=${isHere ? 'page' : nothing}
    >${icon(image)}${label}</a
  >`;
}
