/**
 * What a task has beside its title, in small quiet words; nothing that it has not.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { dayOf, daysBetween, dayWords, dueWords, isOverdue, timeOf, timeWords } from '../../core/dates.js';
import { remindersWords } from '../../core/reminders.js';
import { durationWords, ruleWords } from '../../core/rules.js';
import { state } from '../../core/store.js';
import { folded } from '../../core/text.js';
import { UPCOMING_DAYS } from '../../tasks/plan.js';
import { childrenOf, taskOf } from '../../tasks/shown.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../pieces/icon.js';

/** @param {Task} task */
export function meta(task) {
  const { due, deadline, recurrence, tags = [] } = task;
  const reminds = remindersWords(task);
  return html`
    ${partOf(task)}
    ${due && shortDue(due) ? html`<span class=${dueTone(task)}>${icon('calendar')}${shortDue(due)}</span>` : nothing}
    ${recurrence ? html`<span>${icon('repeat')}<bdi>${ruleWords(recurrence, task.recurs_from)}</bdi></span>` : nothing}
    ${reminds && !task.completed ? html`<span>${icon('bell')}<bdi>${reminds}</bdi></span>` : nothing}
    ${deadline ? html`<span class=${deadlineTone(task)}>${icon('target')}${dayWords(deadline)}</span>` : nothing}
    ${listMark(task)} ${subtaskCount(task)}
    ${tags.filter(isNotHere).map((tag) => html`<span>${icon('hash')}<bdi>${tag}</bdi></span>`)}
    ${task.estimate ? html`<span>${icon('timer')}${durationWords(task.estimate)}</span>` : nothing} ${note(task)}
  `;
}

/** @param {Task} task a step says what it is a part of, as its title alone may tell little */
function partOf({ parent_id: id }) {
  const title = id && taskOf(id)?.title;
  return title ? html`<span>Part of <bdi>${title}</bdi></span>` : nothing;
}

/**
 * @param {Task} task
 * @returns {string} a class
 */
export function dueTone({ due, completed }) {
  if (!due || completed) return '';
  if (isOverdue(due)) return 'late';
  return dayOf(due) === state.today ? 'now' : '';
}

/**
 * @param {Task} task
 * @returns {string} a class
 */
export const deadlineTone = ({ deadline, completed }) =>
  deadline && !completed && deadline <= state.today ? 'late' : '';

/** Under the heading of its day, the day goes without saying. @param {string} due */
function shortDue(due) {
  const ahead = daysBetween(state.today, dayOf(due));
  const { name } = state.place;
  const isSaid = (name === 'today' && ahead === 0) || (name === 'upcoming' && ahead > 0 && ahead <= UPCOMING_DAYS);
  if (isSaid) return timeOf(due) && timeWords(timeOf(due));
  return dueWords(due);
}

/** @param {Task} task */
export function listMark({ list_id: id }) {
  const list = id ? state.lists.get(id) : undefined;
  if (!list || (state.place.name === 'list' && Number(state.place.id) === id)) return nothing;
  return html`<span><span class="dot ${list.color}"></span><bdi>${list.name}</bdi></span>`;
}

/** @param {string} tag */
const isNotHere = (tag) => state.place.name !== 'tag' || folded(tag) !== folded(state.place.id);

/** @param {Task} task */
function subtaskCount({ id }) {
  const children = childrenOf().get(id);
  if (!children) return nothing;
  const done = children.filter(({ completed }) => completed).length;
  return html`<span aria-label="${done} of ${children.length} subtasks done"
    >${icon('corner-down-right')}${done}/${children.length}</span
  >`;
}

/** @param {Task} task */
function note({ description }) {
  if (!description) return nothing;
  return html`<span class="note" dir="auto">${icon('align-left')}<bdi>${firstLine(description)}</bdi></span>`;
}

/** @param {string} text */
const firstLine = (text) =>
  text
    .trim()
    .split('\n')[0]
    .replace(/[*_`#>]+|\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .slice(0, 120);
