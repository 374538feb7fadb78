/**
 * Lists, views and tags: made, changed and deleted at the server at once, as other things refer to them by number.
 *
 * @import { TaskList, View } from '../types.d.ts'
 */
import { tell, tellFailure } from '../core/notices.js';
import { derived, state } from '../core/store.js';
import { folded } from '../core/text.js';
import { call, newKey } from '../server/api.js';
import { dropEntity, takeAll } from './replica.js';
import { allTasks } from './shown.js';

const LISTS = '/api/users/me/lists';
const VIEWS = '/api/users/me/views';
export const COLORS = [
  ...['red', 'orange', 'amber', 'lime', 'green', 'teal', 'cyan', 'blue', 'indigo', 'violet', 'pink', 'grey'],
];

/**
 * @param {{ position?: string, id: number }} one
 * @param {{ position?: string, id: number }} other
 */
const byPosition = (one, other) => {
  const [left, right] = [one.position ?? '', other.position ?? ''];
  return left === right ? one.id - other.id : left < right ? -1 : 1;
};

export const allLists = derived(() => [...state.lists.values()].filter((list) => !list.deleted_at).sort(byPosition));

export const allViews = derived(() => [...state.views.values()].filter((view) => !view.deleted_at).sort(byPosition));

/** How many tasks wait in each list. */
export const listCounts = derived(() => {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const { list_id: id, parent_id: parent, completed, deleted_at: gone } of allTasks())
    if (id && !parent && !completed && !gone) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
});

/** The tags that tasks have, in the order of the alphabet, with how many wait. */
export const allTags = derived(() => {
  /** @type {Map<string, { name: string, pending: number }>} */
  const tags = new Map();
  for (const { tags: names, completed, deleted_at: gone } of allTasks())
    for (const name of gone ? [] : names) {
      const tag = tags.get(folded(name)) ?? { name, pending: 0 };
      tags.set(folded(name), { ...tag, pending: tag.pending + Number(!completed) });
    }
  return [...tags.values()].sort((one, other) => one.name.localeCompare(other.name));
});

/**
 * Rejects where it is refused: the form stays open and says why.
 *
 * @param {TaskList | undefined} list without one, a new one is made
 * @param {{ name: string, color: string }} draft
 * @returns {Promise<TaskList>}
 */
export async function saveList(list, draft) {
  const asked = list
    ? call('PATCH', `${LISTS}/${list.id}`, { body: draft })
    : call('POST', LISTS, { body: draft, key: newKey() });
  const saved = await asked;
  takeAll('list', [saved]);
  return saved;
}

/**
 * @param {TaskList} list
 * @param {Partial<TaskList>} changes
 */
export const editList = ({ id }, changes) =>
  sent('list', 'The list is as it was.', () => call('PATCH', `${LISTS}/${id}`, { body: changes }));

/**
 * @param {{ name: string, filter: string, sort?: string | null }} draft
 * @returns {Promise<View | null>}
 */
export const addView = (draft) =>
  sent('view', 'The view was not saved.', () => call('POST', VIEWS, { body: draft, key: newKey() }));

/**
 * @param {View} view
 * @param {Partial<View>} changes
 */
export const editView = ({ id }, changes) =>
  sent('view', 'The view is as it was.', () => call('PATCH', `${VIEWS}/${id}`, { body: changes }));

/** Its tasks go with it, and come back with it. @param {TaskList} list */
export async function removeList(list) {
  const isGone = await removed('list', `${LISTS}/${list.id}`, list.id, 'The list is still there.');
  const run = () =>
    sent('list', 'The list was not restored.', () => call('POST', `${LISTS}/${list.id}/restore`, { key: newKey() }));
  if (isGone) tell(`Deleted: ${list.name}`, { label: 'Undo', run });
}

/** @param {View} view */
export async function removeView(view) {
  const isGone = await removed('view', `${VIEWS}/${view.id}`, view.id, 'The view is still there.');
  const { name, filter, sort } = view;
  if (isGone) tell(`Deleted: ${name}`, { label: 'Undo', run: () => addView({ name, filter, sort }) });
}

/**
 * @param {string} name
 * @param {string} next
 */
export async function renameTag(name, next) {
  await sent('tag', 'The tag keeps its name.', () => call('PATCH', tagPath(name), { body: { name: next } }));
}

/** @param {string} name */
export async function removeTag(name) {
  await sent('tag', 'The tag is still there.', () => call('DELETE', tagPath(name)));
}

/** @param {string} name */
const tagPath = (name) => `/api/users/me/tags/${encodeURIComponent(name)}`;

/**
 * @param {'list' | 'view' | 'tag'} entity
 * @param {string} refused
 * @param {() => Promise<any>} ask
 */
async function sent(entity, refused, ask) {
  try {
    const answer = await ask();
    if (entity !== 'tag' && answer?.revision) takeAll(entity, [answer]);
    return answer;
  } catch (error) {
    tellFailure(refused, error);
    return null;
  }
}

/**
 * @param {'list' | 'view'} entity
 * @param {string} path
 * @param {number} id
 * @param {string} refused
 */
async function removed(entity, path, id, refused) {
  try {
    await call('DELETE', path);
    dropEntity(entity, id);
    return true;
  } catch (error) {
    tellFailure(refused, error);
    return false;
  }
}
