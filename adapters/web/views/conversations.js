/**
 * Which conversation is open, and what can be done with it.
 *
 * @import { Conversation } from '../types.d.ts'
 */
import { openConversation } from '../chat.js';
import { deleteConversation, rename } from '../conversations.js';
import { state } from '../store.js';
import { html } from '../vendor/lit.js';
import { button } from './controls.js';

export function conversations() {
  const { conversation } = state;
  const isListed = state.conversations.some(({ id }) => id === conversation);
  return html`
    <div class="conversations">
      <select aria-label="Conversation" .value=${conversation} @change=${chosen}>
        ${isListed ? '' : html`<option value=${conversation} selected>New conversation</option>`}
        ${state.conversations.map(option)}
      </select>
      ${button('New', () => openConversation(''))}
      ${isListed ? [button('Rename', renamed), button('Delete', deleted)] : ''}
    </div>
  `;
}

/** @param {Conversation} conversation */
function option({ id, title }) {
  return html`<option value=${id} ?selected=${id === state.conversation}>${title ?? id}</option>`;
}

/** @param {Event} event */
function chosen(event) {
  openConversation(/** @type {HTMLSelectElement} */ (event.currentTarget).value);
}

function renamed() {
  const title = prompt(
    'What is this conversation about?',
    state.conversations.find(({ id }) => id === state.conversation)?.title ?? '',
  );
  if (title?.trim()) rename(title);
}

async function deleted() {
  if (confirm('Delete this conversation? What the assistant did stays done.') && (await deleteConversation()))
    openConversation('default');
}
