/**
 * One message of a conversation, and what can be done about it.
 *
 * @import { Part, ShownMessage } from '../types.d.ts'
 */
import { judge, regenerate, resume, undo } from '../chat.js';
import { markdown } from '../markdown.js';
import { guard, html, nothing } from '../vendor/lit.js';
import { button, pressed } from './controls.js';

/** While it works; what it did, it says itself. */
/** @type {Record<string, string>} */
const AT_WORK = {
  add_task: 'Adding a task …',
  list_tasks: 'Looking at the list …',
  complete_task: 'Marking a task as done …',
  update_task: 'Changing a task …',
  delete_task: 'Deleting a task …',
  restore_task: 'Restoring a task …',
  undo_last_changes: 'Undoing …',
};
const ENDED = {
  running: '',
  done: '',
  failed: 'The assistant failed.',
  stopped: 'You stopped it.',
  interrupted: 'The assistant was cut off.',
};

/**
 * @param {ShownMessage} message
 * @param {boolean} isLast
 */
export function message(message, isLast) {
  const { role, state } = message;
  return html`
    <article class="message ${role} ${state}" aria-label=${role === 'user' ? 'You' : 'Assistant'}>
      ${message.parts.map((part) => shown(part, role))}
      ${state === 'running' ? html`<p class="working">${message.parts.length ? '' : 'Thinking'} …</p>` : nothing}
      ${trouble(message)} ${role === 'assistant' && state !== 'running' ? actions(message, isLast) : nothing}
    </article>
  `;
}

/**
 * @param {Part} part
 * @param {ShownMessage['role']} role
 */
function shown(part, role) {
  if (part.kind === 'call') return call(part);
  if (role === 'user') return html`<p class="text">${part.text}</p>`;
  return html`<div class="text">${guard([part.text, markdown('')], () => markdown(part.text))}</div>`;
}

/** @param {Extract<Part, { kind: 'call' }>} call */
function call({ tool, result }) {
  const kind = !result ? 'waiting' : result.success ? 'succeeded' : 'refused';
  return html`<p class="call ${kind}">${result ? result.message : (AT_WORK[tool] ?? `${tool} …`)}</p>`;
}

/** @param {ShownMessage} message */
function trouble({ state, error }) {
  if (!ENDED[state]) return nothing;
  const said = state === 'failed' && error ? error.message : ENDED[state];
  return html`<p class="trouble">
    ${said} ${error?.requestId ? html`<small>Request ${error.requestId}</small>` : nothing}
  </p>`;
}

/**
 * @param {ShownMessage} message
 * @param {boolean} isLast
 */
function actions(message, isLast) {
  return html`
    <div class="actions" role="group" aria-label="About this answer">
      ${message.again ? button('Try again', message.again) : nothing} ${message.id && isLast ? once(message) : nothing}
      ${didSomething(message) && !message.undone ? button('Undo what it did', () => undo(message)) : nothing}
      ${message.id ? [verdict(message, 'up', 'Good'), verdict(message, 'down', 'Bad')] : nothing}
    </div>
  `;
}

/**
 * @param {ShownMessage} message
 * @param {'up' | 'down'} value
 * @param {string} label
 */
function verdict(message, value, label) {
  return pressed(label, message.feedback === value, () => judge(message, value));
}

/** @param {ShownMessage} message */
function once(message) {
  if (message.state === 'failed') return button('Try again', () => resume(message));
  return button('Answer anew', () => regenerate(message));
}

/** @param {ShownMessage} message */
function didSomething({ parts }) {
  return parts.some((part) => part.kind === 'call' && part.tool !== 'list_tasks' && part.result?.success);
}
