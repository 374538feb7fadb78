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
import { isSidebarShown } from './views/frame/side.js';

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const IDLE_MS = 1500;

/** Where links in mails lead, whoever opens them. */
const FOR_ALL = ['confirm-email', 'reset-password', 'forgot-password'];
const forVisitors = later(outside.fetch);
/** Whether the server has put the styles of the list into the head of the page. */
const isExpected = !document.querySelector('template#inside');
const NAMED = ['inbox', 'today', 'upcoming', 'done', 'trash'];

function app() {
  if (state.user === null || FOR_ALL.includes(state.place.name)) return forVisitors()?.page() ?? begins();
  return (state.user && inside.here()?.frame()) || (isExpected ? emptyFrame() : begins());
}

/** Before it is known who is here; what is there at once is seen at once. */
function begins() {
  return html`<main class="begins" aria-busy="true">
    <h1 class="unseen">tasktalk</h1>
    ${waiting()}
  </main>`;
}

/** What is known of the list at once: where it will stand, and the title of a place that everybody has. */
function emptyFrame() {
  const { name } = state.place;
  const title = NAMED.includes(name) ? name[0].toUpperCase() + name.slice(1) : '';
  const folded = `${isSidebarShown() ? '' : 'no-sidebar'} ${state.prefs.assistant ? '' : 'no-chat'}`;
  return html`<div class="frame ${name === 'chat' ? 'seen-chat' : 'seen-list'} ${folded}">
    <nav class="side"></nav>
    <main class="pane" aria-busy="true">
      <div class="scroller">
        <div class="column">
          <header class="head"><h1 aria-busy="true">${title}</h1></header>
          ${waiting()}
        </div>
      </div>
    </main>
    <aside class="chat"></aside>
  </div>`;
}

const waiting = () => (state.link === 'away' ? html`<p>Waiting for the server …</p>` : nothing);

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
