/** The settings, fetched when somebody first goes there. */
import { change } from '../../core/store.js';
import { html } from '../../vendor/lit.js';

/** @type {typeof import('./pages/settings.js') | null} */
let pages = null;
let isAsked = false;

export function settings() {
  if (pages) return pages.settings();
  if (!isAsked) fetchPages();
  return html`<div class="scroller" aria-busy="true"></div>`;
}

async function fetchPages() {
  isAsked = true;
  const fetched = await import('./pages/settings.js').catch(() => null);
  isAsked = Boolean(fetched);
  change(() => (pages = fetched));
}
