/**
 * What is kept on the device, in IndexedDB: a copy of the tasks, edits that are not sent yet, and unsent text. No token
 * is. Signing out wipes it. Where the browser has no IndexedDB the page works, and a reload begins from nothing.
 *
 * @import { Operation } from '../types.d.ts'
 */

const NAME = 'tasktalk';
const THINGS = ['tasks', 'lists', 'views'];
/** Raised when a copy of before lacks something: it is then fetched anew. */
export const SHAPE = 4;

/** @type {Promise<IDBDatabase | null> | null} */
let opening = null;

function database() {
  opening ??= new Promise((resolve) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of THINGS) request.result.createObjectStore(name, { keyPath: 'id' });
      request.result.createObjectStore('outbox', { keyPath: 'seq' });
      request.result.createObjectStore('kept');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
  return opening;
}

export const canKeep = async () => Boolean(await database());

/**
 * @template Result
 * @param {string[]} names of stores
 * @param {IDBTransactionMode} mode
 * @param {(store: (name: string) => IDBObjectStore) => IDBRequest<Result> | void} work
 * @returns {Promise<Result | undefined>} when it is written; undefined: nothing can be kept here
 */
async function transact(names, mode, work) {
  const open = await database();
  if (!open) return undefined;
  return new Promise((resolve) => {
    const transaction = open.transaction(names, mode);
    const request = work((name) => transaction.objectStore(name));
    if (mode === 'readwrite') transaction.commit();
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => resolve(undefined);
  });
}

/**
 * @param {string} name
 * @returns {Promise<any[]>}
 */
export const all = async (name) => (await transact([name], 'readonly', (store) => store(name).getAll())) ?? [];

/**
 * @param {string} name
 * @returns {Promise<any>}
 */
export const kept = (name) => transact(['kept'], 'readonly', (store) => store('kept').get(name));

/**
 * @param {string} name
 * @param {unknown} value
 */
export const keep = (name, value) => transact(['kept'], 'readwrite', (store) => void store('kept').put(value, name));

/**
 * In one transaction, so that the revision never runs ahead of what it stands for.
 *
 * @param {Record<string, Map<number, object | null>>} changed by store; null: it is gone
 * @param {{ revision: number, seenAt: number }} position
 */
export function keepThings(changed, position) {
  return transact([...THINGS, 'kept'], 'readwrite', (store) => {
    for (const [name, items] of Object.entries(changed))
      for (const [id, item] of items)
        if (item) store(name).put(item);
        else store(name).delete(id);
    store('kept').put({ ...position, shape: SHAPE }, 'position');
  });
}

export const dropThings = () => transact(THINGS, 'readwrite', (store) => THINGS.forEach((name) => store(name).clear()));

/** @param {Operation} operation */
export const keepOperation = (operation) =>
  transact(['outbox'], 'readwrite', (store) => void store('outbox').put(operation));

/** @param {number} seq */
export const dropOperation = (seq) => transact(['outbox'], 'readwrite', (store) => void store('outbox').delete(seq));

/** Nothing of anybody stays. */
export const wipe = () =>
  transact([...THINGS, 'outbox', 'kept'], 'readwrite', (store) =>
    [...THINGS, 'outbox', 'kept'].forEach((name) => store(name).clear()),
  );
