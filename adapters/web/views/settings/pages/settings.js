/** Settings, a page for each kind. */
import { loadConnections } from '../../../account/connections.js';
import { loadReminderSettings } from '../../../account/notifications.js';
import { loadTokens } from '../../../account/tokens.js';
import { state } from '../../../core/store.js';
import { html, nothing } from '../../../vendor/lit.js';
import { connect } from './connect.js';
import { data } from './data.js';
import { profile } from './profile.js';
import { reminders } from './reminders.js';
import { security } from './security.js';

/** @type {Record<string, [string, () => unknown]>} */
const PAGES = {
  '': ['Profile', profile],
  reminders: ['Reminders', reminders],
  security: ['Password and sessions', security],
  connect: ['Connect an AI', connect],
  data: ['Import and export', data],
};

/** What a page shows is asked for. @param {string} id */
export function arrived(id) {
  if (id === 'connect') Promise.all([loadTokens(), loadConnections()]);
  if (id === '' || id === 'reminders') loadReminderSettings();
  requestAnimationFrame(() => requestAnimationFrame(seeHere));
}

/** On a phone, not all links are in sight. */
const seeHere = () =>
  document.querySelector('.subplaces [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

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
