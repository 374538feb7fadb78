/**
 * One message of a conversation, and what can be done about it.
 *
 * @import { Part, ShownMessage } from '../../types.d.ts'
 */
import { isWaiting } from '../../chat/approvals.js';
import { judge, regenerate, resume } from '../../chat/chat.js';
import { markdown } from '../../core/markdown.js';
import { tell } from '../../core/notices.js';
import { taskOf } from '../../tasks/shown.js';
import { guard, html, nothing } from '../../vendor/lit.js';
import { button } from '../pieces/controls.js';
import { details } from '../pieces/notices.js';
import { iconButton } from '../pieces/icon.js';
import { changedBy, done } from './done.js';
import { plan } from './plan.js';

/** While it works; what it did, it says itself. @type {Record<string, string>} */
const AT_WORK = {
  add_task: 'Adding a task',
  list_tasks: 'Looking at the list',
  complete_task: 'Marking a task as done',
  update_task: 'Changing a task',
  delete_task: 'Deleting a task',
  restore_task: 'Restoring a task',
  change_tasks: 'Changing tasks',
  reschedule_task: 'Moving a task',
  undo_last_changes: 'Undoing',
};
const ENDED = {
  running: '',
  awaiting_approval: '',
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
  const isOver = role === 'assistant' && state !== 'running' && !isWaiting(message);
  return html`
    <article
      class="message ${role} ${state} ${message.undone ? 'undone' : ''}"
      aria-label=${role === 'user' ? 'You' : 'Assistant'}
    >
      ${withPlan(message).map((part) => shown(part, message))} ${role === 'assistant' ? done(message) : nothing}
      ${state === 'running' ? html`<p class="working" role="status">${atWork(message)} …</p>` : nothing}
      ${trouble(message)} ${isOver ? actions(message, isLast) : nothing}
    </article>
  `;
}

/** @param {ShownMessage} message */
function atWork({ parts }) {
  const last = parts.at(-1);
  if (last?.kind === 'call' && !last.result) return AT_WORK[last.tool] ?? last.tool;
  return parts.length ? 'Working' : 'Thinking';
}

/**
 * @param {ShownMessage} message
 * @returns {(Part | { kind: 'plan' })[]} what is planned stands below the words that ask for it
 */
function withPlan({ parts, approval }) {
  if (!approval) return parts;
  const at = parts.findIndex((part) => part.kind === 'text' && part.text.includes(approval.question));
  const asks = parts[at];
  if (asks?.kind !== 'text') return [...parts, { kind: 'plan' }];
  const end = asks.text.indexOf(approval.question) + approval.question.length;
  const [text, rest] = [asks.text.slice(0, end), asks.text.slice(end).trim()];
  /** @type {Part[]} */
  const below = rest ? [{ kind: 'text', text: rest }] : [];
  return [...parts.slice(0, at), { kind: 'text', text }, { kind: 'plan' }, ...below, ...parts.slice(at + 1)];
}

/**
 * @param {Part | { kind: 'plan' }} part
 * @param {ShownMessage} message
 */
function shown(part, message) {
  if (part.kind === 'plan') return message.approval ? plan(message, message.approval) : nothing;
  if (part.kind === 'call') return wasRefused(part, message) ? refusal(part.result?.message ?? '') : nothing;
  if (message.role === 'user') return html`<p class="text" dir="auto">${part.text}</p>`;
  const cards = changedBy(message).map((id) => `${id}. ${taskOf(id)?.title}`);
  const text = () => markdown(without(cards, part.text));
  return html`<div class="text" dir="auto">${guard([part.text, `${cards}`, markdown('')], text)}</div>`;
}

/**
 * @param {string[]} cards
 * @param {string} text
 * @returns {string} less the lines that name a task whose card stands below
 */
const without = (cards, text) =>
  text
    .split('\n')
    .filter((line) => !cards.some((card) => line.replace(/^[\s✓*-]+/u, '').startsWith(card)))
    .join('\n');

/**
 * What a tool refuses speaks to the model, which says it in its own words, or tries something else. What the person has
 * refused is told by the plan.
 *
 * @param {Part & { kind: 'call' }} part
 * @param {ShownMessage} message
 */
function wasRefused({ result }, { approval, parts, state }) {
  const isTold = state === 'running' || parts.some((part) => part.kind === 'text' && part.text.trim());
  return result?.success === false && !isTold && (!approval || approval.state === 'approved');
}

/** @param {string} text */
const refusal = (text) => html`<p class="refused" dir="auto">${text}</p>`;

/** @param {ShownMessage} message */
function trouble({ state, error }) {
  if (!ENDED[state]) return nothing;
  const said = state === 'failed' && error ? error.message : ENDED[state];
  return html`<div class="trouble">
    <p dir="auto">${said}</p>
    ${details(error?.requestId)}
  </div>`;
}

/**
 * @param {ShownMessage} message
 * @param {boolean} isLast
 */
function actions(message, isLast) {
  const failed = message.state === 'failed';
  return html`
    ${message.again ? button('Try again', message.again, 'small') : nothing}
    ${failed && message.id && isLast ? button('Try again', () => resume(message), 'small') : nothing}
    <div class="actions ${isLast ? 'last' : ''}" role="group" aria-label="About this answer">
      ${iconButton('copy', 'Copy', () => copy(message))}
      ${message.id && isLast && !failed ? iconButton('refresh-cw', 'Answer anew', () => regenerate(message)) : nothing}
      ${message.id ? [verdict(message, 'up', 'Good'), verdict(message, 'down', 'Bad')] : nothing}
    </div>
  `;
}

/**
 * @param {ShownMessage} message
 * @param {'up' | 'down'} value
 * @param {string} label
 */
const verdict = (message, value, label) =>
  iconButton(`thumbs-${value}`, label, () => judge(message, value), { pressed: message.feedback === value });

/** @param {ShownMessage} message */
async function copy({ parts }) {
  const text = parts
    .map((part) => (part.kind === 'text' ? part.text : ''))
    .join('\n')
    .trim();
  try {
    await navigator.clipboard.writeText(text);
    tell('Copied.');
  } catch {
    tell('This browser does not let a page copy.');
  }
}
