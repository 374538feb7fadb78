/**
 * All that the page knows, in one place. Page loads, the live feed and the chat write here, by `change` alone; views
 * only read.
 *
 * @import { State } from './types.d.ts'
 */

/** @returns {State} */
const nothingYet = () => ({
  user: undefined,
  route: '',
  wrong: null,
  link: 'connecting',
  seenAt: Date.now(),
  notices: [],
  busy: new Set(),
  pane: 'tasks',
  filter: 'pending',
  most: 0,
  lists: {},
  tasks: new Map(),
  edits: new Map(),
  adding: [],
  editing: null,
  revision: 0,
  conversations: [],
  conversation: 'default',
  messages: [],
  earlier: null,
  tokens: null,
  connections: null,
  newToken: null,
});

export const state = nothingYet();

/** @type {(() => void)[]} */
const listeners = [];
let due = false;

/** @param {() => void} listener called before the browser draws next, after any number of changes */
export function subscribe(listener) {
  listeners.push(listener);
}

/** @param {(state: State) => void} alter */
export function change(alter) {
  alter(state);
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    for (const listener of listeners) listener();
  });
}

/** Somebody left: nothing of theirs stays, but for what they are told. */
export function forget() {
  const { route, notices } = state;
  change((all) => Object.assign(all, nothingYet(), { user: null, route, notices }));
}
