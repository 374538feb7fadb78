/**
 * Starts the page. Who is here decides what follows: `outside.js`, or `inside.js` and then `deferred.js`.
 * Everything it does is a call of the public HTTP API (/docs).
 */
import { saveDrafts } from './core/drafts.js';
import { deferred, inside, later, outside, untilHere } from './core/later.js';
import { watchAddress } from './core/router.js';
import { state, subscribe } from './core/store.js';
import { openSession } from './server/session.js';
import { html, nothing, render } from './vendor/lit.js';

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const IDLE_MS = 1500;

/** Where links in mails lead, whoever opens them. */
const FOR_ALL = ['confirm-email', 'reset-password', 'forgot-password'];
const forVisitors = later(outside.fetch);

function app() {
  if (state.user === null || FOR_ALL.includes(state.place.name)) return visitors();
  return (state.user && inside.here()?.frame()) || begins();
}

function visitors() {
  const part = forVisitors();
  return part ? part.page() : begins();
}

/** Before it is known who is here; what is there at once is seen at once. */
function begins() {
  return html`<main class="begins" aria-busy="true">
    <h1 class="unseen">tasktalk</h1>
    ${state.link === 'away' ? html`<p>Waiting for the server …</p>` : nothing}
  </main>`;
}

/** Light, dark, or as the system, and how far the server is: the style sheets read it from the document. */
function dress() {
  const { dataset } = document.documentElement;
  if (state.prefs.theme === 'system') delete dataset.theme;
  else dataset.theme = state.prefs.theme;
  dataset.link = state.link;
  dataset.waiting = String(state.outbox.length);
}

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
  deferred.here()?.fetchMarkdown();
  (await untilHere(() => import('./server/worker.js'))).keepPage();
}, IDLE_MS);
