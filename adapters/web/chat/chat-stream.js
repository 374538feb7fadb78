/**
 * An answer as it comes: the chunks of the AI SDK's UI message stream, and what they make of a message.
 *
 * @import { Chunk, Message, ShownMessage, ToolResult } from '../types.d.ts'
 */
import { eventsOf } from '../server/server-sent-events.js';
import { change, state as all } from '../core/store.js';
import { begin, take } from './approvals.js';

/** @type {Record<string, (message: ShownMessage, chunk: Chunk, requestId: string) => void>} */
const EFFECTS = {
  start: (message, { messageId = '' }) => begin(message, messageId),
  'data-approval': (message, { data }) => data && take(message, data),
  'text-start': (message) => message.parts.push({ kind: 'text', text: '' }),
  'text-delta': (message, { delta = '' }) => addText(message, delta),
  'tool-input-start': (message, { toolCallId: id = '', toolName: tool = '' }) =>
    message.parts.push({ kind: 'call', id, tool, result: null }),
  'tool-output-available': (message, { toolCallId = '', output }) => output && end(message, toolCallId, output),
  'tool-output-error': (message, { toolCallId = '', errorText = '' }) =>
    end(message, toolCallId, { success: false, message: errorText, data: null }),
  'tool-output-denied': (message, { toolCallId = '' }) =>
    end(message, toolCallId, { success: false, message: '', data: null }),
  finish: (message) => (message.state = message.approval?.state === 'pending' ? 'awaiting_approval' : 'done'),
  abort: (message) => (message.state = 'stopped'),
  error: (message, { errorText = '' }, requestId) =>
    Object.assign(message, { state: 'failed', error: { message: errorText, requestId } }),
};

/**
 * @param {Response} response
 * @param {ShownMessage} message is filled; what it had is told again from the beginning
 * @returns {Promise<boolean>} false where the connection broke before the answer was over
 */
export async function fill(message, response) {
  const requestId = response.headers.get('X-Request-ID') ?? '';
  try {
    for await (const { data } of eventsOf(response)) {
      if (data === '[DONE]') return true;
      const chunk = /** @type {Chunk} */ (JSON.parse(data));
      change(() => EFFECTS[chunk.type]?.(message, chunk, requestId));
    }
  } catch (error) {
    console.warn('The answer broke off; it is asked for again.', error);
  }
  return false;
}

/**
 * @param {ShownMessage} message
 * @param {Response} response is left as soon as the server has named the answer
 * @returns {Promise<boolean>} whether it has
 */
export async function begun(message, response) {
  const cut = async function* () {
    for await (const { data } of eventsOf(response)) {
      yield data;
      if (message.id) return;
    }
  };
  for await (const data of cut()) {
    const chunk = data === '[DONE]' ? null : /** @type {Chunk} */ (JSON.parse(data));
    if (chunk) change(() => EFFECTS[chunk.type]?.(message, chunk, ''));
  }
  return Boolean(message.id);
}

/**
 * @param {ShownMessage} message
 * @param {string} delta
 */
function addText(message, delta) {
  const last = message.parts.at(-1);
  if (last?.kind === 'text') last.text += delta;
}

/**
 * @param {ShownMessage} message
 * @param {string} callId
 * @param {ToolResult} result
 */
function end(message, callId, result) {
  const call = message.parts.find((part) => part.kind === 'call' && part.id === callId);
  if (call?.kind === 'call') call.result = result;
}

/**
 * @param {Message} message as the API tells it
 * @param {string} conversation
 * @returns {ShownMessage}
 */
export function shown({ id, role, text, tool_calls: calls, state, feedback, approval = null }, conversation) {
  /** @type {ShownMessage['parts']} */
  const parts = calls.map((call, place) => ({
    kind: 'call',
    id: `${id}-${place}`,
    tool: call.tool_name,
    result: call.result,
  }));
  if (text) parts.push({ kind: 'text', text });
  return {
    id,
    conversation,
    role,
    parts,
    state,
    approval,
    feedback: feedback?.value ?? null,
    error: null,
    undone: all.prefs.undone.includes(id),
    again: null,
  };
}
