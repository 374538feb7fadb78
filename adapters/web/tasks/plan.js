/**
 * What is to be done when: Today and Upcoming.
 *
 * @import { Group, PlaceView, Task } from '../types.d.ts'
 */
import { addDays, dayOf, dayWords, daysBetween, isOverdue, longDay, monthWords, timeOf } from '../core/dates.js';
import { state } from '../core/store.js';
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
  const groups = [];
  for (let ahead = 1; ahead <= UPCOMING_DAYS; ahead += 1) {
    const day = addDays(state.today, ahead);
    const due = tasks.filter((task) => dayFor(task) === day);
    if (due.length) groups.push(group(`${dayTitle(day)}`, due));
  }
  const later = tasks.filter((task) => daysBetween(state.today, dayFor(task)) > UPCOMING_DAYS);
  for (const month of new Set(later.map((task) => dayFor(task).slice(0, 7))))
    groups.push(
      group(
        monthWords(`${month}-01`),
        later.filter((task) => dayFor(task).startsWith(month)),
        { key: month },
      ),
    );
  return groups;
}

/** @param {string} day */
const dayTitle = (day) => (daysBetween(state.today, day) < 2 ? `${dayWords(day)} · ${longDay(day)}` : longDay(day));

function todayInNumbers() {
  const open = planned().filter((task) => !task.completed && !isLater(task)).length;
  const done = allTasks().filter(
    ({ completed, deleted_at: gone, completed_at: at }) => completed && !gone && at && dayOfInstant(at) === state.today,
  );
  return [longDay(state.today), `${open} to do`, done.length && `${done.length} done`].filter(Boolean).join(' · ');
}

/** @param {string} instant */
const dayOfInstant = (instant) => dayOf(`${instant}[UTC]`);

/** How many wait today, late ones too. */
export const waitingToday = () => planned().filter((task) => !task.completed && !isLater(task)).length;
