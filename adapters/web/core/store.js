/**
 * All that the page knows, in one place. The server's answers, the live feed and the person write here, by `change` and
 * `changeData` alone; views only read.
 *
 * @import { State } from '../types.d.ts'
 */

/** @returns {State} */
const nothingYet = () => ({
  user: undefined,
  place: { name: '', id: '', params: new URLSearchParams() },
  wrong: null,
  link: 'connecting',
  seenAt: Date.now(),
  notice: null,
  busy: new Set(),
  dialog: null,
  popover: null,
  prefs: {
    ...{ theme: 'system', sidebar: true, assistant: true, conversation: 'default' },
    ...{ undone: [], folded: [], arranged: {}, notifies: false },
  },
  drafts: {},
  version: 0,
  tasks: new Map(),
  lists: new Map(),
  views: new Map(),
  revision: 0,
  isWhole: false,
  trash: 'unread',
  outbox: [],
  foreign: [],
  aliases: new Map(),
  leaving: new Map(),
  arriving: new Map(),
  undoable: [],
  open: null,
  cursor: null,
  selected: new Set(),
  answers: {},
  conversations: [],
  conversation: 'default',
  messages: [],
  earlier: null,
  chatPage: 'messages',
  today: '',
  activity: {},
  ringing: [],
  rings: {},
  reminderSettings: null,
  confirmation: null,
  tokens: null,
  newToken: null,
  connections: null,
});

export const state = nothingYet();

/** @type {(() => void)[]} */
const listeners = [];
let isDue = false;

/** @param {() => void} listener called before the browser draws next, after any number of changes */
export function subscribe(listener) {
  listeners.push(listener);
}

/** @param {(state: State) => void} alter */
export function change(alter) {
  alter(state);
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => isDue && drawNow());
}

/** For what is typed into at once. */
export function drawNow() {
  isDue = false;
  for (const listener of listeners) listener();
}

/** @param {(state: State) => void} alter what `derived` values are made of */
export function changeData(alter) {
  change((all) => {
    alter(all);
    all.version += 1;
  });
}

/**
 * @template Value
 * @param {() => Value} compute from the tasks, lists and views
 * @returns {() => Value} computed once for each state of them
 */
export function derived(compute) {
  let version = -1;
  /** @type {Value} */
  let value;
  return () => {
    if (version !== state.version) {
      version = state.version;
      value = compute();
    }
    return value;
  };
}

/** Somebody left: nothing of theirs stays, but for what they are told. */
export function forget() {
  const { place, notice, version, prefs, today } = state;
  const kept = { user: null, place, notice, today, version: version + 1, link: /** @type {const} */ ('connecting') };
  change((all) => Object.assign(all, nothingYet(), kept));
  change((all) => (all.prefs.theme = prefs.theme));
}
