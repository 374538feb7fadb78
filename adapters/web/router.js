/** Which part of the page is shown: what stands behind `#/` in the address; a mailed link leads to its own path. */
import { focusOn } from './focus.js';
import { change } from './store.js';

const RESET = 'reset-password';
let onChange = () => {};

/** @param {() => void} listener */
export function watchRoute(listener) {
  onChange = listener;
  addEventListener('hashchange', arrive);
  addEventListener('popstate', arrive);
  read();
}

/** @param {string} address on this server */
export function visit(address) {
  history.pushState(null, '', address);
  arrive();
}

/** What led here may be gone, and who does not see the page is to hear where it has led. */
function arrive() {
  read();
  focusOn('h1');
}

function read() {
  const route = location.pathname === `/${RESET}` ? RESET : location.hash.replace(/^#\/?/, '');
  change((state) => Object.assign(state, { route, wrong: null }));
  onChange();
}
