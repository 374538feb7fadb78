/** The conversation with the assistant: a column beside the list, or the whole of a phone. */
import { isAnswering, loadEarlier, openConversation, say, stop } from '../../chat/chat.js';
import { draft, prefer } from '../../core/drafts.js';
import { later } from '../../core/later.js';
import { atMost, MESSAGE } from '../../core/lengths.js';
import { change, drawNow, state } from '../../core/store.js';
import { html, live, nothing } from '../../vendor/lit.js';
import { button } from '../pieces/controls.js';
import { icon, iconButton } from '../pieces/icon.js';
import { message } from './message.js';

const list = later(() => import('./conversations.js'));
export const examples = later(() => import('./examples.js'));
const messageFits = atMost(MESSAGE);
const GREETING =
  'Tell the assistant what is to be done, or what you have done. It keeps your list, and all it does can be undone.';

const FOLD = { kind: 'fold', key: ']' };

export function chat() {
  return html`${head()} ${state.chatPage === 'conversations' ? list()?.conversations() : html`${log()} ${composer()}`}`;
}

function head() {
  const isList = state.chatPage === 'conversations';
  const title = isList ? 'Conversations' : (titleOf(state.conversation) ?? 'Assistant');
  return html`
    <header class="chat-head">
      ${state.place.name === 'chat' ? html`<h1 dir="auto">${title}</h1>` : html`<h2 dir="auto">${title}</h2>`}
      ${iconButton('history', 'Conversations', () => turn(isList), { pressed: isList })}
      ${iconButton('square-pen', 'New conversation', () => openConversation(''))}
      ${iconButton('panel-right', 'Fold the assistant', () => prefer({ assistant: false }), FOLD)}
    </header>
  `;
}

/** @param {string} id */
const titleOf = (id) => state.conversations.find((each) => each.id === id)?.title;

/** @param {boolean} isList */
const turn = (isList) => change((state) => (state.chatPage = isList ? 'messages' : 'conversations'));

/** Read out when an answer is whole, not with every word of it. */
function log() {
  return html`
    <div class="log" role="log" aria-label="Conversation" aria-busy=${isAnswering()} tabindex="0">
      <div class="messages">
        ${state.earlier === null ? nothing : button('Show earlier messages', loadEarlier, 'link-button')}
        ${state.messages.length ? nothing : greeting()}
        ${state.messages.map((each, place) => message(each, place === state.messages.length - 1))}
      </div>
    </div>
  `;
}

/** A list without a task has the examples, too. */
const greeting = () =>
  html`<p class="greeting">${GREETING}</p>
    ${state.isWhole && (state.tasks.size || state.place.name === 'chat') ? examples()?.examples() : nothing}`;

function composer() {
  const name = `chat:${state.conversation}`;
  const text = state.drafts[name] ?? '';
  const typed = (/** @type {InputEvent} */ event) => {
    messageFits(event);
    draft(name, /** @type {HTMLTextAreaElement} */ (event.currentTarget).value);
  };
  return html`
    <form class="composer" @submit=${sent}>
      <textarea
        id="composer"
        aria-label="Message"
        rows="1"
        dir="auto"
        placeholder="Tell me what to do"
        aria-keyshortcuts="m c"
        .value=${live(text)}
        @input=${typed}
        @keydown=${sendOnEnter}
      ></textarea>
      ${
        isAnswering()
          ? iconButton('square', 'Stop', stop, { kind: 'stop' })
          : html`<button class="icon-button send" aria-label="Send" title="Send (Enter)" ?disabled=${!text.trim()}>
              ${icon('arrow-up')}
            </button>`
      }
    </form>
  `;
}

/** @param {SubmitEvent} event */
function sent(event) {
  event.preventDefault();
  const name = `chat:${state.conversation}`;
  const text = state.drafts[name]?.trim();
  if (!text || isAnswering()) return;
  draft(name, '');
  say(text);
  drawNow(); // what is typed from now on is the next message
}

/** @param {KeyboardEvent} event Shift+Enter begins a new line; while something is composed, Enter belongs to that */
function sendOnEnter(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLTextAreaElement} */ (event.currentTarget).form?.requestSubmit();
}
