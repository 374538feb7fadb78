/**
 * The conversation with the assistant.
 *
 * @import { Actor, Message, ShownMessage } from '../types.d.ts'
 */
import { CHAT, STREAMED, answer, answerAgain, goOn, messagesOf, watch } from './answer.js';
import { isWaiting } from './approvals.js';
import { call, newKey, open } from '../server/api.js';
import { shown } from './chat-stream.js';
import { loadConversations, started } from './conversations.js';
import { tell, tellFailure } from '../core/notices.js';
import { change, drawNow, state } from '../core/store.js';
import { prefer } from '../core/drafts.js';
import { replaceAddress } from '../core/router.js';
import { outboxIsSent } from '../tasks/outbox.js';
import { takeAll } from '../tasks/replica.js';

const NEWEST = 50;
/** So many undone answers are marked as such after a reload. */
const REMEMBERED = 200;

/** What is said before its end is shown at once, and sent afterwards. */
let loading = Promise.resolve();

/**
 * The newest messages, and the answer that is still being given. A conversation is there when something was said in it.
 */
export function loadConversation() {
  loading = loading.then(load);
  return loading;
}

async function load() {
  const { conversation } = state;
  const before = new Set(state.messages);
  await loadConversations();
  if (conversation !== state.conversation || !state.conversations.some(({ id }) => id === conversation)) return;
  if (await isRead('', () => state.messages.filter((message) => !before.has(message)))) {
    const last = state.messages.findLast(({ id }) => id);
    if (last?.state === 'running') answer(last, () => watch(last));
  }
}

export function loadEarlier() {
  return isRead(`&before=${state.earlier}`, () => state.messages);
}

/**
 * @param {string} query
 * @param {() => ShownMessage[]} newer what comes behind it
 * @returns {Promise<boolean>} false: another conversation is open by now, or it is told what went wrong
 */
async function isRead(query, newer) {
  const { conversation } = state;
  try {
    const page = await call('GET', `${messagesOf(conversation)}?limit=${NEWEST}${query}`);
    if (conversation !== state.conversation) return false;
    const messages = [...page.messages.map((/** @type {Message} */ each) => shown(each, conversation)), ...newer()];
    change((state) => Object.assign(state, { messages, earlier: page.previous_cursor }));
    return true;
  } catch (error) {
    tellFailure("The conversation can't be read.", error);
    return false;
  }
}

/** @param {string} text */
export function say(text) {
  const key = newKey();
  const said = blank('user', 'done', text);
  const reply = blank('assistant', 'running');
  const send = async () => {
    if (reply.conversation) await loading;
    await outboxIsSent();
    reply.conversation = await started();
    const body = { message: text, conversation_id: reply.conversation };
    return open('POST', CHAT, { body, key, headers: STREAMED });
  };
  change((state) => state.messages.push(said, reply));
  return answer(reply, send);
}

/** @param {ShownMessage} message the last answer; what it did stays done */
export function regenerate(message) {
  const path = `${messagesOf(message.conversation)}/${message.id}/regenerate`;
  return answerAgain(message, () => open('POST', path, { key: newKey(), headers: STREAMED }));
}

/** @param {ShownMessage} message an answer that failed: it goes on from its last step, and does nothing twice */
export function resume(message) {
  return answerAgain(message, () => goOn(message));
}

/** What was said until then stays. */
export async function stop() {
  const turn = state.messages.at(-1)?.id;
  try {
    await call('POST', `${CHAT}/${state.conversation}/stop`, { body: turn ? { turn_id: turn } : {} });
  } catch (error) {
    tellFailure('The assistant was not stopped.', error);
  }
}

/** @param {ShownMessage} message all that it did, or nothing */
export async function undo(message) {
  try {
    const undone = await call('POST', `/api/users/me/turns/${message.id}/undo`, { key: newKey() });
    takeAll('task', undone.tasks);
    takeAll('list', undone.lists ?? []);
    change(() => (message.undone = true));
    prefer({ undone: [...state.prefs.undone, message.id].slice(-REMEMBERED) });
    tell('What the assistant did is undone.');
  } catch (error) {
    tellFailure('Nothing was undone.', error);
  }
}

/**
 * @param {ShownMessage} message
 * @param {'up' | 'down'} given again: it is taken back
 */
export async function judge(message, given) {
  const before = message.feedback;
  const value = before === given ? null : given;
  change(() => (message.feedback = value));
  try {
    await call('PUT', `${messagesOf(message.conversation)}/${message.id}/feedback`, { body: { value } });
  } catch (error) {
    change(() => (message.feedback = before));
    tellFailure('Your judgement was not kept.', error);
  }
}

/** @param {Actor} actor of a change: where it is a turn that this page does not show, another tab has asked for it */
export function answeredElsewhere({ conversation_id: conversation, message_id: id }) {
  const isHere = state.messages.some((message) => message.id === id && !isWaiting(message));
  if (conversation === state.conversation && !isAnswering() && !isHere) loadConversation();
}

/** Another device may have answered what this one is asked; no change of a task tells of a no. */
export const lookAgain = () => state.messages.some(isWaiting) && loadConversation();

export const isAnswering = () => state.messages.at(-1)?.state === 'running';

/** @param {string} id empty: a new one, which begins when something is said, maybe before the browser draws next */
export function openConversation(id) {
  change((state) => Object.assign(state, { conversation: id, messages: [], earlier: null, chatPage: 'messages' }));
  drawNow();
  prefer({ conversation: id });
  if (state.place.name === 'chat') replaceAddress(`/chat/${id}`);
  if (id) loadConversation();
}

/**
 * @param {ShownMessage['role']} role
 * @param {ShownMessage['state']} turn
 * @param {string} [text]
 * @returns {ShownMessage}
 */
function blank(role, turn, text) {
  const { conversation } = state;
  return {
    id: '',
    conversation,
    role,
    parts: text ? [{ kind: 'text', text }] : [],
    state: turn,
    approval: null,
    feedback: null,
    error: null,
    undone: false,
    again: null,
  };
}
