/** The settings, fetched when somebody first goes there. */
import { later, untilHere } from '../../core/later.js';
import { html } from '../../vendor/lit.js';

const fetched = () => import('./pages/settings.js');
const pages = later(fetched);

export const settings = () =>
  pages()?.settings() ??
  html`<div class="scroller" aria-busy="true"><h1 class="unseen" aria-busy="true">Settings</h1></div>`;

/** @param {string} id of a page of them */
export async function arrivedAtSettings(id) {
  (await untilHere(fetched)).arrived(id);
}
