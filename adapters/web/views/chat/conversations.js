/**
 * The list of conversations.
 *
 * @import { Conversation } from '../../types.d.ts'
 */
import { openConversation } from '../../chat/chat.js';
import { deleteConversation, rename } from '../../chat/conversations.js';
import { instantWords } from '../../core/dates.js';
import { visit } from '../../core/router.js';
import { change, state } from '../../core/store.js';
import { html } from '../../vendor/lit.js';
import { askedFor, confirmed } from '../pieces/dialog.js';
import { iconButton } from '../pieces/icon.js';
import { openMenu } from '../pieces/popover.js';

export function conversations() {
  if (!state.conversations.length) return html`<p class="greeting">No conversation yet. Begin one below.</p>`;
  return html`<ul class="conversations">
    ${state.conversations.map(line)}
  </ul>`;
}

/** @param {Conversation} conversation */
function line(conversation) {
  const { id, title, updated_at: at } = conversation;
  return html`<li>
    <a
      href="/chat/${id}"
      aria-current=${id === state.conversation}
      @click=${(/** @type {MouseEvent} */ event) => opened(event, id)}
    >
      <span dir="auto">${title ?? 'Untitled'}</span><small>${instantWords(at)}</small>
    </a>
    ${iconButton('ellipsis', `More: ${title ?? 'Untitled'}`, (event) => openMore(event, conversation))}
  </li>`;
}

/**
 * @param {MouseEvent} event
 * @param {string} id
 */
function opened(event, id) {
  if (event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  if (id === state.conversation) change((state) => (state.chatPage = 'messages'));
  else openConversation(id);
  if (matchMedia('(max-width: 46rem)').matches) visit(`/chat/${id}`);
}

/**
 * @param {MouseEvent} event
 * @param {Conversation} conversation
 */
function openMore(event, conversation) {
  openMenu(
    event,
    [
      { label: 'Rename', icon: 'pencil', run: () => renamed(conversation) },
      { label: 'Delete', icon: 'trash-2', isDangerous: true, run: () => deleted(conversation) },
    ],
    'Conversation',
  );
}

/** @param {Conversation} conversation */
async function renamed({ id, title }) {
  const name = await askedFor('What is this conversation about?', { value: title ?? '', label: 'Rename' });
  if (name) rename(id, name);
}

/** @param {Conversation} conversation */
async function deleted({ id, title }) {
  const text = 'What the assistant did stays done.';
  if (!(await confirmed(`Delete “${title ?? 'Untitled'}”?`, { label: 'Delete', text, isDangerous: true }))) return;
  if ((await deleteConversation(id)) && id === state.conversation) openConversation('default');
}
