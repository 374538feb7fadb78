/**
 * Order by hand, and days of Upcoming: a row is dragged by mouse or, after a long press, by touch; Alt and an arrow do
 * the same. Dropped on a place of the sidebar, it moves there.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { addDays } from '../../core/dates.js';
import { state } from '../../core/store.js';
import { dueOn, moveBeside, moveToDay } from '../../tasks/moves.js';
import { dayFor } from '../../tasks/plan.js';
import { isByDay, isByHand, shownTasks } from '../../tasks/places.js';
import { taskOf } from '../../tasks/shown.js';
import { editSeen } from '../card/edit-seen.js';
import { moveToList } from '../card/field-menus.js';

const START_PX = 5;
const LONG_PRESS_MS = 350;
const EDGE_PX = 60;
const GAP_PX = 12;

/**
 * @type {{ id: number, row: HTMLElement, copy: HTMLElement | null, x: number, y: number, target: Element | null,
 * isAfter: boolean } | null}
 */
let drag = null;

/**
 * @param {PointerEvent} event
 * @param {Task} task
 */
export function grab(event, task) {
  if (event.button !== 0 || /** @type {Element} */ (event.target).closest('.check, .row-actions, a')) return;
  const row = /** @type {HTMLElement} */ (event.currentTarget);
  drag = { id: task.id, row, copy: null, x: event.clientX, y: event.clientY, target: null, isAfter: false };
  const timer = event.pointerType === 'touch' ? setTimeout(() => drag && begin(drag), LONG_PRESS_MS) : undefined;
  const move = (/** @type {PointerEvent} */ moved) => follow(moved, timer);
  const over = () => {
    clearTimeout(timer);
    removeEventListener('pointermove', move);
    for (const name of ['pointerup', 'pointercancel', 'keydown']) removeEventListener(name, over);
    drop();
  };
  addEventListener('pointermove', move);
  for (const name of ['pointerup', 'pointercancel', 'keydown']) addEventListener(name, over);
}

/**
 * @param {NonNullable<typeof drag>} held
 * @returns {HTMLElement} what follows the pointer
 */
function begin(held) {
  held.copy = copyOf(held.row);
  held.row.classList.add('dragged');
  document.body.classList.add('dragging');
  addEventListener('touchmove', hold, { passive: false });
  addEventListener('click', swallow, { capture: true, once: true });
  return held.copy;
}

/** The row itself ends where its list does; a copy goes as far as the sidebar. @param {HTMLElement} row */
function copyOf(row) {
  const { left, top, width } = row.getBoundingClientRect();
  const copy = document.createElement('ul');
  Object.assign(copy, { className: 'dragged-copy', inert: true });
  Object.assign(copy.style, { left: `${left}px`, top: `${top}px`, width: `${width}px` });
  copy.append(row.cloneNode(true));
  for (const each of copy.querySelectorAll('[id]')) each.removeAttribute('id');
  document.body.append(copy);
  return copy;
}

/** @param {Event} event the page must not scroll meanwhile */
const hold = (event) => event.cancelable && event.preventDefault();
/** @param {Event} event the press that ends a drag opens nothing */
const swallow = (event) => event.stopPropagation();

/**
 * @param {PointerEvent} event
 * @param {ReturnType<typeof setTimeout> | undefined} timer
 */
function follow(event, timer) {
  if (!drag) return;
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  const isFar = Math.hypot(dx, dy) > START_PX;
  if (!drag.copy && isFar && event.pointerType === 'touch') clearTimeout(timer);
  const copy = drag.copy ?? (isFar && event.pointerType !== 'touch' ? begin(drag) : null);
  if (!copy) return;
  scrollAtEdge(event.clientY);
  aim(event, drag);
  copy.style.translate = `${beside(drag.target, copy) ?? dx}px ${dy}px`;
}

/**
 * Over the sidebar a row would hide where it goes, and its own title would be outside of the window.
 *
 * @param {Element | null} target
 * @param {HTMLElement} copy
 */
function beside(target, copy) {
  if (!target?.matches('.place')) return null;
  return target.getBoundingClientRect().right + GAP_PX - copy.offsetLeft;
}

/** @param {number} y */
function scrollAtEdge(y) {
  const scroller = document.querySelector('.scroller');
  const { top = 0, bottom = 0 } = scroller?.getBoundingClientRect() ?? {};
  if (y < top + EDGE_PX) scroller?.scrollBy(0, -12);
  if (y > bottom - EDGE_PX) scroller?.scrollBy(0, 12);
}

/**
 * @param {PointerEvent} event
 * @param {NonNullable<typeof drag>} held
 */
function aim(event, held) {
  unmark(held);
  const under = document.elementsFromPoint(event.clientX, event.clientY);
  const place = under.map((each) => each.closest('.place[data-drop]')).find(Boolean);
  const lines = isByDay() ? '.list > [data-day]' : isByHand() ? '.list > .task' : '';
  const line = lines && under.map((each) => each.closest(lines)).find((each) => each && each !== held.row);
  held.target = place ?? (line || null);
  if (!held.target) return;
  if (!place && isByDay()) return markDay(held.target);
  const { top, height } = held.target.getBoundingClientRect();
  held.isAfter = event.clientY > top + height / 2;
  held.target.classList.add(place ? 'drop-on' : held.isAfter ? 'drop-after' : 'drop-before');
}

/** @param {Element} line of a day, which is marked as a whole */
function markDay(line) {
  const day = /** @type {HTMLElement} */ (line).dataset.day;
  for (const each of document.querySelectorAll(`.list > [data-day="${day}"]`)) each.classList.add('drop-day');
}

/** @param {NonNullable<typeof drag>} held */
function unmark({ target }) {
  target?.classList.remove('drop-before', 'drop-after', 'drop-on');
  for (const each of document.querySelectorAll('.drop-day')) each.classList.remove('drop-day');
}

function drop() {
  const held = drag;
  drag = null;
  if (!held?.copy) return;
  held.copy.remove();
  held.row.classList.remove('dragged');
  unmark(held);
  document.body.classList.remove('dragging');
  removeEventListener('touchmove', hold);
  setTimeout(() => removeEventListener('click', swallow, { capture: true }));
  const task = taskOf(held.id);
  if (task && held.target) land(task, /** @type {HTMLElement} */ (held.target), held.isAfter);
}

/**
 * @param {Task} task
 * @param {HTMLElement} target
 * @param {boolean} isAfter
 */
function land(task, target, isAfter) {
  const { drop: place, day } = target.dataset;
  if (place === 'today') editSeen([task], { due: dueOn(state.today, task.due) }, 'Scheduled', 'Scheduled for today');
  else if (place !== undefined) moveToList([task], place === 'inbox' ? null : Number(place));
  else if (day) moveToDay(task, day);
  else moveBeside(task, Number(target.dataset.id), isAfter ? 'after' : 'before', shownTasks());
}

/**
 * @param {Task} task
 * @param {number} by -1: up
 */
export function shift(task, by) {
  const day = isByDay() ? addDays(dayFor(task), by) : '';
  if (day > state.today) moveToDay(task, day);
  const tasks = shownTasks();
  const other = tasks[tasks.findIndex(({ id }) => id === task.id) + by];
  if (other && isByHand()) moveBeside(task, other.id, by < 0 ? 'before' : 'after', tasks);
}
