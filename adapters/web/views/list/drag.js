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

/**
 * @type {{ id: number, row: HTMLElement, x: number, y: number, isOn: boolean, target: Element | null, isAfter: boolean
 * } | null}
 */
let drag = null;

/**
 * @param {PointerEvent} event
 * @param {Task} task
 */
export function grab(event, task) {
  if (event.button !== 0 || /** @type {Element} */ (event.target).closest('.check, .row-actions, a')) return;
  const row = /** @type {HTMLElement} */ (event.currentTarget);
  drag = { id: task.id, row, x: event.clientX, y: event.clientY, isOn: false, target: null, isAfter: false };
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

/** @param {NonNullable<typeof drag>} held */
function begin(held) {
  held.isOn = true;
  held.row.classList.add('dragged');
  document.body.classList.add('dragging');
  addEventListener('touchmove', hold, { passive: false });
  addEventListener('click', swallow, { capture: true, once: true });
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
  const isFar = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > START_PX;
  if (!drag.isOn && isFar && event.pointerType === 'touch') clearTimeout(timer);
  else if (!drag.isOn && isFar) begin(drag);
  if (!drag.isOn) return;
  drag.row.style.translate = `0 ${event.clientY - drag.y}px`;
  scrollAtEdge(event.clientY);
  aim(event, drag);
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
  if (!held?.isOn) return;
  held.row.classList.remove('dragged');
  held.row.style.translate = '';
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
