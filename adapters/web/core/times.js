/** Times of a day, as people write them. */

const WORDS = /** @type {Record<string, string>} */ ({
  ...{ noon: '12:00', midday: '12:00', midnight: '00:00' },
  ...{ morning: '09:00', afternoon: '14:00', evening: '19:00', tonight: '20:00' },
});
const WRITTEN = /^(\d{1,2})(?:\s*[:.h]?\s*(\d{2}))?\s*(?:h|o['’]?clock|uhr)?\s*([ap])?\.?(?:m\.?)?$/;
/** Up to then, an hour without am and pm is one of the afternoon, as in the date words of the server. */
const LAST_AFTERNOON_HOUR = 6;
const HALF_DAY = 12;

/** Every half hour. */
export const HALF_HOURS = Array.from({ length: 48 }, (_, at) => written(Math.floor(at / 2), (at % 2) * 30));

/**
 * @param {string} text such as `9`, `9:30`, `930`, `4 pm`, `21.15`, `noon`
 * @returns {string[]} such as `09:30`, the likelier one first; none: it is no time
 */
export function timesIn(text) {
  const said = text
    .trim()
    .toLowerCase()
    .replace(/^at\s+/, '');
  const words = Object.keys(WORDS).filter((word) => said.length > 2 && word.startsWith(said));
  if (words.length) return [...new Set(words.map((word) => WORDS[word]))];
  const [, hours, minutes = '0', half] = WRITTEN.exec(said) ?? [];
  const [hour, minute] = [Number(hours), Number(minutes)];
  if (!hours || minute > 59 || hour > (half ? HALF_DAY : 23)) return [];
  if (half) return [written((hour % HALF_DAY) + (half === 'p' ? HALF_DAY : 0), minute)];
  const isSure = hour === 0 || hour > HALF_DAY || hours.length + minutes.length === 4;
  const other = (hour + HALF_DAY) % 24;
  if (isSure) return [written(hour, minute)];
  return (hour <= LAST_AFTERNOON_HOUR ? [other, hour] : [hour, other]).map((each) => written(each, minute));
}

/**
 * @param {number} hour
 * @param {number} minute
 */
function written(hour, minute) {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
