/** Recurrence rules (RFC 5545) in words. What has no short words is shown as "Repeats". */
import { dayWords } from './dates.js';

/** @type {Record<string, string>} */
const DAYS = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};
/** @type {Record<string, [string, string]>} */
const UNITS = {
  DAILY: ['day', 'days'],
  WEEKLY: ['week', 'weeks'],
  MONTHLY: ['month', 'months'],
  YEARLY: ['year', 'years'],
};
const WORKDAYS = 'FR,MO,TH,TU,WE';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * @param {string} rule
 * @param {string} [from] `completion`: the next date is counted from when it is done
 */
export function ruleWords(rule, from = 'due') {
  const parts = /** @type {Record<string, string>} */ (
    Object.fromEntries(
      rule
        .replace(/^RRULE:/, '')
        .split(';')
        .map((part) => part.split('=')),
    )
  );
  const ends = parts.UNTIL ? ` until ${untilWords(parts.UNTIL)}` : parts.COUNT ? `, ${parts.COUNT} times` : '';
  return `${every(parts)}${ends}${from === 'completion' ? ' after it is done' : ''}`;
}

/** @param {Record<string, string>} parts */
function every({ FREQ, INTERVAL = '1', BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS }) {
  const [one, many] = UNITS[FREQ] ?? ['time', 'times'];
  const unit = INTERVAL === '1' ? one : INTERVAL === '2' ? `other ${one}` : `${INTERVAL} ${many}`;
  if (FREQ === 'WEEKLY' && BYDAY) return weekly(BYDAY, INTERVAL, unit);
  if (FREQ === 'MONTHLY' && BYDAY)
    return `Every ${monthlyDay(BYDAY, BYSETPOS)}${INTERVAL === '1' ? '' : ` of every ${unit}`}`;
  if (FREQ === 'MONTHLY' && BYMONTHDAY)
    return `Every ${monthDays(BYMONTHDAY)}${INTERVAL === '1' ? '' : ` of every ${unit}`}`;
  if (FREQ === 'YEARLY' && BYMONTH && BYMONTHDAY)
    return `Every ${BYMONTHDAY.split(',').at(-1)} ${MONTHS[Number(BYMONTH.split(',')[0]) - 1]}`;
  return INTERVAL === '1' && FREQ === 'DAILY' ? 'Every day' : `Every ${unit}`;
}

/**
 * @param {string} days
 * @param {string} interval
 * @param {string} unit
 */
function weekly(days, interval, unit) {
  const isWorkdays = days.split(',').sort().join() === WORKDAYS;
  const named = isWorkdays ? 'weekday' : joined(days.split(',').map((day) => DAYS[day] ?? day));
  return interval === '1' ? `Every ${named}` : `Every ${unit} on ${named}`;
}

/**
 * @param {string} days such as `-1FR`
 * @param {string} [place]
 */
function monthlyDay(days, place) {
  const [, number, day] = /^(-?\d+)?(\w\w)$/.exec(days.split(',')[0]) ?? [];
  const nth = number ?? place ?? '';
  return `${nth === '-1' ? 'last' : nth && ordinal(Number(nth))} ${DAYS[day] ?? day}`.trim();
}

/** @param {string} days the 31st is kept as the last of several */
function monthDays(days) {
  const numbers = days.split(',').map(Number);
  const isLast = numbers.length > 1 && numbers.every((each, at) => each === numbers[0] + at) && numbers[0] === 28;
  if (days === '-1') return 'last day of the month';
  return isLast ? ordinal(numbers.at(-1) ?? 31) : joined(numbers.map(ordinal));
}

/** @param {string} until `20301224`, with or without a time */
const untilWords = (until) => dayWords(`${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`);

/** @param {number} number */
function ordinal(number) {
  const ending = { one: 'st', two: 'nd', few: 'rd', other: 'th', many: 'th', zero: 'th' };
  return `${number}${ending[new Intl.PluralRules('en', { type: 'ordinal' }).select(number)]}`;
}

/** @param {string[]} words */
const joined = (words) => words.join(', ').replace(/, ([^,]*)$/, ' and $1');

/** @param {string} duration ISO 8601, such as `PT1H30M` */
export const durationWords = (duration) =>
  duration
    .replace(/^P(?:(\d+)D)?T?/, (_, days) => (days ? `${days} d ` : ''))
    .replace('H', ' h ')
    .replace('M', ' min')
    .trim();

const WRITTEN = /^(?:(\d+(?:[.,]\d+)?)\s*h(?:ours?|rs?)?(?:\s*(\d+)\s*(?:m|mins?)?)?|(\d+)\s*(?:m|mins?|minutes?)?)$/i;
const MOST_MINUTES = 6000;

/**
 * @param {string} words such as `90`, `45 min`, `1h 30` and `1.5 h`
 * @returns {string} ISO 8601, such as `PT1H30M`; empty: no duration is in it, or too long a one
 */
export function durationOf(words) {
  const [, hours = '0', rest = '0', bare = '0'] = WRITTEN.exec(words.trim()) ?? [];
  const minutes = Math.round(Number(hours.replace(',', '.')) * 60) + Number(rest) + Number(bare);
  if (!minutes || minutes > MOST_MINUTES) return '';
  const [whole, left] = [Math.floor(minutes / 60), minutes % 60];
  return `PT${whole ? `${whole}H` : ''}${left ? `${left}M` : ''}`;
}
