/** Settings, a page for each kind. */
import { state } from '../../../core/store.js';
import { html, nothing } from '../../../vendor/lit.js';
import { connect } from './connect.js';
import { data } from './data.js';
import { profile } from './profile.js';
import { security } from './security.js';

/** @type {Record<string, [string, () => unknown]>} */
const PAGES = {
  '': ['You', profile],
  security: ['Password and sessions', security],
  connect: ['Connect an AI', connect],
  data: ['Import and export', data],
};

export function settings() {
  const [title, page] = PAGES[state.place.id] ?? PAGES[''];
  document.title = `${title} · tasktalk`;
  return html`
    <div class="scroller">
      <div class="column settings-page">
        <header class="head"><h1 tabindex="-1">${title}</h1></header>
        <nav class="subplaces" aria-label="Settings">
          ${Object.entries(PAGES).map(([id, [label]]) => link(id, label))}
        </nav>
        ${page()}
      </div>
    </div>
  `;
}

/**
 * @param {string} id
 * @param {string} label
 */
const link = (id, label) =>
  html`<a href="/settings${id && `/${id}`}" aria-current=${state.place.id === id ? 'page' : nothing}>${label}</a>`;
