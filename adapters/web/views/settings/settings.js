/** The settings, fetched when somebody first goes there. */
import { later } from '../../core/later.js';
import { html } from '../../vendor/lit.js';

const pages = later(() => import('./pages/settings.js'));

export const settings = () =>
  pages()?.settings() ??
  html`<div class="scroller" aria-busy="true"><h1 class="unseen" aria-busy="true">Settings</h1></div>`;
