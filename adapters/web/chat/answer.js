/**
 * An answer, from asking for it to its end. It goes on at the server whoever watches, so a page that was cut off comes
 * back to it.
 *
 * @import { ShownMessage } from '../types.d.ts'
 */
import { ApiError, call, newKey, open, pause } from '../server/api.js';
import { begun, fill, shown } from './chat-stream.js';
import { loadConversations } from './conversations.js';
import { failureOf } from '../core/notices.js';
import { change } from '../core/store.js';
import { withStreamPlace } from './stream-places.js';

export const CHAT = '/api/users/me/chat';
export const STREAMED = { Accept: 'text/event-stream' };
/** How often, and after how many milliseconds, an answer that broke off is asked for again. */
const TRIES = 10;
const PAUSE_MS = 1000;

/** @param {string} conversation */
export const messagesOf = (conversation) => `/api/users/me/conversations/${conversation}/messages`;

/** @param {ShownMessage} message from its beginning; 204 where it is over */
export const watch = ({ conversation }) => open('GET', `${CHAT}/${conversation}/stream`);

/** @param {ShownMessage} message goes on from its last step, where nobody is at work on it any more */
export const goOn = (message) =>
  open('POST', `/api/users/me/turns/${message.id}/resume`, { key: newKey(), headers: STREAMED }).catch((error) =>
    error.turnId === message.id ? watch(message) : Promise.reject(error),
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
  change(() => Object.assign(message, { state: 'running', parts: [], error: null, undone: false, again: null }));
  return answer(message, send);
}

/**
 * Where the connection breaks, the answer is told again from its start, by another server if its own died. A failure
 * that the server told of itself is left to the user.
 *
 * @param {ShownMessage} message
 * @param {() => Promise<Response>} send
 */
async function untilOver(message, send) {
  let ask = send;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const isTold = await isToldWhole(message, ask);
    if (isTold && message.state !== 'failed') return;
    if (message.id) await catchUp(message);
    if (message.state !== 'running' && (isTold || message.state !== 'failed')) return;
    change(() => Object.assign(message, { state: 'running', error: null }));
    ask = message.id ? () => goOn(message) : send;
    await pause(PAUSE_MS);
  }
  change(() => (message.state = 'failed'));
}

/**
 * @param {ShownMessage} message
 * @param {() => Promise<Response>} ask
 */
async function isToldWhole(message, ask) {
  try {
    return await withStreamPlace(async (hasPlace) => {
      const response = await ask();
      if (response.status === 204) return false;
      return hasPlace ? fill(message, response) : (await begun(message, response)) && asksOften(message);
    });
  } catch (error) {
    if (message.id && isAway(error)) return false;
    throw error;
  }
}

/** @param {ShownMessage} message whose stream another tab's takes the place of */
async function asksOften(message) {
  while (message.state === 'running') {
    await pause(PAUSE_MS);
    await catchUp(message);
  }
  return true;
}

/** @param {unknown} error */
const isAway = (error) => error instanceof ApiError && error.isPassing;

/** @param {ShownMessage} message as the server knows it by now; while there is none, it is waited for */
export async function catchUp(message) {
  const { messages } = await whenThere(() => call('GET', `${messagesOf(message.conversation)}?limit=2`));
  const last = messages.at(-1);
  if (last?.id !== message.id) return;
  change(() => Object.assign(message, shown(last, message.conversation), { error: message.error }));
}

/**
 * @template Answer
 * @param {() => Promise<Answer>} ask
 * @returns {Promise<Answer>}
 */
async function whenThere(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    await pause(PAUSE_MS);
  }
}
