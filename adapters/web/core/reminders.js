/** Reminders in words: before the due time (`-PT30M`, `-P1D`), or at a time of their own. */
import { dueWords, timeOf, timeWords } from './dates.js';
import { state } from './store.js';
import { counted } from './text.js';

export const AT_DUE = 'PT0M';
const UNITS = /** @type {const} */ ([
  ['D', 'day'],
  ['H', 'hour'],
  ['M', 'minute'],
]);

/** @param {string} reminder */
export const isBeforeDue = (reminder) => reminder.slice(0, 2).includes('P');

/**
 * @param {string} reminder
 * @param {string | null} [due] a day without an hour rings at the hour of the account
 */
export function reminderWords(reminder, due = null) {
  if (!isBeforeDue(reminder)) return timeOf(reminder) ? dueWords(reminder) : `${dueWords(reminder)} ${dayTime()}`;
  const hour = due && !timeOf(due) ? ` at ${dayTime()}` : '';
  if (reminder === AT_DUE) return hour ? `On the day${hour}` : 'At the due time';
  return `${span(reminder)} before${hour}`;
}

/** @param {{ reminders: string[], due: string | null }} task */
export function remindersWords({ reminders, due }) {
  if (reminders.length > 1) return counted(reminders.length, 'reminder');
  return reminders.length ? reminderWords(reminders[0], due) : '';
}

/** @param {string} reminder */
const span = (reminder) =>
  UNITS.flatMap(([letter, unit]) => {
    const count = new RegExp(`(\\d+)${letter}`).exec(reminder)?.[1];
    return count ? counted(Number(count), unit) : [];
  }).join(' ');

const dayTime = () => timeWords(state.user?.reminder_time ?? '09:00');
