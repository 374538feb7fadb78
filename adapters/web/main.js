/** Starts the page. Everything it does is a call of the public HTTP API (/docs). */
import { saveDrafts } from './core/drafts.js';
import { watchTheDay } from './core/dates.js';
import { watchKeys } from './core/keys.js';
import { fetchMarkdown } from './core/markdown.js';
import { onArrival, watchAddress } from './core/router.js';
import { state, subscribe } from './core/store.js';
import { watchTheBrowser } from './server/live.js';
import { openSession } from './server/session.js';
import { keepPage } from './server/worker.js';
import { watchReminders } from './tasks/ringing.js';
import { render } from './vendor/lit.js';
import { arrived } from './views/frame/arrival.js';
import { app } from './views/frame/app.js';
import { dress } from './views/frame/theme.js';
import { placeList } from './views/list/virtual.js';
import { placeDialog } from './views/pieces/dialog.js';
import { placePopover } from './views/pieces/popover.js';

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const IDLE_MS = 1500;

let isFirst = true;
subscribe(() => {
  if (isFirst) root.replaceChildren();
  isFirst = false;
  dress();
  render(app(), root);
  placeList();
  placeDialog();
  placePopover();
});

onArrival(arrived);
watchAddress();
watchTheBrowser();
watchTheDay();
watchKeys();
watchReminders();
openSession();
addEventListener('beforeunload', saveDrafts);
setTimeout(() => {
  if (state.user) fetchMarkdown();
  keepPage();
}, IDLE_MS);
