/** Text that is not sent yet, and what somebody likes: both survive a reload. */
import { kept, keep } from './device.js';
import { change, state } from './store.js';

const WAIT_MS = 250;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let saving;

export async function loadDrafts() {
  const [drafts, prefs] = await Promise.all([kept('drafts'), kept('prefs')]);
  change((state) => {
    state.drafts = { ...drafts, ...state.drafts };
    state.prefs = { ...state.prefs, ...prefs };
    state.conversation = state.prefs.conversation;
  });
}

/**
 * @param {string} name such as `new-task` or `chat:default`
 * @param {string} text
 */
export function draft(name, text) {
  change((state) => {
    if (text) state.drafts[name] = text;
    else delete state.drafts[name];
  });
  clearTimeout(saving);
  saving = setTimeout(saveDrafts, WAIT_MS);
}

export function saveDrafts() {
  if (state.user) keep('drafts', state.drafts);
}

/** @param {Partial<import('../types.d.ts').Prefs>} values */
export function prefer(values) {
  change((state) => Object.assign(state.prefs, values));
  keep('prefs', state.prefs);
}

addEventListener('pagehide', saveDrafts);
