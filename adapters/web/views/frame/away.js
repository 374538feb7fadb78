/** Without a connection the page says how old what it shows may be, and how much waits to be sent. */
import { instantWords, within } from '../../core/dates.js';
import { counted } from '../../core/text.js';
import { state } from '../../core/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { DRAFT } from '../list/add.js';
import { icon } from '../pieces/icon.js';

export function away() {
  return html`<div class="away" role="status">
    ${state.link === 'away' ? html`<p>${icon('cloud-off')} ${word()}</p>` : nothing}
  </div>`;
}

function word() {
  const waiting = state.outbox.length + state.foreign.length;
  const as = `You are offline and see your tasks as of ${within(instantWords(new Date(state.seenAt).toISOString()))}.`;
  const later = waiting
    ? `${counted(waiting, 'change')} will be sent when you are back.`
    : 'What you change now is sent later.';
  return [as, later, ...(state.drafts[DRAFT] ? [UNREAD] : [])].join(' ');
}

/** Only the server can read such words, and when it gets them, “tomorrow” may be another day. */
const UNREAD = 'A date, #list or @tag that you type now stays a part of the title.';
