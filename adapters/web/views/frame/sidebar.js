/** Where one can go: the places that everybody has, and one's own lists, views and tags. */
import { opened, whenHere } from '../../core/later.js';
import { state } from '../../core/store.js';
import { allLists, allTags, allViews, listCounts } from '../../tasks/lists.js';
import { counts } from '../../tasks/places.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon, iconButton } from '../pieces/icon.js';
import { showSidebar } from './side.js';
import { visit } from '../../core/router.js';

/** @type {[string, string, string][]} address, what is read, icon */
export const PLACES = [
  ['/inbox', 'Inbox', 'inbox'],
  ['/today', 'Today', 'sun'],
  ['/upcoming', 'Upcoming', 'calendar'],
  ['/done', 'Done', 'circle-check'],
  ['/trash', 'Trash', 'trash-2'],
];

export const shortcut = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl ';

export function sidebar() {
  return html`
    <nav class="side" aria-label="Places">
      <header>
        ${account()} ${iconButton('panel-left', 'Fold the sidebar', () => showSidebar(false), { key: '[' })}
      </header>
      <button type="button" class="place" @click=${() => whenHere(({ openPalette }) => openPalette())}>
        ${icon('search')}<span>Search</span><kbd>${shortcut}K</kbd>
      </button>
      ${PLACES.map(([address, label, image]) => place(address, label, icon(image), counts()[address.slice(1)]))}
      ${ownPlaces()}
    </nav>
  `;
}

function account() {
  const name = state.user?.name || state.user?.email?.split('@')[0] || 'You';
  return html`<button type="button" class="me" aria-haspopup="menu" aria-label="Account: ${name}" @click=${accountMenu}>
    <i aria-hidden="true">${[...name][0]?.toUpperCase()}</i><span dir="auto">${name}</span>
  </button>`;
}

/** @param {MouseEvent} event */
function accountMenu({ currentTarget }) {
  whenHere(({ openKeys, openMenu, signOutSafely }) =>
    openMenu({ currentTarget }, [
      { label: 'Settings', icon: 'settings', run: () => visit('/settings') },
      { label: 'Connect an AI', icon: 'sparkles', run: () => visit('/settings/connect') },
      { label: 'Keyboard shortcuts', icon: 'keyboard', key: '?', run: openKeys },
      { line: true },
      { label: 'Sign out', icon: 'log-out', run: signOutSafely },
    ]),
  );
}

/** What a row that is dropped there becomes. @param {string} address */
const drop = (address) => /^\/(inbox|today|list\/\d+)$/.exec(address)?.[1].replace('list/', '') ?? nothing;

/**
 * @param {string} address
 * @param {string} label
 * @param {unknown} image
 * @param {number} [count]
 * @param {unknown} [more]
 */
export function place(address, label, image, count, more = nothing) {
  const isHere = decodeURIComponent(address) === `/${state.place.name}${state.place.id && `/${state.place.id}`}`;
  return html`<div class="place-row">
    <a class="place" href=${address} data-drop=${drop(address)} aria-current=${isHere ? 'page' : nothing}>
      ${image}<span dir="auto">${label}</span>${count ? html`<b>${count.toLocaleString()}</b>` : nothing}
    </a>
    ${more}
  </div>`;
}

export function ownPlaces() {
  return html`${lists()} ${views()} ${tags()}`;
}

function lists() {
  const [archived, current] = [allLists().filter((each) => each.archived), allLists().filter((each) => !each.archived)];
  return html`
    <div class="side-head">
      <h2>Lists</h2>
      ${iconButton('plus', 'New list', newList)}
    </div>
    ${current.map(list)}
    ${
      archived.length
        ? html`<h2 class="side-sub">Archived</h2>
            ${archived.map(list)}`
        : nothing
    }
  `;
}

const newList = () =>
  opened(
    () => import('../list/list-form.js'),
    ({ openListForm }) => openListForm(),
  );

/** @param {import('../../types.d.ts').TaskList} list */
const list = ({ id, name, color }) =>
  place(`/list/${id}`, name, html`<span class="dot ${color}"></span>`, listCounts().get(id));

const views = () => html`
  <div class="side-head">
    <h2>Views</h2>
    ${iconButton('plus', 'New view', () => whenHere(({ openFilter }) => openFilter()))}
  </div>
  ${allViews().map(({ id, name }) => place(`/view/${id}`, name, icon('list-filter')))}
`;

function tags() {
  if (!allTags().length) return nothing;
  return html`
    <div class="side-head"><h2>Tags</h2></div>
    ${allTags().map(({ name, pending }) => place(`/tag/${encodeURIComponent(name)}`, name, icon('hash'), pending))}
  `;
}
