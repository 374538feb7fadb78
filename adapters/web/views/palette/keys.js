/** What each key does. */
import { focusOn, isTextField } from '../../core/focus.js';
import { prefer } from '../../core/drafts.js';
import { visit } from '../../core/router.js';
import { change, state } from '../../core/store.js';
import { complete, editAll, remove } from '../../tasks/edits.js';
import { shownTasks } from '../../tasks/places.js';
import { taskOf } from '../../tasks/shown.js';
import { undoLast } from '../../tasks/undo.js';
import { closeCard, openCard } from '../card/open.js';
import { openDuePicker } from '../card/open-due.js';
import { openListMenu, openPriorityMenu, openTagPicker } from '../card/field-menus.js';
import { isSidebarAbove, isSidebarShown, showSidebar } from '../frame/side.js';
import { focusAdd } from '../list/open-add.js';
import { shift } from '../list/drag.js';
import { linesHere } from '../list/list.js';
import { chosenTasks, clear, extendTo, selectAll, toggle } from '../list/selection.js';
import { reveal } from '../list/virtual.js';
import { openKeys } from './keys-help.js';
import { openPalette } from './palette.js';

/** @typedef {{ keys: string[], shown: string[], label: string, group: string, run: () => unknown }} Key */

/**
 * @param {string} group
 * @param {string} label
 * @param {string[]} keys
 * @param {() => unknown} run
 * @param {string[]} [shown]
 * @returns {Key}
 */
const key = (group, label, keys, run, shown = keys) => ({ group, label, keys, run, shown });

const MOD = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl ';

/** @type {Key[]} */
export const KEYS = [
  key('Anywhere', 'Add a task', ['q', 'a'], focusAdd),
  key('Anywhere', 'Search and commands', ['mod+k', '/'], openPalette, [`${MOD}K`, '/']),
  key('Anywhere', 'Write to the assistant', ['m', 'c'], toComposer),
  key('Anywhere', 'Undo', ['mod+z', 'z'], undoLast, [`${MOD}Z`, 'z']),
  key('Anywhere', 'Fold the sidebar', ['['], () => showSidebar(!isSidebarShown())),
  key('Anywhere', 'Fold the assistant', [']', '\\'], () => prefer({ assistant: !state.prefs.assistant }), [']']),
  key('Anywhere', 'These keys', ['?'], openKeys),
  key('Go to', 'Inbox', ['g i'], () => visit('/inbox')),
  key('Go to', 'Today', ['g t'], () => visit('/today')),
  key('Go to', 'Upcoming', ['g u'], () => visit('/upcoming')),
  key('Go to', 'Done', ['g d'], () => visit('/done')),
  key('Go to', 'Settings', ['g s'], () => visit('/settings')),
  key('In a list', 'Next task', ['ArrowDown', 'j'], () => step(1), ['↓', 'j']),
  key('In a list', 'Previous task', ['ArrowUp', 'k'], () => step(-1), ['↑', 'k']),
  key('In a list', 'Open', ['Enter', 'o'], () => onCursor((task) => openCard(task.id))),
  key('In a list', 'Complete', ['e', 'Space'], () => onChosen((tasks) => complete(tasks, !tasks[0].completed))),
  key('In a list', 'Due', ['t'], () => openFor(openDuePicker)),
  key('In a list', 'Priority', ['p'], () => openFor(openPriorityMenu), ['p', '1–4']),
  ...['high', 'medium', 'low', null].map((priority, at) =>
    key('', '', [String(at + 1)], () =>
      onChosen((tasks) => editAll(tasks, { priority: /** @type {any} */ (priority) }, 'Changed'), false),
    ),
  ),
  key('In a list', 'Tags', ['y'], () => openFor(openTagPicker)),
  key('In a list', 'Move to a list', ['v'], () => openFor(openListMenu)),
  key('In a list', 'Move up and down', ['alt+ArrowUp'], () => onCursor((task) => moved(task, -1)), ['Alt ↑↓']),
  key('', '', ['alt+ArrowDown'], () => onCursor((task) => moved(task, 1))),
  key('In a list', 'Choose', ['x'], () => onCursor(({ id }) => toggle(id))),
  key('In a list', 'Choose more', ['shift+ArrowDown', 'J'], () => extend(1), ['⇧ ↑↓']),
  key('', '', ['shift+ArrowUp', 'K'], () => extend(-1)),
  key('In a list', 'Choose all', ['mod+a'], selectAll, [`${MOD}A`]),
  key('In a list', 'Delete', ['Delete', 'Backspace', '#'], () => onChosen(remove), ['Del', '#']),
  key('In a list', 'Leave', ['Escape'], leave, ['Esc']),
];

function toComposer() {
  prefer({ assistant: true });
  if (matchMedia('(max-width: 46rem)').matches) visit('/chat');
  focusOn('#composer');
}

/** @param {number} by */
function step(by) {
  const tasks = shownTasks();
  const at = tasks.findIndex(({ id }) => id === state.cursor);
  const isHere = document.activeElement?.closest('.list') || (state.cursor && document.activeElement === document.body);
  const next = tasks[at < 0 || !isHere ? Math.max(at, 0) : Math.min(Math.max(at + by, 0), tasks.length - 1)];
  if (next) moveTo(next.id);
}

/** @param {number} id */
export function moveTo(id) {
  change((state) => (state.cursor = id));
  const lines = linesHere();
  const line = lines.find(({ task }) => task?.id === id);
  if (line) reveal(lines, line.key);
  const isWanted = () => state.cursor === id && !isTextField(document.activeElement);
  focusOn(`[data-id="${id}"] .open`, { preventScroll: true, isWanted });
}

/** @param {number} by */
function extend(by) {
  const tasks = shownTasks();
  const at = tasks.findIndex(({ id }) => id === state.cursor);
  const next = tasks[at + by];
  if (!next) return;
  extendTo(next.id);
  moveTo(next.id);
}

/** @param {(task: import('../../types.d.ts').Task) => unknown} act */
function onCursor(act) {
  const task = taskOf(state.cursor ?? 0);
  if (task) act(task);
}

/**
 * Where rows go, the focus goes on to the next one.
 *
 * @param {(tasks: import('../../types.d.ts').Task[]) => unknown} act
 * @param {boolean} [goes]
 */
function onChosen(act, goes = true) {
  const tasks = chosenTasks();
  if (!tasks.length) return;
  const next = goes ? nextAfter(tasks) : tasks.at(-1);
  act(tasks);
  clear();
  if (next) moveTo(next.id);
  else focusAdd();
}

/** @param {import('../../types.d.ts').Task[]} tasks */
function nextAfter(tasks) {
  const shown = shownTasks();
  const stays = (/** @type {{ id: number }} */ { id }) => !tasks.some((task) => task.id === id);
  const last = shown.findLastIndex((task) => !stays(task));
  return shown.slice(last + 1).find(stays) ?? shown.slice(0, last).findLast(stays);
}

function leave() {
  if (isSidebarAbove()) return showSidebar(false);
  if (state.open !== null) return closeCard();
  if (state.selected.size) return clear();
  /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
}

/**
 * @param {import('../../types.d.ts').Task} task
 * @param {number} by
 */
function moved(task, by) {
  shift(task, by);
  moveTo(task.id);
}

/** @param {(anchor: Element, tasks: import('../../types.d.ts').Task[]) => void} open */
function openFor(open) {
  const anchor = document.querySelector(`[data-id="${state.cursor}"] .text`);
  const tasks = chosenTasks();
  if (anchor && tasks.length) open(anchor, tasks);
}
