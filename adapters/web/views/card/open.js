/**
 * Which task is open, and what is being written in it.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { focusOn } from '../../core/focus.js';
import { onArrival, setParams } from '../../core/router.js';
import { change, state } from '../../core/store.js';
import { edit } from '../../tasks/edits.js';
import { realId, taskOf } from '../../tasks/shown.js';

const SAVE_MS = 600;

/**
 * What is in the fields and not saved yet, so that nothing overwrites it, and the task as it was when one began: what
 * somebody else has changed since is not overwritten either.
 *
 * @type {{ id: number, base?: Task, title?: string, description?: string }}
 */
let written = { id: 0 };
/** @type {ReturnType<typeof setTimeout> | undefined} */
let saving;

/** @param {number} id */
export function openCard(id) {
  saveCard();
  written = { id };
  setParams({ task: String(id) }, { isStep: state.open === null });
  change((state) => (state.cursor = id));
  focusOn('.card .card-title', { preventScroll: true });
}

export const closeCard = () => setParams({ task: null });

/** The task that was open when the address was read last. @type {number | null} */
let before = null;

/** By Escape, by Back or by a link: what was written is saved. */
function closed() {
  const id = before;
  before = state.open;
  if (id === null || before !== null) return;
  saveCard();
  written = { id: 0 };
  const isWanted = () => !document.activeElement?.matches('.open, input, textarea, h1');
  focusOn(`[data-id="${id}"] .open`, { preventScroll: true, isWanted });
}

/**
 * @param {Task} task
 * @param {'title' | 'description'} name
 */
export const writtenIn = (task, name) => (written.id === task.id ? written[name] : undefined) ?? task[name] ?? '';

/**
 * @param {number} id
 * @param {'title' | 'description'} name
 * @param {string} text
 */
export function write(id, name, text) {
  if (written.id !== id) written = { id };
  written.base ??= taskOf(id);
  change(() => (written[name] = text));
  clearTimeout(saving);
  saving = setTimeout(saveCard, SAVE_MS);
}

export function saveCard() {
  clearTimeout(saving);
  const task = written.base;
  if (!task) return;
  const changes = changesOf(task);
  if (Object.keys(changes).length) edit({ ...task, id: realId(task.id) }, changes);
  delete written.base;
}

/** A field that nobody is in shows what is saved. */
export function leaveField() {
  saveCard();
  change(() => (written = { id: written.id }));
}

/**
 * @param {Task} task
 * @returns {import('../../types.d.ts').TaskChanges}
 */
function changesOf(task) {
  const title = written.title?.trim();
  const description = written.description?.trim() ? written.description : null;
  return {
    ...(title && title !== task.title && [...title].length <= 500 && { title }),
    ...(written.description !== undefined && description !== (task.description ?? null) && { description }),
  };
}

addEventListener('pagehide', saveCard);
onArrival(closed);
