/**
 * What the assistant asks about, as a plan: what would change, yes and no, and how long it waits.
 *
 * @import { Approval, ShownMessage } from '../../types.d.ts'
 */
import { hasExpired, isWaiting } from '../../chat/approvals.js';
import { say } from '../../chat/chat.js';
import { decide } from '../../chat/decide.js';
import { change, state } from '../../core/store.js';
import { counted } from '../../core/text.js';
import { html, nothing } from '../../vendor/lit.js';
import { button } from '../pieces/controls.js';
import { plannedChange } from './planned-change.js';

const MOST = 5;
const MINUTE_MS = 60_000;
/** Plans that are shown whole. @type {Set<string>} */
const opened = new Set();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let ticking;

/** @type {Record<Approval['state'], string>} */
const ENDED = {
  pending: '',
  approved: 'You said yes.',
  refused: 'You said no.',
  expired: 'This was open for ten minutes and has closed. Nothing was changed.',
  changed: 'You said yes, but the tasks had changed since, so nothing was done.',
};
/** @type {Record<string, string>} */
const VERBS = { deleted: 'delete', completed: 'complete', created: 'add', uncompleted: 'reopen', restored: 'restore' };

/**
 * @param {ShownMessage} message
 * @param {Approval} approval
 */
export function plan(message, approval) {
  if (hasExpired(approval)) return html`${rows(approval)} ${closed(message)}`;
  const end = ENDED[approval.state];
  if (!isWaiting(message)) return end ? html`<p class="plan-end" role="status">${end}</p>` : nothing;
  tickAt(approval);
  return html`
    <div class="plan waits" role="group" aria-label="The assistant asks" tabindex="-1" @keydown=${typeOn}>
      ${rows(approval)} ${message.error ? html`<p class="wrong" role="alert">${message.error.message}</p>` : nothing}
      <footer>
        ${button(`Yes, ${verb(approval)} ${approval.total_changes}`, () => decide(message, true), 'primary small')}
        ${button('No', () => decide(message, false), 'small')}
        <span>${waits(approval)}</span>
      </footer>
    </div>
  `;
}

/** @param {ShownMessage} message */
function closed(message) {
  const before = state.messages[state.messages.indexOf(message) - 1];
  const said = before?.role === 'user' && before.parts[0]?.kind === 'text' ? before.parts[0].text : '';
  return html`<p class="plan-end" role="status">${ENDED.expired}</p>
    ${said && message === state.messages.at(-1) ? button('Say it again', () => say(said), 'small') : nothing}`;
}

/** @param {Approval} approval */
function rows({ id, changes, total_changes: total }) {
  const shown = opened.has(id) ? changes : changes.slice(0, MOST);
  const rest = total - shown.length;
  const more = () => change(() => opened.add(id));
  return html`<ul class="planned" aria-label=${counted(total, 'change')}>
    ${shown.map(plannedChange)}
    ${rest > 0 ? html`<li class="rest">${end(rest, shown === changes, more)}</li>` : nothing}
  </ul>`;
}

/**
 * @param {number} rest
 * @param {boolean} isAll that is known
 * @param {() => unknown} more
 */
const end = (rest, isAll, more) =>
  isAll ? html`<span>and ${rest} more like these</span>` : button(`and ${rest} more`, more, 'link-button');

/** @param {Approval} approval @returns {string} one word for all that would be done */
function verb({ changes }) {
  const actions = new Set(changes.map(({ action }) => action));
  return (actions.size === 1 && VERBS[[...actions][0]]) || 'change';
}

/** @param {Approval} approval */
function waits({ expires_at: end }) {
  const minutes = Math.ceil((Date.parse(end) - Date.now()) / MINUTE_MS);
  return minutes > 1 ? `waits ${minutes} min` : 'waits a minute more';
}

/** The words for how long it waits are drawn anew. @param {Approval} approval */
function tickAt({ expires_at: end }) {
  clearTimeout(ticking);
  const left = Date.parse(end) - Date.now();
  ticking = setTimeout(() => change(() => {}), (left % MINUTE_MS) + 20);
}

/** Whoever goes on typing, types into the field below. @param {KeyboardEvent} event */
function typeOn(event) {
  const isText = event.key.length === 1 && event.key !== ' ' && !(event.metaKey || event.ctrlKey || event.altKey);
  if (!isText || event.target !== event.currentTarget) return;
  event.stopPropagation();
  document.getElementById('composer')?.focus();
}
