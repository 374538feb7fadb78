/**
 * Starts the page, with what a visitor needs; what is there for somebody who is signed in follows (`inside.js`).
 * Everything it does is a call of the public HTTP API (/docs).
 */
import { saveDrafts } from './core/drafts.js';
import { inside } from './core/fetch-inside.js';
import { watchAddress } from './core/router.js';
import { subscribe } from './core/store.js';
import { openSession } from './server/session.js';
import { render } from './vendor/lit.js';
import { app } from './views/frame/app.js';
import { dress } from './views/frame/theme.js';

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const IDLE_MS = 1500;

let isFirst = true;
subscribe(() => {
  if (isFirst) root.replaceChildren();
  isFirst = false;
  dress();
  render(app(), root);
});

watchAddress();
openSession();
addEventListener('beforeunload', saveDrafts);
setTimeout(async () => {
  inside()?.fetchMarkdown();
  (await import('./server/worker.js')).keepPage();
}, IDLE_MS);
