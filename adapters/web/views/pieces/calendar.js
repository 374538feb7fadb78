/**
 * A month to pick a day from, by mouse, touch or keys, as the ARIA practices describe a grid of dates.
 */
import { addDays, longDay, monthWords, shortWeekday, weekdayOf, weekStart } from '../../core/dates.js';
import { change, drawNow, state } from '../../core/store.js';
import { html } from '../../vendor/lit.js';
import { iconButton } from './icon.js';

/** The day that the keys are on. */
let cursor = '';

/** @param {string} day */
export const showMonthOf = (day) => (cursor = day);

/**
 * @param {string} chosen
 * @param {(day: string) => unknown} pick
 */
export function calendar(chosen, pick) {
  const first = `${cursor.slice(0, 8)}01`;
  const days = Array.from({ length: 42 }, (_, at) => addDays(first, at - ((weekdayOf(first) - weekStart() + 7) % 7)));
  const weeks = [0, 1, 2, 3, 4, 5].map((week) => days.slice(week * 7, week * 7 + 7));
  const shown = weeks.filter((week) => week.some((day) => day.startsWith(first.slice(0, 7))));
  return html`
    <div class="calendar">
      <header>
        ${iconButton('chevron-left', 'Month before', () => turn(first, -1))}
        <strong aria-live="polite">${monthWords(first)}</strong>
        ${iconButton('chevron-right', 'Month after', () => turn(first, 32))}
      </header>
      <div role="grid" aria-label=${monthWords(first)} @keydown=${(/** @type {KeyboardEvent} */ event) => walk(event)}>
        <div role="row">${shown[0].map(columnHead)}</div>
        ${shown.map((week) => html`<div role="row">${week.map((day) => cell(day, first, chosen, pick))}</div>`)}
      </div>
    </div>
  `;
}

/** @param {string} day */
const columnHead = (day) => html`<span role="columnheader" aria-label=${weekdayName(day)}>${shortWeekday(day)}</span>`;

/** @param {string} day */
const weekdayName = (day) => longDay(day).split(',')[0];

/**
 * @param {string} day
 * @param {string} first of the month
 * @param {string} chosen
 * @param {(day: string) => unknown} pick
 */
function cell(day, first, chosen, pick) {
  const kinds = [day.slice(0, 7) !== first.slice(0, 7) && 'other', day === state.today && 'today'];
  return html`<span role="gridcell" aria-selected=${day === chosen}
    ><button
      type="button"
      class=${kinds.filter(Boolean).join(' ')}
      data-day=${day}
      aria-label=${longDay(day)}
      tabindex=${day === cursor ? 0 : -1}
      @click=${() => pick(day)}
    >
      ${Number(day.slice(8))}
    </button></span
  >`;
}

/**
 * @param {string} first
 * @param {number} by days, into the other month
 */
function turn(first, by) {
  change(() => (cursor = `${addDays(first, by).slice(0, 8)}01`));
}

/** @param {KeyboardEvent} event */
function walk(event) {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, PageUp: -28, PageDown: 28 }[event.key];
  if (!by) return;
  event.preventDefault();
  change(() => (cursor = addDays(cursor, by)));
  drawNow();
  /** @type {HTMLElement | null} */ (document.querySelector(`[data-day="${cursor}"]`))?.focus();
}
