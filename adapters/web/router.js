/** Which part of the page is shown: what stands behind `#/` in the address; a mailed link leads to its own path. */
import { change } from './store.js';

const RESET = 'reset-password';
let onChange = () => {};

/** @param {() => void} listener */
export function watchRoute(listener) {
  onChange = listener;
  addEventListener('hashchange', read);
  addEventListener('popstate', read);
  read();
}

/** @param {string} address on this server */
export function visit(address) {
  history.pushState(null, '', address);
  read();
}

function read() {
  const route = location.pathname === `/${RESET}` ? RESET : location.hash.replace(/^#\/?/, '');
  change((state) => Object.assign(state, { route, wrong: null }));
  onChange();
}
