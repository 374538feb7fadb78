/**
 * Who changed a task, and when.
 *
 * @import { Event, Task } from '../../types.d.ts'
 */
import { instantWords } from '../../core/dates.js';
import { change, state } from '../../core/store.js';
import { call } from '../../server/api.js';
import { TASKS } from '../../tasks/replica.js';
import { html, nothing } from '../../vendor/lit.js';

/** @type {Record<string, string>} */
const WORDS = {
  created: 'Added',
  updated: 'Changed',
  completed: 'Completed',
  uncompleted: 'Reopened',
  deleted: 'Deleted',
  restored: 'Restored',
};

/** @param {number} id */
export async function showActivity(id) {
  change((state) => (state.activity[id] = []));
  const { events } = await call('GET', `${TASKS}/${id}/events?limit=100`).catch(() => ({ events: [] }));
  change((state) => (state.activity[id] = events.reverse()));
}

/** @param {Task} task */
export function activity({ id }) {
  const events = state.activity[id];
  if (!events?.length) return nothing;
  return html`<ul class="activity" aria-label="Activity">
    ${events.map(line)}
  </ul>`;
}

/** @param {Event} event */
const line = ({ kind, actor, at }) =>
  html`<li>${WORDS[kind] ?? kind} by ${who(actor)} <span>${instantWords(at)}</span></li>`;

/** @param {Event['actor']} actor */
function who({ kind, name }) {
  if (kind === 'turn') return 'the assistant';
  return kind === 'token' ? (name ?? 'a program') : kind === 'system' ? 'the system' : 'you';
}
