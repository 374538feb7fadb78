/**
 * Places that a person has made: lists, tags, views, and a filter that is being tried.
 *
 * @import { Answer, PlaceView, Task } from '../types.d.ts'
 */
import { deferred, later } from '../core/later.js';
import { state } from '../core/store.js';
import { folded } from '../core/text.js';
import { group, isOpen, taskOf, tasksWhere } from './shown.js';

/** @type {Answer} */
export const NOTHING = { ids: [], total: 0, isExact: true, error: null };
const field = later(() => import('../views/filter/filter-field.js'));

/**
 * @param {string} id
 * @returns {PlaceView}
 */
export function listPlace(id) {
  const list = state.lists.get(Number(id));
  const listId = Number(id);
  return {
    title: () => list?.name ?? 'This list is gone',
    icon: 'list-todo',
    isByHand: true,
    ordered: list && 'By hand',
    groups: () => {
      const top = (/** @type {Task} */ task) => task.list_id === listId && !task.parent_id;
      const done = tasksWhere((task) => top(task) && task.completed && !task.deleted_at && !isOpen(task));
      const isShown = state.prefs.folded.includes(`done ${id}`);
      return [
        group(
          '',
          tasksWhere((task) => isOpen(task) && top(task)),
        ),
        ...(isShown && done.length ? [group('Done', done)] : []),
      ];
    },
    fresh: list ? () => ({ list_id: listId }) : undefined,
    tools: list && (() => deferred.here()?.listTools(list)),
    subtitle: () => (list?.archived ? 'Archived' : ''),
    empty: list ? 'Nothing is to be done in this list.' : 'It may have been deleted. Its tasks are in the trash then.',
  };
}

/**
 * @param {string} name
 * @returns {PlaceView}
 */
export const tagPlace = (name) => ({
  title: () => name,
  icon: 'hash',
  ordered: 'As usual',
  groups: () => [
    group(
      '',
      tasksWhere((task) => isOpen(task) && task.tags.some((tag) => folded(tag) === folded(name)), byDue),
    ),
  ],
  fresh: () => ({ tags: [name] }),
  tools: () => deferred.here()?.tagTools(name),
  empty: 'No task has this tag.',
});

/**
 * @param {Task} one
 * @param {Task} other
 */
const byDue = (one, other) => ((one.due ?? '~') < (other.due ?? '~') ? -1 : 1);

/**
 * @param {string} id
 * @returns {PlaceView}
 */
export function viewPlace(id) {
  const view = state.views.get(Number(id));
  const answer = answered(view?.filter ?? '', view?.sort ?? 'due');
  return {
    title: () => view?.name ?? 'This view is gone',
    icon: 'list-filter',
    ordered: view && 'As found',
    groups: () => [group('', found(answer))],
    tools: view && (() => deferred.here()?.viewTools(view)),
    subtitle: () => view && [totalWords(answer), view.filter, view.problem].filter(Boolean).join(' · '),
    empty: answer.error?.message ?? 'Nothing matches now.',
  };
}

/** @returns {PlaceView} a filter that is being tried */
export function filterPlace() {
  const filter = state.place.params.get('q') ?? '';
  const answer = answered(filter, 'due');
  return {
    title: () => 'Filter',
    icon: 'list-filter',
    ordered: 'As found',
    groups: () => [group('', found(answer))],
    above: () => field()?.filterField(filter, answer) ?? '',
    empty: filter
      ? answer.error
        ? ''
        : 'Nothing matches.'
      : 'Write what the tasks have in common, such as “today | overdue”.',
  };
}

/**
 * @param {Answer} answer
 * @returns {Task[]}
 */
const found = ({ ids }) => ids.flatMap((id) => taskOf(id) ?? []).filter((task) => !task.deleted_at || ids.length);

/**
 * @param {string} filter
 * @param {string | null} [sort]
 */
const answered = (filter, sort) => deferred.here()?.answerFor(filter, sort) ?? NOTHING;

/**
 * @param {Answer} answer
 * @returns {string} such as `10,000+ tasks`
 */
export const totalWords = ({ total, isExact }) =>
  `${total.toLocaleString()}${isExact ? '' : '+'} ${total === 1 && isExact ? 'task' : 'tasks'}`;
