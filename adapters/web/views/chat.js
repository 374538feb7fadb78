/** The conversation with the assistant. */
import { isAnswering, loadEarlier, say, stop } from '../chat.js';
import { atMost, MESSAGE } from '../lengths.js';
import { state } from '../store.js';
import { html, nothing } from '../vendor/lit.js';
import { button, submitted } from './controls.js';
import { conversations } from './conversations.js';
import { message } from './message.js';

const messageFits = atMost(MESSAGE);
const GREETING = 'Tell the assistant what is to be done, or what you have done.';

export function chat() {
  return html`
    <section class="chat" aria-labelledby="chat-title">
      <h2 id="chat-title">Assistant</h2>
      ${conversations()} ${log()} ${composer()}
    </section>
  `;
}

/** Read out when an answer is whole, not with every word of it. */
function log() {
  return html`
    <div class="log" role="log" aria-label="Conversation" aria-busy=${isAnswering()} tabindex="0">
      <div class="messages">
        ${state.earlier === null ? nothing : button('Show earlier messages', loadEarlier)}
        ${state.messages.length ? nothing : html`<p class="empty">${GREETING}</p>`}
        ${state.messages.map((each, place) => message(each, place === state.messages.length - 1))}
      </div>
    </div>
  `;
}

function composer() {
  return html`
    <form class="composer" @submit=${submitted(({ text }) => said(text))}>
      <textarea
        name="text"
        aria-label="Message"
        rows="1"
        @input=${messageFits}
        required
        placeholder="Remind me to …"
        @keydown=${sendOnEnter}
      ></textarea>
      ${isAnswering() ? button('Stop', stop) : html`<button class="primary">Send</button>`}
    </form>
  `;
}

/** @param {string} text */
function said(text) {
  if (isAnswering() || !text.trim()) return false;
  say(text);
  return true;
}

/** @param {KeyboardEvent} event Shift+Enter begins a new line; while something is composed, Enter belongs to that */
function sendOnEnter(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLTextAreaElement} */ (event.currentTarget).form?.requestSubmit();
}
