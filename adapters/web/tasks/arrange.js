/**
 * How a place is grouped and sorted, as the person wants it there. It is kept on the device; what the place does of
 * itself is kept as nothing.
 *
 * @import { Arrangement, Group, Place, Task } from '../types.d.ts'
 */
import { dayOf, daysBetween, isOverdue } from '../core/dates.js';
import { prefer } from '../core/drafts.js';
import { state } from '../core/store.js';
import { allLists, allTags } from './lists.js';
import { group, newestFirst } from './shown.js';

/** @typedef {(one: Task, other: Task) => number} Order */

/** @type {Arrangement} */
const AS_IT_IS = { group: '', sort: '' };
const RANKS = { high: 0, medium: 1, low: 2 };

/** @param {Task} task */
const rank = ({ priority }) => (priority ? RANKS[priority] : 3);
/** @type {Order} */
const byTitle = (one, other) => one.title.localeCompare(other.title, undefined, { numeric: true, sensitivity: 'base' });

/** @type {Record<string, Order>} */
const ORDERS = {
  due: (one, other) => compare(one.due ?? '~', other.due ?? '~'),
  priority: (one, other) => rank(one) - rank(other),
  title: byTitle,
  newest: newestFirst,
};

/** @param {string} one @param {string} other */
const compare = (one, other) => (one < other ? -1 : Number(one > other));

/** @type {Record<string, (tasks: Task[]) => Group[]>} */
const GROUPS = {
  due: (tasks) => [
    group('Overdue', tasks.filter(isLate), { tone: 'late' }),
    ...days().map(([title, from, to]) =>
      group(
        title,
        tasks.filter((task) => !isLate(task) && isBetween(task, from, to)),
      ),
    ),
    group(
      'No date',
      tasks.filter(({ due }) => !due),
    ),
  ],
  priority: (tasks) =>
    ['High', 'Medium', 'Low', 'No priority'].map((title, at) =>
      group(
        title,
        tasks.filter((task) => rank(task) === at),
      ),
    ),
  list: (tasks) =>
    [{ id: null, name: 'Inbox' }, ...allLists()].map(({ id, name }) =>
      group(
        name,
        tasks.filter((task) => (task.list_id ?? null) === id),
        { key: `list ${id}` },
      ),
    ),
  tag: (tasks) => [
    ...allTags().map(({ name }) =>
      group(
        name,
        tasks.filter(({ tags }) => tags[0] === name),
        { key: `tag ${name}` },
      ),
    ),
    group(
      'No tag',
      tasks.filter(({ tags }) => !tags.length),
    ),
  ],
};

/** @param {Task} task */
const isLate = ({ due, completed }) => isOverdue(due) && !completed && dayOf(due ?? '') < state.today;

/** @returns {[string, number, number][]} first and last day, counted from today */
const days = () => [
  ['Today', -Infinity, 0],
  ['Tomorrow', 1, 1],
  ['Within a week', 2, 7],
  ['Later', 8, Infinity],
];

/**
 * @param {Task} task
 * @param {number} from
 * @param {number} to
 */
function isBetween({ due }, from, to) {
  if (!due) return false;
  const ahead = daysBetween(state.today, dayOf(due));
  return ahead >= from && ahead <= to;
}

/** @param {Place} place */
const keyOf = ({ name, id }) => `${name}/${id}`;

/** @returns {Arrangement} of this place */
export const arrangement = () => state.prefs.arranged[keyOf(state.place)] ?? AS_IT_IS;

/** @param {Partial<Arrangement>} values */
export function arrange(values) {
  const { [keyOf(state.place)]: before = AS_IT_IS, ...others } = state.prefs.arranged;
  const next = { ...before, ...values };
  prefer({ arranged: next.group || next.sort ? { ...others, [keyOf(state.place)]: next } : others });
}

/**
 * @param {Group[]} groups of the place, the first of which is arranged
 * @returns {Group[]}
 */
export function arranged([first, ...others]) {
  const { group: by, sort } = arrangement();
  if (!first || !(by || sort)) return first ? [first, ...others] : [];
  const tasks = ORDERS[sort] ? first.tasks.toSorted(ORDERS[sort]) : first.tasks;
  const groups = GROUPS[by]?.(tasks).filter(({ tasks }) => tasks.length) ?? [{ ...first, tasks }];
  return [...groups, ...others];
}
