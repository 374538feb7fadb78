/**
 * An answer, from asking for it to its end. It goes on at the server whoever watches, so a page that was cut off comes
 * back to it.
 *
 * @import { ShownMessage } from './types.d.ts'
 */
import { call, newKey, open, pause } from './api.js';
import { fill, shown } from './chat-stream.js';
import { loadConversations } from './conversations.js';
import { failureOf } from './notices.js';
import { change } from './store.js';

export const CHAT = '/api/users/me/chat';
export const STREAMED = { Accept: 'text/event-stream' };
/** How often, and after how many milliseconds, an answer that broke off is asked for again. */
const TRIES = 10;
const PAUSE_MS = 1000;

/** @param {string} conversation */
export const messagesOf = (conversation) => `/api/users/me/conversations/${conversation}/messages`;

/** @param {ShownMessage} message from its beginning; 204 where it is over */
export const watch = ({ conversation }) => open('GET', `${CHAT}/${conversation}/stream`);

/** @param {ShownMessage} message was cut off, and goes on from its last step; somebody else may have asked for that */
export const goOn = (message) =>
  open('POST', `/api/users/me/turns/${message.id}/resume`, { key: newKey(), headers: STREAMED }).catch((error) =>
    error.status === 409 ? watch(message) : Promise.reject(error),
  );

/**
 * @param {ShownMessage} message is filled
 * @param {() => Promise<Response>} send
 */
export async function answer(message, send) {
  try {
    await untilOver(message, send);
  } catch (error) {
    const again = () => answerAgain(message, send);
    change(() =>
      Object.assign(message, { state: 'failed', error: failureOf(error), again: message.id ? null : again }),
    );
  }
  loadConversations();
}

/**
 * @param {ShownMessage} message
 * @param {() => Promise<Response>} send
 */
export function answerAgain(message, send) {
  change(() => Object.assign(message, { state: 'running', parts: [], error: null, again: null }));
  return answer(message, send);
}

/**
 * Where the connection breaks, the answer is watched again from its beginning; where its server died, another is asked
 * to go on with it.
 *
 * @param {ShownMessage} message
 * @param {() => Promise<Response>} send
 */
async function untilOver(message, send) {
  let ask = send;
  for (let tries = 0; tries < TRIES; tries += 1) {
    if ((await isToldWhole(message, await ask())) && message.state !== 'failed') return;
    if (message.id) await catchUp(message);
    if (!['running', 'interrupted'].includes(message.state)) return;
    ask = nextWay(message, send);
    await pause(PAUSE_MS);
  }
}

/**
 * @param {ShownMessage} message
 * @param {() => Promise<Response>} send
 */
function nextWay(message, send) {
  if (!message.id) return send;
  return message.state === 'interrupted' ? () => goOn(message) : () => watch(message);
}

/**
 * @param {ShownMessage} message
 * @param {Response} response
 */
async function isToldWhole(message, response) {
  return response.status !== 204 && fill(message, response);
}

/** @param {ShownMessage} message as the server knows it by now */
async function catchUp(message) {
  const { messages } = await call('GET', `${messagesOf(message.conversation)}?limit=2`);
  const last = messages.at(-1);
  if (last?.id !== message.id) return;
  change(() => Object.assign(message, shown(last, message.conversation), { error: message.error }));
}
