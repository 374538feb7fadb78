/** Ctrl Z, for all that was done in this tab. What the server has is undone by its log, as one change set. */
import { tell, tellFailure } from '../core/notices.js';
import { change, state } from '../core/store.js';
import { call, newKey } from '../server/api.js';
import { finish } from './outbox.js';
import { takeAll } from './replica.js';

const MOST = 100;

/**
 * @param {string} label of what was done
 * @param {Promise<any>} answered
 * @returns {() => Promise<void>} undoes it
 */
export function undoable(label, answered) {
  const operation = state.outbox.at(-1);
  const entry = { label, run: () => undo() };
  async function undo() {
    change((state) => (state.undoable = state.undoable.filter((each) => each !== entry)));
    if (operation && state.outbox.includes(operation) && !operation.isSent) return finish(operation);
    for (const answer of [await answered].flat().reverse()) {
      const revision = revisionOf(answer);
      if (revision) await undoRevision(revision);
    }
  }
  change((state) => (state.undoable = [...state.undoable, entry].slice(-MOST)));
  answered.then((answer) => [answer].flat().some(Boolean) || forget(entry));
  return undo;
}

/** @param {object} entry of what was refused */
function forget(entry) {
  change((state) => (state.undoable = state.undoable.filter((each) => each !== entry)));
}

/** @param {any} answer of one change or of a batch, which is one set */
const revisionOf = (answer) =>
  answer?.revision ??
  answer?.task?.revision ??
  answer?.results?.find((/** @type {any} */ each) => each.task)?.task.revision;

/** @param {number} revision */
async function undoRevision(revision) {
  try {
    const undone = await call('POST', `/api/users/me/events/${revision}/undo`, { key: newKey() });
    takeAll('task', undone.tasks);
    takeAll('list', undone.lists ?? []);
    takeAll('view', undone.views ?? []);
  } catch (error) {
    tellFailure('Nothing was undone.', error);
  }
}

export async function undoLast() {
  const last = state.undoable.at(-1);
  if (!last) return tell('There is nothing to undo.');
  await last.run();
  tell(`Undone: ${last.label[0].toLowerCase()}${last.label.slice(1)}`);
}
