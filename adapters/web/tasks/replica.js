/**
 * The copy of the tasks, lists and views that the page works on. Fetching, answers to edits, the feed and other tabs
 * bring things in, in any order and as often as they like: the revision decides.
 *
 * @import { Entity, Event, Task } from '../types.d.ts'
 */
import { all, dropThings, keepThings, kept, SHAPE } from '../core/device.js';
import { change, changeData, state } from '../core/store.js';
import { call } from '../server/api.js';

export const TASKS = '/api/users/me/tasks';
const SYNC = '/api/users/me/sync';
const PER_PAGE = 1000;
const FLUSH_MS = 400;
/** How long the answer to what made a task may come behind the event. */
const ARRIVING_MS = 3000;
/** @type {Record<Entity, 'tasks' | 'lists' | 'views'>} */
const STORES = { task: 'tasks', list: 'lists', view: 'views' };

/** @type {Record<string, Map<number, object | null>>} */
let changed = { tasks: new Map(), lists: new Map(), views: new Map() };
/** @type {ReturnType<typeof setTimeout> | undefined} */
let flushing;

/** What was kept the last time, so that the page is there before the server has answered. */
export async function loadKept() {
  const [position, tasks, lists, views] = await Promise.all([
    kept('position'),
    all('tasks'),
    all('lists'),
    all('views'),
  ]);
  if (position?.shape !== SHAPE) return;
  changeData((state) => {
    state.tasks = new Map(tasks.map((task) => [task.id, task]));
    state.lists = new Map(lists.map((list) => [list.id, list]));
    state.views = new Map(views.map((view) => [view.id, view]));
    Object.assign(state, { revision: position.revision, seenAt: position.seenAt, isWhole: true });
  });
}

/**
 * Everything, in pages, for a copy that is not there or too old. The feed goes on from the revision of the first page,
 * so that a change that comes meanwhile comes twice and not never.
 */
export async function fetchAll() {
  let revision = 0;
  const isKnown = { tasks: new Set(), lists: new Set(), views: new Set() };
  for (let token = '', more = true; more;) {
    const page = await call('GET', `${SYNC}?limit=${PER_PAGE}${token && `&token=${encodeURIComponent(token)}`}`);
    for (const [entity, name] of Object.entries(STORES)) {
      takeAll(/** @type {Entity} */ (entity), page[name] ?? []);
      for (const { id } of page[name] ?? []) isKnown[name].add(id);
    }
    ({ revision, next_token: token, has_more: more } = page);
  }
  await dropThings();
  changeData((state) => {
    for (const name of Object.values(STORES)) {
      const map = /** @type {Map<number, any>} */ (state[name]);
      for (const [id, item] of map) if (!isKnown[name].has(id) && item.revision <= revision) map.delete(id);
      for (const [id, item] of map) changed[name].set(id, item);
    }
    Object.assign(state, { revision: Math.max(revision, state.revision), isWhole: true, trash: 'unread' });
  });
  flushLater();
}

/**
 * @param {Entity} entity
 * @param {{ id: number, revision: number }[]} items as they are now, from wherever
 */
export function takeAll(entity, items) {
  const name = STORES[entity];
  const map = /** @type {Map<number, any>} */ (state[name]);
  const newer = items.filter((item) => item.revision > (map.get(item.id)?.revision ?? -1));
  if (!newer.length) return;
  changeData(() => {
    for (const item of newer) {
      map.set(item.id, item);
      changed[name].set(item.id, item);
    }
  });
  flushLater();
}

/** @param {Task} task */
export const take = (task) => takeAll('task', [task]);

/** @param {Event} event */
export function takeEvent({ entity, entity_id: id, kind, after, revision }) {
  if (entity === 'reminder') return;
  if (entity === 'task' && kind === 'created' && !state.tasks.has(id)) letArrive(id);
  if (entity !== 'task') refreshViewsLater();
  takeAll(entity, [/** @type {any} */ ({ ...after, revision })]);
}

/**
 * @param {Event['entity']} entity
 * @param {number} id of something that the server no longer has
 */
export function dropEntity(entity, id) {
  if (entity === 'reminder') return;
  const name = STORES[entity];
  changeData((state) => /** @type {Map<number, any>} */ (state[name]).delete(id));
  changed[name].set(id, null);
  flushLater();
}

/** @param {number} id */
function letArrive(id) {
  state.arriving.set(id, new Date().toISOString());
  setTimeout(() => changeData((state) => state.arriving.delete(id)), ARRIVING_MS);
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let refreshing;

/** A view's filter is told with the present names of lists by its own route alone. */
function refreshViewsLater() {
  clearTimeout(refreshing);
  refreshing = setTimeout(loadViews, FLUSH_MS);
}

export async function loadViews() {
  if (!state.views.size) return;
  const { views } = await call('GET', '/api/users/me/views').catch(() => ({ views: [] }));
  changeData((state) => {
    for (const view of views) {
      state.views.set(view.id, view);
      changed.views.set(view.id, view);
    }
  });
}

function flushLater() {
  flushing ??= setTimeout(flush, FLUSH_MS);
}

/** For what must not be heard twice, not even after a reload a moment later. */
export function flush() {
  clearTimeout(flushing);
  flushing = undefined;
  const written = changed;
  changed = { tasks: new Map(), lists: new Map(), views: new Map() };
  if (state.user && state.isWhole) keepThings(written, { revision: state.revision, seenAt: state.seenAt });
}

/** What is in the trash is asked for when somebody looks into it; from then on the feed keeps it right. */
export async function loadTrash() {
  if (state.trash !== 'unread') return;
  change((state) => (state.trash = 'loading'));
  try {
    for (let cursor = ''; cursor !== null;) {
      const page = await call(
        'GET',
        `${TASKS}?status=trashed&limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      takeAll('task', page.tasks);
      cursor = page.next_cursor;
    }
    change((state) => (state.trash = 'here'));
  } catch {
    change((state) => (state.trash = 'unread'));
  }
}
