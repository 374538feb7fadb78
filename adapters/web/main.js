/** Starts the page. Everything it does is a call of the public HTTP API (/docs). */
import { loadConnections } from './connections.js';
import { watchTheBrowser } from './feed.js';
import { watchRoute } from './router.js';
import { resumeSession } from './session.js';
import { state, subscribe } from './store.js';
import { loadTokens } from './tokens.js';
import { render } from './vendor/lit.js';
import { app } from './views/app.js';

const root = /** @type {HTMLElement} */ (document.getElementById('app'));

subscribe(() => render(app(), root));
watchTheBrowser();
watchRoute(() => state.user && state.route === 'connect' && Promise.all([loadTokens(), loadConnections()]));
resumeSession();
