/**
 * What is to be done when: Today and Upcoming.
 *
 * @import { Group, PlaceView, Task } from '../types.d.ts'
 */
import {
  addDays,
  dayOf,
  dayOfInstant,
  dayRange,
  dayWords,
  daysBetween,
  isOverdue,
  longDay,
  monthWords,
  timeOf,
} from '../core/dates.js';
import { changeData, state } from '../core/store.js';
import { allTasks, group, inOrder, isOpen } from './shown.js';

const EVENING = '18:00';
/** Days of Upcoming that have a heading of their own. */
export const UPCOMING_DAYS = 14;

/** @type {PlaceView} */
export const TODAY = {
  title: () => 'Today',
  icon: 'sun',
  subtitle: () => todayInNumbers(),
  groups: () => {
    const open = planned().filter((task) => !isLater(task));
    const late = open.filter((task) => isLate(task));
    const now = open.filter((task) => !isLate(task));
    const evening = now.filter((task) => task.due && timeOf(task.due) >= EVENING);
    const groups = [
      group('Overdue', late, { tone: 'late' }),
      group(
        'Today',
        now.filter((task) => !evening.includes(task)),
      ),
      group('Evening', evening),
    ].filter(({ tasks }) => tasks.length);
    return groups.length === 1 && !late.length ? [{ ...groups[0], title: '' }] : groups;
  },
  fresh: () => ({ due: state.today }),
  empty: 'Nothing is planned for today. What you add here is due today.',
};

/** @type {PlaceView} */
export const UPCOMING = {
  title: () => 'Upcoming',
  icon: 'calendar',
  isByDay: true,
  groups: () => days(planned().filter(isLater)),
  fresh: () => ({ due: addDays(state.today, 1) }),
  empty: 'What is due after today is shown here, day by day.',
};

/** @returns {Task[]} open ones with a day, those of an archived list left out, in the order of the clock */
function planned() {
  return allTasks()
    .filter((task) => isOpen(task) && dayFor(task) && !isArchived(task))
    .sort(byTime);
}

/** @param {Task} task */
const isArchived = ({ list_id: id }) => Boolean(id && state.lists.get(id)?.archived);

/**
 * @param {Task} task
 * @returns {string} the day that it stands on; one that only has a start stands there from then on
 */
export function dayFor({ due, start }) {
  if (due) return start && start > state.today && start > dayOf(due) ? start : dayOf(due);
  return start ?? '';
}

/** @param {Task} task */
const isLater = (task) => dayFor(task) > state.today || Boolean(task.start && task.start > state.today);

/** @param {Task} task */
const isLate = ({ due }) => isOverdue(due) && dayOf(due ?? '') < state.today;

/**
 * @param {Task} one
 * @param {Task} other days first, then hours; a day without one comes after them
 */
function byTime(one, other) {
  const [left, right] = [one, other].map((task) => `${dayFor(task)}${(task.due && timeOf(task.due)) || '~'}`);
  if (left !== right) return left < right ? -1 : 1;
  return weight(other) - weight(one) || inOrder(one, other);
}

/** @param {Task} task */
const weight = ({ priority }) => (priority ? { high: 3, medium: 2, low: 1 }[priority] : 0);

/**
 * @param {Task[]} tasks
 * @returns {Group[]} a heading for each day; several empty days have one
 */
function days(tasks) {
  const ahead = daysFrom(addDays(state.today, 1), addDays(state.today, UPCOMING_DAYS));
  const groups = ahead.map((day) =>
    group(
      dayTitle(day),
      tasks.filter((task) => dayFor(task) === day),
      { key: day, day },
    ),
  );
  return [...groups.reduce(withFolded, []), ...months(tasks.filter((task) => dayFor(task) > ahead.slice(-1)[0]))];
}

/** Days without a task that are shown one by one. @type {Set<string>} */
const unfolded = new Set();

/**
 * @param {Group[]} before
 * @param {Group} next joins the empty days before it, if it is empty too
 * @returns {Group[]}
 */
function withFolded(before, next) {
  if (next.tasks.length) return [...before, next];
  const last = before.at(-1);
  const day = next.day ?? '';
  const first = last?.tasks.length === 0 ? (last.firstFree ?? day) : day;
  const free = { ...next, note: 'nothing', firstFree: first };
  if (first === day || unfolded.has(day)) return [...before, free];
  const unfold = () => changeData(() => daysFrom(first, day).forEach((each) => unfolded.add(each)));
  return [...before.slice(0, -1), { ...free, key: first, day: first, title: dayRange(first, day), unfold }];
}

/**
 * @param {string} first
 * @param {string} last
 */
const daysFrom = (first, last) => Array.from({ length: daysBetween(first, last) + 1 }, (_, at) => addDays(first, at));

/**
 * @param {Task[]} tasks
 * @returns {Group[]}
 */
const months = (tasks) =>
  [...new Set(tasks.map((task) => dayFor(task).slice(0, 7)))].map((month) =>
    group(
      monthWords(`${month}-01`),
      tasks.filter((task) => dayFor(task).startsWith(month)),
      { key: month },
    ),
  );

/** @param {string} day */
const dayTitle = (day) => (daysBetween(state.today, day) < 2 ? `${dayWords(day)} · ${longDay(day)}` : longDay(day));

function todayInNumbers() {
  const open = planned().filter((task) => !task.completed && !isLater(task)).length;
  const done = allTasks().filter(
    ({ completed, deleted_at: gone, completed_at: at }) => completed && !gone && at && dayOfInstant(at) === state.today,
  );
  const words = [longDay(state.today), open && `${open} to do`, done.length && `${done.length} done`];
  return words.filter(Boolean).join(' · ');
}

/** How many wait today, late ones too. */
export const waitingToday = () => planned().filter((task) => !task.completed && !isLater(task)).length;
