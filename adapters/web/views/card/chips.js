/**
 * What a task has, to press and change; what it has not stands behind a quieter word.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { dayWords, dueWords, instantWords, within } from '../../core/dates.js';
import { remindersWords } from '../../core/reminders.js';
import { durationWords, ruleWords } from '../../core/rules.js';
import { opened } from '../../core/later.js';
import { state } from '../../core/store.js';
import { isSnoozed, ringsOf } from '../../tasks/rings.js';
import { html, nothing } from '../../vendor/lit.js';
import { deadlineTone, dueTone } from '../list/meta.js';
import { icon } from '../pieces/icon.js';
import { openDayPicker, openDuePicker } from './open-due.js';
import { openListMenu, openPriorityMenu, openTagPicker, PRIORITY_NAMES } from './field-menus.js';

/** @param {Task} task */
export const chips = (task) => html`
  <div class="chips" role="group" aria-label="Fields">
    ${due(task)} ${repeats(task)} ${reminders(task)} ${priority(task)} ${list(task)} ${tags(task)} ${start(task)}
    ${deadline(task)} ${estimate(task)}
  </div>
`;

/** @param {Task} task */
function due(task) {
  const text = task.due ? dueWords(task.due) : 'Date';
  const label = `Due: ${task.due ? text : 'none'}`;
  return chip(icon('calendar'), text, label, (at) => openDuePicker(at, [task]), dueTone(task));
}

/** @param {Task} task */
function repeats(task) {
  if (!task.recurrence) return nothing;
  const words = ruleWords(task.recurrence, task.recurs_from);
  return chip(icon('repeat'), words, `Repeats: ${words}`, (at) => openDuePicker(at, [task]));
}

/** @param {Task} task */
function reminders(task) {
  if (task.completed && !task.reminders.length) return nothing;
  const words = reminderChipWords(task);
  const open = (/** @type {Element} */ at) =>
    opened(
      () => import('./reminder-picker.js'),
      ({ openReminderPicker }) => openReminderPicker(at, task),
    );
  return chip(icon('bell'), words || 'Remind me', `Reminders: ${words || 'none'}`, open);
}

/** @param {Task} task */
function reminderChipWords(task) {
  const snoozed = ringsOf(task).find(isSnoozed);
  if (snoozed?.ring_at) return `Snoozed until ${within(instantWords(snoozed.ring_at))}`;
  return remindersWords(task);
}

/** @param {Task} task */
function priority(task) {
  const name = task.priority && PRIORITY_NAMES[task.priority];
  const image = icon('flag', task.priority ?? '');
  return chip(image, name || 'Priority', `Priority: ${name || 'none'}`, (at) => openPriorityMenu(at, [task]));
}

/** @param {Task} task */
function list(task) {
  if (!state.lists.size) return nothing;
  const { name = 'Inbox', color } = state.lists.get(task.list_id ?? 0) ?? {};
  const image = color ? html`<span class="dot ${color}"></span>` : icon('inbox');
  return chip(image, name, `List: ${name}`, (at) => openListMenu(at, [task]));
}

/** @param {Task} task */
function tags(task) {
  const names = task.tags.join(', ');
  return chip(icon('hash'), names || 'Tags', `Tags: ${names || 'none'}`, (at) => openTagPicker(at, [task]));
}

/** @param {Task} task */
function start(task) {
  if (!task.start) return nothing;
  const day = dayWords(task.start);
  return chip(icon('eye'), `From ${within(day)}`, `Starts: ${day}`, (at) => openDayPicker(at, task, 'start'));
}

/** @param {Task} task */
function deadline(task) {
  const day = task.deadline && dayWords(task.deadline);
  const open = (/** @type {Element} */ at) => openDayPicker(at, task, 'deadline');
  return chip(icon('target'), day || 'Deadline', `Deadline: ${day || 'none'}`, open, deadlineTone(task));
}

/** @param {Task} task */
function estimate(task) {
  const words = task.estimate && durationWords(task.estimate);
  const open = (/** @type {Element} */ at) =>
    opened(
      () => import('./estimate-picker.js'),
      ({ openEstimatePicker }) => openEstimatePicker(at, [task]),
    );
  return chip(icon('timer'), words || 'Estimate', `Estimate: ${words || 'none'}`, open);
}

/**
 * @param {unknown} image
 * @param {string} text
 * @param {string} label
 * @param {(anchor: Element) => void} open
 * @param {string} [tone]
 */
function chip(image, text, label, open, tone = '') {
  const pressed = (/** @type {MouseEvent} */ event) => open(/** @type {Element} */ (event.currentTarget));
  return html`<button type="button" class="chip ${tone}" aria-label=${label} aria-haspopup="true" @click=${pressed}>
    ${image}<bdi>${text}</bdi>
  </button>`;
}
