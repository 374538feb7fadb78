/**
 * Somebody else has changed what is being saved. Where it was another field, or the same to the same, nobody needs to
 * know; otherwise the person sees both versions and decides.
 *
 * @import { Operation, Task } from '../types.d.ts'
 */
import { state } from '../core/store.js';
import { amend, finish, sendOutbox } from './outbox.js';
import { take } from './replica.js';

/**
 * @param {Operation} operation
 * @param {Task} theirs
 * @returns {boolean} true: the outbox goes on
 */
export function collide(operation, theirs) {
  take(theirs);
  const mine = /** @type {Record<string, unknown>} */ (operation.body);
  const base = /** @type {Record<string, unknown>} */ (operation.base ?? {});
  const names = Object.keys(mine);
  if (names.every((name) => isSame(theirs, name, mine[name]))) finish(operation, theirs);
  else if (names.every((name) => isSame(theirs, name, base[name] ?? null)))
    amend(operation, { ifMatch: theirs.revision, isSent: false });
  else amend(operation, { held: true, isSent: false });
  return true;
}

/**
 * @param {any} task
 * @param {string} name
 * @param {unknown} value
 */
const isSame = (task, name, value) => JSON.stringify(task[name] ?? null) === JSON.stringify(value);

/** @param {Operation} operation */
export function keepMine(operation) {
  amend(operation, { held: false, ifMatch: state.tasks.get(operation.target ?? 0)?.revision });
  sendOutbox();
}

/** @param {Operation} operation */
export function keepTheirs(operation) {
  finish(operation);
  sendOutbox();
}
