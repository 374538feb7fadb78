/**
 * What a place shows: which tasks, in which groups and order, and what a task that is added there gets of itself.
 *
 * @import { Group, Task, PlaceView, TaskChanges } from '../types.d.ts'
 */
import { dayOfInstant, daysBetween, dayWords, longDay, monthWords } from '../core/dates.js';
import { derived, state } from '../core/store.js';
import { arranged, arrangement } from './arrange.js';
import { filterPlace, listPlace, tagPlace, viewPlace } from './own-places.js';
import { TODAY, UPCOMING, waitingToday } from './plan.js';
import { group, isOpen, newestFirst, tasksWhere } from './shown.js';

/** Of what is done, so many days have a heading of their own; then months have. */
const DAYS_APART = 14;

/** @type {Record<string, PlaceView>} */
const PLACES = {
  inbox: {
    title: () => 'Inbox',
    icon: 'inbox',
    isByHand: true,
    ordered: 'By hand',
    groups: () => [
      group(
        '',
        tasksWhere((task) => isOpen(task) && !task.list_id && !task.parent_id),
      ),
    ],
    fresh: () => ({}),
    empty: 'What you have not sorted yet is kept here.',
  },
  today: TODAY,
  upcoming: UPCOMING,
  done: {
    title: () => 'Done',
    icon: 'circle-check',
    groups: () => byDayDone(tasksWhere(({ completed, deleted_at }) => completed && !deleted_at, lastDoneFirst)),
    empty: 'What you complete is kept here.',
  },
  trash: {
    title: () => 'Trash',
    icon: 'trash-2',
    groups: () => [
      group(
        '',
        tasksWhere(({ deleted_at }) => Boolean(deleted_at), newestFirst),
      ),
    ],
    empty: 'What you delete is kept here for a while.',
  },
};

/**
 * @param {Task} one
 * @param {Task} other
 */
function lastDoneFirst(one, other) {
  const [left, right] = [one, other].map((task) => task.completed_at ?? task.updated_at);
  return left < right ? 1 : left > right ? -1 : newestFirst(one, other);
}

/**
 * @param {Task[]} tasks
 * @returns {Group[]}
 */
function byDayDone(tasks) {
  /** @type {Map<string, Task[]>} */
  const days = new Map();
  for (const task of tasks) {
    const title = pastDay(dayOfInstant(task.completed_at ?? task.updated_at));
    days.get(title)?.push(task) ?? days.set(title, [task]);
  }
  return [...days].map(([title, done]) => group(title, done));
}

/** @param {string} day */
function pastDay(day) {
  const ago = daysBetween(day, state.today);
  if (ago < 2) return dayWords(day);
  return ago < DAYS_APART ? longDay(day) : monthWords(day);
}

/** @type {Record<string, (id: string) => PlaceView>} */
const OWN = { list: listPlace, tag: tagPlace, view: viewPlace, search: filterPlace };

export const HOME = 'today';

/** @returns {PlaceView} of the address; what is no list of tasks shows the first one beside it */
export function hereView() {
  const { name, id } = state.place;
  return OWN[name]?.(id) ?? PLACES[name] ?? PLACES[HOME];
}

/**
 * @param {Task} task
 * @returns {string} the address of the list that it is in
 */
export function addressOf(task) {
  if (task.deleted_at) return '/trash';
  if (task.completed) return '/done';
  return task.list_id ? `/list/${task.list_id}` : '/inbox';
}

/** @param {string} name */
export const placeView = (name) => PLACES[name];

/** @type {{ key: string, groups: Group[] }} */
let shown = { key: '', groups: [] };

/** @returns {Group[]} made anew when the tasks or the place have changed */
export function shownGroups() {
  const { name, id, params } = state.place;
  const { group, sort } = arrangement();
  const key = [state.version, name, id, state.open, params, group, sort].join(' ');
  if (shown.key !== key) shown = { key, groups: groupsHere() };
  return shown.groups;
}

function groupsHere() {
  const view = hereView();
  return view.ordered ? arranged(view.groups()) : view.groups();
}

/** @returns {boolean} whether rows keep the place that they are given here */
export const isByHand = () => Boolean(hereView().isByHand && !arrangement().sort && !arrangement().group);

/** @returns {boolean} whether rows are moved from day to day here */
export const isByDay = () => Boolean(hereView().isByDay);

/** @returns {Task[]} in the order of the page */
export const shownTasks = () => shownGroups().flatMap(({ tasks }) => tasks);

/** @returns {TaskChanges} what a task that is added here has */
export const freshFields = () => hereView().fresh?.() ?? {};

/** How many tasks wait in each place of the sidebar. @type {() => Record<string, number>} */
export const counts = derived(() => ({
  inbox: PLACES.inbox.groups()[0].tasks.filter((task) => !task.completed).length,
  today: waitingToday(),
}));
