/**
 * Edits on their way. Each is shown at once, kept on the device, and sent when it can be, in order, once: with an
 * idempotency key, and with `If-Match` where it says what a task is to be. So the page works without a connection.
 *
 * @import { Operation, OperationDraft } from '../types.d.ts'
 */
import { dropOperation, keepOperation } from '../core/device.js';
import { tellFailure } from '../core/notices.js';
import { changeData, state } from '../core/store.js';
import { ApiError, call, newKey } from '../server/api.js';
import { TAB, tellTabs, withLock } from '../server/tabs.js';
import { collide } from './conflicts.js';
import { dropEntity, takeAll } from './replica.js';

const RETRY_MS = 3000;
/** How long a message to the assistant waits for edits, which may be held up. */
const PATIENCE_MS = 3000;
let counted = 0;
let isSending = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retrying;
/** Who waits for an operation's end. @type {Map<number, (answer: any) => void>} */
const waiting = new Map();

/** @returns {number} stands for a task until the server has numbered it */
export const temporaryId = () => -(Date.now() * 100 + (counted++ % 100));

/**
 * @param {OperationDraft} draft
 * @returns {Promise<any>} the server's answer; null: it was refused or taken back
 */
export function enqueue(draft) {
  const seq = Date.now() * 1000 + (counted++ % 1000);
  const at = new Date().toISOString();
  /** @type {Operation} */
  const operation = { entity: 'task', ...draft, seq, key: newKey(), tab: TAB, at };
  changeData((state) => state.outbox.push(operation));
  const answered = new Promise((resolve) => waiting.set(seq, resolve));
  keepOperation(operation).then(announce);
  sendOutbox();
  return answered;
}

/** Waits until the last edit made here has been sent, so that whoever acts on the server next has it before it. */
export function outboxIsSent() {
  const last = state.outbox.at(-1)?.seq ?? 0;
  const first = waiting.get(last);
  const sent = new Promise((resolve) => waiting.set(last, (answer) => resolve(first?.(answer))));
  return last && Promise.race([sent, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

/**
 * @param {Operation} operation
 * @param {Partial<Operation>} values
 */
export function amend(operation, values) {
  changeData(() => Object.assign(operation, values));
  keepOperation(operation).then(announce);
}

/**
 * @param {Operation} operation
 * @param {any} [answer]
 */
export function finish(operation, answer = null) {
  changeData((state) => (state.outbox = state.outbox.filter((each) => each !== operation)));
  dropOperation(operation.seq).then(announce);
  waiting.get(operation.seq)?.(answer);
  waiting.delete(operation.seq);
}

export async function sendOutbox() {
  if (isSending || !state.user) return;
  isSending = true;
  clearTimeout(retrying);
  try {
    await withLock('outbox', {}, sendAll);
  } finally {
    isSending = false;
  }
}

async function sendAll() {
  for (let next = nextOne(); next; next = nextOne()) {
    if (await isOver(next)) continue;
    next.isSent = false;
    retrying = setTimeout(sendOutbox, RETRY_MS);
    return;
  }
}

/** What waits for the person's decision holds up what comes later for the same task, and nothing else. */
const nextOne = () => {
  const held = new Set(state.outbox.filter((each) => each.held).map((each) => each.target));
  const waits = (/** @type {Operation} */ { target = 0, creates, held: isHeld }) =>
    isHeld || held.has(target) || (target < 0 && target !== creates && !isMadeHere(target));
  return state.outbox.find((each) => !waits(each));
};

/**
 * @param {Operation} operation
 * @returns {Promise<boolean>} false: it is sent again later
 */
async function isOver(operation) {
  operation.isSent = true;
  const headers = { ...(operation.ifMatch && { 'If-Match': `"${operation.ifMatch}"` }) };
  try {
    const { method, path, body, key } = operation;
    settle(operation, await call(method, path, { body, key: operation.once ? undefined : key, headers, once: true }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isPassing || error.status === 401 || error.status === 429) return false;
    if (error.status === 412 && error.task) return collide(operation, error.task);
    refuse(operation, error);
  }
  return true;
}

/**
 * @param {Operation} operation
 * @param {any} answer is taken in before what lay over it goes
 */
function settle(operation, answer) {
  const { entity, creates } = operation;
  const id = answer?.id ?? answer?.task?.id;
  if (creates && id) {
    number(creates, id);
    tellTabs({ kind: 'numbered', temporary: creates, id });
  }
  if (answer?.revision) takeAll(entity, [answer]);
  if (answer?.task?.revision) takeAll('task', [answer.task]);
  takeAll('task', answer?.tasks ?? []);
  takeAll('list', answer?.lists ?? []);
  takeAll('view', answer?.views ?? []);
  takeAll(
    'task',
    (answer?.results ?? []).flatMap((/** @type {any} */ result) => result.task ?? []),
  );
  for (const later of state.outbox)
    if (later.target === operation.target && later.ifMatch && answer?.revision) later.ifMatch = answer.revision;
  finish(operation, answer);
}

/**
 * @param {number} temporary
 * @param {number} id what waits behind names the task by its number from now on
 */
export function number(temporary, id) {
  changeData((state) => {
    state.aliases.set(id, temporary);
    state.arriving.delete(id);
    for (const operation of state.outbox) Object.assign(operation, renumbered(operation, temporary, id));
    if (state.cursor === temporary) state.cursor = id;
    if (state.selected.delete(temporary)) state.selected.add(id);
  });
}

/**
 * @param {Operation} operation
 * @param {number} temporary
 * @param {number} id
 * @returns {Partial<Operation>}
 */
function renumbered({ target, path, body, shows, creates }, temporary, id) {
  const named = (/** @type {unknown} */ value) =>
    JSON.parse(JSON.stringify(value ?? null), (_, each) => (each === temporary ? id : each));
  return {
    target: target === temporary ? id : target,
    path: path.replace(String(temporary), String(id)),
    body: body && named(body),
    shows: creates === temporary ? shows : named(shows),
  };
}

/**
 * @param {Operation} operation
 * @param {ApiError} error
 */
function refuse(operation, error) {
  if (operation.method === 'DELETE' && error.status === 404) {
    if (operation.target) dropEntity(operation.entity, operation.target);
    return finish(operation, {});
  }
  finish(operation);
  tellFailure(operation.refused, error);
}

/**
 * What another tab makes has no number until that tab has told it.
 *
 * @param {number} id
 */
const isMadeHere = (id) => state.outbox.some(({ creates }) => creates === id);

const announce = () => tellTabs({ kind: 'outbox' });
