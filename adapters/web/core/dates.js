/**
 * Days and times as the API writes them (docs/tasks: a day, an hour wherever one is, an hour somewhere) and as people
 * read them. What day it is depends on the account's time zone.
 */
import { changeData, state, subscribe } from './store.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {Intl.DateTimeFormatOptions} options
 * @param {string} [locale]
 */
function format(options, locale = navigator.language) {
  const key = locale + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, options));
  return /** @type {Intl.DateTimeFormat} */ (formats.get(key));
}

const zone = () => state.user?.timezone ?? 'UTC';

/**
 * @param {Date} instant
 * @returns {string} `2026-12-01T09:00` on the account's clocks
 */
function localOf(instant) {
  /** @type {Intl.DateTimeFormatOptions} */
  const all = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' };
  const given = { ...all, hourCycle: /** @type {const} */ ('h23'), timeZone: zone() };
  const parts = Object.fromEntries(
    format(given, 'en-CA')
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** Keeps `state.today` right over midnight, and when the account's zone is known or changed. To be called once. */
export function watchTheDay() {
  let shown = '';
  const look = () => {
    const now = nowLocal().slice(0, 10);
    if (now !== state.today) changeData((state) => (state.today = now));
  };
  setInterval(look, MINUTE_MS / 2);
  addEventListener('focus', look);
  subscribe(() => {
    if (shown === zone()) return;
    shown = zone();
    look();
  });
  look();
}

export const nowLocal = () => localOf(new Date());

/**
 * @param {string} due
 * @returns {string} on the account's clocks: `2026-12-01` or `2026-12-01T09:00`
 */
export const localDue = (due) =>
  due.includes('[') ? localOf(new Date(due.slice(0, due.indexOf('[')))) : due.slice(0, 16);

/** @param {string} due */
export const dayOf = (due) => localDue(due).slice(0, 10);

/** @param {string} due */
export const timeOf = (due) => localDue(due).slice(11);

/** @param {string | null | undefined} due */
export function isOverdue(due) {
  if (!due) return false;
  const local = localDue(due);
  return local.length > 10 ? local < nowLocal() : local < state.today;
}

/**
 * @param {string} day
 * @param {number} count
 * @returns {string} so many days later
 */
export const addDays = (day, count) =>
  new Date(Date.parse(`${day}T12:00Z`) + count * DAY_MS).toISOString().slice(0, 10);

/**
 * @param {string} from
 * @param {string} to
 */
export const daysBetween = (from, to) =>
  Math.round((Date.parse(`${to}T12:00Z`) - Date.parse(`${from}T12:00Z`)) / DAY_MS);

/**
 * @param {string} day
 * @returns {number} 0: Sunday
 */
export const weekdayOf = (day) => new Date(`${day}T12:00Z`).getUTCDay();

/**
 * @param {string} day
 * @param {Intl.DateTimeFormatOptions} options
 */
const written = (day, options) => format({ ...options, timeZone: 'UTC' }).format(new Date(`${day}T12:00Z`));

/** @param {string} time `09:00` */
export const timeWords = (time) =>
  format({ hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(new Date(`2026-01-01T${time}Z`));

/**
 * @param {string} day
 * @returns {string} Today, Tomorrow, Friday, 4 Dec, 4 Dec 2027
 */
export function dayWords(day) {
  const ahead = daysBetween(state.today, day);
  if (ahead === 0) return 'Today';
  if (ahead === 1) return 'Tomorrow';
  if (ahead === -1) return 'Yesterday';
  if (ahead > 1 && ahead < 7) return written(day, { weekday: 'long' });
  if (ahead < -1 && ahead > -7) return `Last ${written(day, { weekday: 'short' })}`;
  const isThisYear = day.slice(0, 4) === state.today.slice(0, 4);
  return written(day, { day: 'numeric', month: 'short', ...(!isThisYear && { year: 'numeric' }) });
}

/**
 * @param {string} due
 * @returns {string} such as `Friday 16:00`
 */
export const dueWords = (due) =>
  [dayWords(dayOf(due)), timeOf(due) && timeWords(timeOf(due))].filter(Boolean).join(' ');

/**
 * @param {string} day
 * @returns {string} Saturday, 28 November
 */
export const longDay = (day) => written(day, { weekday: 'long', day: 'numeric', month: 'long' });

/**
 * @param {string} from
 * @param {string} to
 * @returns {string} Thu 3 – Sat 5 Dec
 */
export function dayRange(from, to) {
  const days = format({ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  return days.formatRange(new Date(`${from}T12:00Z`), new Date(`${to}T12:00Z`));
}

/**
 * @param {string} day
 * @returns {string} November 2026
 */
export const monthWords = (day) => written(day, { month: 'long', year: 'numeric' });

/** @param {string} day */
export const shortWeekday = (day) => written(day, { weekday: 'narrow' });

/**
 * @param {string} instant RFC 3339
 * @returns {string} such as `Today 16:00`
 */
export const instantWords = (instant) => {
  const local = localOf(new Date(instant));
  return `${dayWords(local.slice(0, 10))} ${timeWords(local.slice(11))}`;
};

/** Minutes that were asked for before, with their days there. @type {Map<string, string>} */
const days = new Map();

/**
 * @param {string} instant RFC 3339, in UTC
 * @returns {string} its day on the account's clocks
 */
export function dayOfInstant(instant) {
  const key = zone() + instant.slice(0, 16);
  const day = days.get(key) ?? localOf(new Date(instant)).slice(0, 10);
  days.set(key, day);
  return day;
}

/** @param {string} words such as `Tomorrow 9:00`, that stand in the middle of a sentence */
export const within = (words) => words.replace(/^(Today|Tomorrow|Yesterday|Last)\b/, (word) => word.toLowerCase());

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** @returns {number} the weekday that a week begins on; 0: Sunday */
export const weekStart = () => Math.max(WEEKDAYS.indexOf(state.user?.week_start ?? 'monday'), 0);
