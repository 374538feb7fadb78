/** What the palette finds: by words, in any order, without case and accents. */
import { prefer } from '../../core/drafts.js';
import { visit } from '../../core/router.js';
import { derived, state } from '../../core/store.js';
import { folded } from '../../core/text.js';
import { allLists, allTags, allViews } from '../../tasks/lists.js';
import { allTasks, newestFirst } from '../../tasks/shown.js';
import { undoLast } from '../../tasks/undo.js';
import { openConversation } from '../../chat/chat.js';
import { openFilter } from '../filter/open.js';
import { focusAdd } from '../list/open-add.js';
import { goToTask } from '../list/go.js';
import { PLACES } from '../frame/sidebar.js';
import { signOutSafely } from '../settings/sign-out.js';
import { openKeys } from './keys-help.js';

/** @typedef {{ group: string, label: string, icon: string, dot?: string, hint?: string, run: () => unknown }} Result */

const MOST_TASKS = 20;

/** @returns {Result[]} */
const places = () =>
  PLACES.map(([address, label, icon]) => ({ group: 'Go to', label, icon, run: () => visit(address) }));

/** @returns {Result[]} */
const own = () => [
  ...allLists().map(({ id, name, color }) => ({
    group: 'Lists',
    label: name,
    icon: '',
    dot: color,
    run: () => visit(`/list/${id}`),
  })),
  ...allViews().map(({ id, name }) => ({
    group: 'Views',
    label: name,
    icon: 'list-filter',
    run: () => visit(`/view/${id}`),
  })),
  ...allTags().map(({ name }) => ({
    group: 'Tags',
    label: name,
    icon: 'hash',
    run: () => visit(`/tag/${encodeURIComponent(name)}`),
  })),
];

/** @returns {Result[]} */
const actions = () => [
  { group: 'Do', label: 'Add a task', icon: 'plus', hint: 'q', run: focusAdd },
  { group: 'Do', label: 'New conversation', icon: 'square-pen', run: () => openConversation('') },
  { group: 'Do', label: 'Filter tasks', icon: 'list-filter', run: openFilter },
  { group: 'Do', label: 'Undo', icon: 'undo-2', hint: 'z', run: undoLast },
  { group: 'Do', label: 'Keyboard shortcuts', icon: 'keyboard', hint: '?', run: openKeys },
  { group: 'Settings', label: 'Settings', icon: 'settings', run: () => visit('/settings') },
  { group: 'Settings', label: 'Connect an AI client', icon: 'sparkles', run: () => visit('/settings/connect') },
  { group: 'Settings', label: 'Import and export', icon: 'download', run: () => visit('/settings/data') },
  { group: 'Settings', label: 'Light theme', icon: 'sun', run: () => prefer({ theme: 'light' }) },
  { group: 'Settings', label: 'Dark theme', icon: 'moon', run: () => prefer({ theme: 'dark' }) },
  { group: 'Settings', label: 'Theme of the system', icon: 'monitor', run: () => prefer({ theme: 'system' }) },
  { group: 'Settings', label: 'Sign out', icon: 'log-out', run: signOutSafely },
];

const index = derived(() =>
  allTasks()
    .filter(({ deleted_at }) => !deleted_at)
    .sort(newestFirst)
    .map((task) => ({ task, title: folded(task.title), all: folded(`${task.title} ${task.description ?? ''}`) })),
);

/**
 * @param {string} query
 * @returns {Result[]}
 */
export function found(query) {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const fits = (/** @type {Result} */ { label }) => words.every((word) => folded(label).includes(word));
  const commands = [...places(), ...own(), ...actions()].filter(fits);
  return words.length ? [...tasksWith(words), ...commands] : commands;
}

/**
 * @param {string[]} words
 * @returns {Result[]} those first whose title begins with what is looked for, then those in which words begin with it
 */
function tasksWith(words) {
  const beginning = words.map((word) => new RegExp(`(^|[^\\p{L}\\p{N}])${escaped(word)}`, 'u'));
  const rank = (/** @type {string} */ title) => {
    if (!words.every((word) => title.includes(word))) return 3;
    return title.startsWith(words.join(' ')) ? 0 : beginning.every((each) => each.test(title)) ? 1 : 2;
  };
  return index()
    .filter(({ all }) => words.every((word) => all.includes(word)))
    .map(({ task, title }) => ({ task, rank: rank(title) + (task.completed ? 4 : 0) }))
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MOST_TASKS)
    .map(({ task }) => ({
      group: 'Tasks',
      label: task.title,
      icon: task.completed ? 'circle-check' : 'circle',
      hint: task.completed ? 'Done' : (state.lists.get(task.list_id ?? 0)?.name ?? ''),
      run: () => goToTask(task),
    }));
}

/** @param {string} word */
const escaped = (word) => word.replace(/[^\p{L}\p{N}]/gu, '\\$&');
