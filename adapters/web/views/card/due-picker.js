/**
 * When something is due: quick choices, words, a small calendar, a time, and how it repeats.
 *
 * @import { Task, TaskChanges } from '../../types.d.ts'
 */
import { addDays, dayOf, dayWords, dueWords, timeOf, weekdayOf, within } from '../../core/dates.js';
import { ruleWords } from '../../core/rules.js';
import { change, state } from '../../core/store.js';
import { edit, editAll } from '../../tasks/edits.js';
import { dueOn } from '../../tasks/moves.js';
import { taskOf } from '../../tasks/shown.js';
import { understand } from '../../tasks/words.js';
import { html, live, nothing } from '../../vendor/lit.js';
import { calendar, showMonthOf } from '../pieces/calendar.js';
import { button } from '../pieces/controls.js';
import { icon } from '../pieces/icon.js';
import { closePopover, openPopover } from '../pieces/popover.js';
import { timeField } from '../pieces/time-field.js';
import { editSeen } from './edit-seen.js';

/** What was understood of the words that are being typed. @type {{ text: string, changes: TaskChanges | null }} */
let words = { text: '', changes: null };

/**
 * @param {Element} anchor
 * @param {Task[]} tasks
 */
export function openDuePicker(anchor, tasks) {
  const ids = tasks.map(({ id }) => id);
  words = { text: '', changes: null };
  showMonthOf(tasks[0].due ? dayOf(tasks[0].due) : state.today);
  openPopover(anchor, () => picker(ids.flatMap((id) => taskOf(id) ?? [])), 'Due');
}

/** @param {Task[]} tasks */
function picker(tasks) {
  const due = tasks[0]?.due ?? '';
  const set = (/** @type {TaskChanges} */ changes) => {
    closePopover();
    const where = changes.due ? `Scheduled for ${within(dueWords(changes.due))}` : 'Without a date now';
    editSeen(tasks, changes, 'Scheduled', where);
  };
  const time = due && timeOf(due);
  const onDay = (/** @type {string} */ day) => set({ due: dueOn(day, taskOf(tasks[0].id)?.due) });
  return html`
    <div class="due-picker">
      ${wordField(set)}
      <div class="quick-days">
        ${quickDays().map(([label, day]) => quick(label, day, () => onDay(day)))}
        ${due ? quick('No date', '', () => set({ due: null, recurrence: null })) : nothing}
      </div>
      ${calendar(due && dayOf(due), onDay)}
      <div class="time">
        ${icon('clock')}<span>Time</span>
        ${timeField('Time', time, (next, isPicked) => timed(tasks, next, isPicked), { isOptional: true })}
      </div>
      ${repeats(tasks, set)}
    </div>
  `;
}

/** @returns {[string, string][]} */
function quickDays() {
  const toMonday = (8 - weekdayOf(state.today)) % 7 || 7;
  const toSaturday = (6 - weekdayOf(state.today) + 7) % 7 || 7;
  return [
    ['Today', state.today],
    ['Tomorrow', addDays(state.today, 1)],
    ['Weekend', addDays(state.today, toSaturday)],
    ['Next week', addDays(state.today, toMonday)],
  ];
}

/**
 * @param {string} label
 * @param {string} day
 * @param {() => unknown} run
 */
const quick = (label, day, run) =>
  html`<button type="button" @click=${run}>
    <span>${label}</span><small>${day && dayWords(day) !== label ? dayWords(day).slice(0, 9) : ''}</small>
  </button>`;

/** @param {(changes: TaskChanges) => void} set */
function wordField(set) {
  const { changes } = words;
  const sent = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (changes) set(changes);
  };
  return html`<form class="words" @submit=${sent}>
    <input
      aria-label="Due in words"
      placeholder="friday at 4, every 1st"
      autocomplete="off"
      .value=${live(words.text)}
      @input=${typed}
    />
    <output aria-live="polite">${changes ? told(changes) : words.text ? 'No date is understood yet.' : ''}</output>
  </form>`;
}

/** @param {InputEvent} event */
async function typed(event) {
  const text = /** @type {HTMLInputElement} */ (event.currentTarget).value;
  change(() => (words = { text, changes: null }));
  const changes = await understand(text);
  if (text === words.text) change(() => (words = { text, changes }));
}

/** @param {TaskChanges} changes */
const told = ({ due, recurrence, recurs_from: from }) =>
  [due && dueWords(due), recurrence && ruleWords(recurrence, from)].filter(Boolean).join(', ');

/**
 * @param {Task[]} tasks
 * @param {string} time empty: none
 * @param {boolean} isPicked whoever only leaves the field goes on here
 */
function timed(tasks, time, isPicked) {
  if (isPicked) closePopover();
  const due = tasks[0]?.due;
  const day = due ? dayOf(due) : state.today;
  editAll(tasks, { due: time ? `${day}T${time}` : day }, 'Scheduled');
}

/**
 * @param {Element} anchor
 * @param {Task} task
 * @param {'start' | 'deadline'} field
 */
export function openDayPicker(anchor, task, field) {
  showMonthOf(task[field] ?? state.today);
  const set = (/** @type {string | null} */ day) => {
    closePopover();
    edit(taskOf(task.id) ?? task, { [field]: day });
  };
  const clear = html`<button type="button" class="link-button" @click=${() => set(null)}>Clear</button>`;
  const content = () =>
    html`<div class="due-picker">${calendar(task[field] ?? '', set)}${task[field] ? clear : nothing}</div>`;
  openPopover(anchor, content, field === 'start' ? 'Start' : 'Deadline');
}

const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/**
 * @param {Task[]} tasks
 * @param {(changes: TaskChanges) => void} set
 */
function repeats(tasks, set) {
  const [task] = tasks;
  const due = task?.due ?? state.today;
  const day = dayOf(due);
  const rules = ['FREQ=DAILY', `FREQ=WEEKLY;BYDAY=${WEEKDAYS[weekdayOf(day)]}`, 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'];
  const monthly = [`FREQ=MONTHLY;BYMONTHDAY=${Number(day.slice(8))}`, `FREQ=YEARLY`];
  return html`
    <details class="repeats" ?open=${Boolean(task?.recurrence)}>
      <summary>
        ${icon('repeat')}<span>${task?.recurrence ? ruleWords(task.recurrence, task.recurs_from) : 'Repeat'}</span>
      </summary>
      ${[...rules, ...monthly].map((rule) => repeat(rule, () => set({ due, recurrence: rule })))}
      ${task?.recurrence ? button('Never', () => set({ recurrence: null })) : nothing}
    </details>
  `;
}

/**
 * @param {string} rule
 * @param {() => unknown} run
 */
const repeat = (rule, run) => html`<button type="button" @click=${run}>${ruleWords(rule)}</button>`;
