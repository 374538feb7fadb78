/**
 * On a phone: a row that is swept to its end completes the task, and to its beginning, schedules it.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { complete } from '../../tasks/edits.js';
import { openDuePicker } from '../card/open-due.js';

/** Pixels before a finger is taken for one that sweeps, and those after which letting go acts. */
const START_PX = 12;
const ACT_PX = 84;

/**
 * @param {PointerEvent} event
 * @param {Task} task
 */
export function sweep(event, task) {
  if (event.pointerType !== 'touch') return;
  const row = /** @type {HTMLElement} */ (event.currentTarget);
  const { clientX: x, clientY: y, pointerId } = event;
  let by = 0;
  const move = (/** @type {PointerEvent} */ moved) => {
    if (moved.pointerId !== pointerId || document.body.classList.contains('dragging')) return;
    const [dx, dy] = [moved.clientX - x, moved.clientY - y];
    if (!by && (Math.abs(dx) < START_PX || Math.abs(dx) < Math.abs(dy) * 1.5)) return;
    by = dx || 1;
    follow(row, by);
  };
  const over = (/** @type {Event} */ { type }) => {
    removeEventListener('pointermove', move);
    for (const name of ['pointerup', 'pointercancel']) removeEventListener(name, over);
    if (!by) return;
    letGo(row);
    if (type === 'pointerup' && Math.abs(by) >= ACT_PX) act(row, task, by);
  };
  addEventListener('pointermove', move);
  for (const name of ['pointerup', 'pointercancel']) addEventListener(name, over);
}

/**
 * @param {HTMLElement} row
 * @param {number} by
 */
function follow(row, by) {
  if (!row.classList.contains('swept')) addEventListener('click', swallow, { capture: true, once: true });
  row.classList.add('swept');
  row.classList.toggle('to-start', by < 0);
  row.classList.toggle('acts', Math.abs(by) >= ACT_PX);
  row.style.setProperty('--swept', `${by}px`);
}

/** @param {HTMLElement} row */
function letGo(row) {
  row.classList.remove('swept', 'to-start', 'acts');
  row.style.removeProperty('--swept');
  setTimeout(() => removeEventListener('click', swallow, { capture: true }));
}

/** @param {Event} event the finger that sweeps opens nothing */
const swallow = (event) => event.stopPropagation();

/**
 * @param {HTMLElement} row
 * @param {Task} task
 * @param {number} by
 */
function act(row, task, by) {
  const isToEnd = getComputedStyle(row).direction === 'rtl' ? by < 0 : by > 0;
  if (isToEnd) complete([task], !task.completed);
  else openDuePicker(row.querySelector('.text') ?? row, [task]);
}
