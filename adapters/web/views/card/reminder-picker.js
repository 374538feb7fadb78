/**
 * When a task reminds: quick choices, a time of one's own, and what is set, with when it rings.
 *
 * @import { Task, TaskReminder } from '../../types.d.ts'
 */
import { addDays, dayOf, dayWords, instantWords, longDay, timeOf, within } from '../../core/dates.js';
import { focusOn } from '../../core/focus.js';
import { AT_DUE, reminderWords } from '../../core/reminders.js';
import { change, state } from '../../core/store.js';
import { edit } from '../../tasks/edits.js';
import { forgetRings, isSnoozed, ringsOf } from '../../tasks/rings.js';
import { taskOf } from '../../tasks/shown.js';
import { html, nothing } from '../../vendor/lit.js';
import { calendar, showMonthOf } from '../pieces/calendar.js';
import { icon, iconButton } from '../pieces/icon.js';
import { openPopover } from '../pieces/popover.js';
import { timeField } from '../pieces/time-field.js';

const MOST_REMINDERS = 10;
const DAY_CHOICES = [AT_DUE, '-P1D'];
const HOUR_CHOICES = [AT_DUE, '-PT30M', '-PT1H', '-P1D'];

/**
 * @param {Element} anchor
 * @param {Task} task
 */
export function openReminderPicker(anchor, { id, due }) {
  forgetRings(id);
  const day = due && dayOf(due) > state.today ? dayOf(due) : addDays(state.today, 1);
  own = { day, time: state.user?.reminder_time ?? '09:00', picksDay: false };
  showMonthOf(day);
  openPopover(anchor, () => picker(taskOf(id)), 'Reminders');
}

/** @param {Task | undefined} task */
function picker(task) {
  if (!task) return nothing;
  const isFull = task.reminders.length >= MOST_REMINDERS;
  return html`
    <div class="reminder-picker">
      ${task.reminders.length ? list(task) : nothing}
      ${isFull ? html`<p class="quiet">These are as many as a task can have.</p>` : [choices(task), ownTime(task)]}
    </div>
  `;
}

/** @param {Task} task */
const list = (task) =>
  html`<ul aria-label="Reminders">
    ${task.reminders.map((each) => reminder(task, each))}
  </ul>`;

/**
 * @param {Task} task
 * @param {string} text
 */
function reminder(task, text) {
  const words = reminderWords(text, task.due);
  const remove = () => {
    set(task, (reminders) => reminders.filter((each) => each !== text));
    focusOn('.reminder-picker button');
  };
  const ring = ringsOf(task).find(({ reminder }) => reminder === text);
  return html`<li>
    ${icon('bell')}
    <span>${words} <small>${ring ? told(ring) : nothing}</small></span>
    ${iconButton('x', `Remove: ${words}`, remove)}
  </li>`;
}

/** @param {TaskReminder} ring */
function told(ring) {
  if (!ring.ring_at) return '';
  if (ring.state === 'past') return 'Does not ring: its time was over';
  const at = within(instantWords(ring.ring_at));
  if (ring.state === 'rung') return `Rang ${at}`;
  return isSnoozed(ring) ? `Snoozed until ${at}` : `Rings ${at}`;
}

/** @param {Task} task */
function choices(task) {
  if (!task.due) return html`<p class="quiet">With a due date, it can ring before that.</p>`;
  const all = timeOf(task.due) ? HOUR_CHOICES : DAY_CHOICES;
  const left = all.filter((each) => !task.reminders.includes(each));
  return html`<div class="quick-days">
    ${left.map(
      (each) => html`<button type="button" @click=${() => add(task, each)}>${reminderWords(each, task.due)}</button>`,
    )}
  </div>`;
}

/** The day and the time of one's own that are being chosen. */
let own = { day: '', time: '', picksDay: false };

/** @param {Task} task */
function ownTime(task) {
  const added = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    add(task, `${own.day}T${own.time}`);
  };
  const picked = (/** @type {string} */ day) => {
    change(() => Object.assign(own, { day, picksDay: false }));
    focusOn('.own-time .day');
  };
  return html`<form class="own-time" @submit=${added} aria-label="At a time of your own">
      <button
        type="button"
        class="day"
        aria-label="Day: ${longDay(own.day)}"
        aria-expanded=${own.picksDay}
        @click=${() => change(() => (own.picksDay = !own.picksDay))}
      >
        ${icon('calendar')}${dayWords(own.day)}
      </button>
      ${timeField('Time', own.time, (time) => change(() => (own.time = time)))}
      <button class="small">Add</button>
    </form>
    ${own.picksDay ? calendar(own.day, picked) : nothing}`;
}

/**
 * @param {Task} task
 * @param {string} text
 */
function add(task, text) {
  set(task, (reminders) => [...new Set([...reminders, text])]);
  focusOn('.own-time .small');
}

/**
 * @param {Task} task
 * @param {(reminders: string[]) => string[]} alter
 */
function set({ id }, alter) {
  const task = taskOf(id);
  if (task) edit(task, { reminders: alter(task.reminders) });
}
