/**
 * Yes or no to what the assistant asks.
 *
 * @import { ShownMessage } from '../types.d.ts'
 */
import { change } from '../core/store.js';
import { newKey, open, pause } from '../server/api.js';
import { outboxIsSent } from '../tasks/outbox.js';
import { CHAT, STREAMED, answer, catchUp } from './answer.js';
import { isWaiting } from './approvals.js';

const TRIES = 5;
const PAUSE_MS = 1000;

/**
 * Where the connection fails it is said again with the same key, which counts once.
 *
 * @param {ShownMessage} message
 * @param {boolean} approved
 */
export async function decide(message, approved) {
  const id = message.approval?.id;
  const key = newKey();
  const send = async () => {
    await outboxIsSent();
    return open('POST', `${CHAT}/approvals/${id}`, { body: { approved }, key, headers: STREAMED });
  };
  for (let tries = 0; tries < TRIES; tries += 1) {
    change(() => Object.assign(message, { state: 'running', error: null }));
    await answer(message, send);
    if (message.state === 'failed' && message.approval?.state === 'pending') await catchUp(message);
    if (!isWaiting(message) || message.approval?.id !== id || message.error) return;
    await pause(PAUSE_MS);
  }
}
