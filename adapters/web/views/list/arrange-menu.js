/**
 * The button that groups and sorts a list.
 *
 * @import { MenuItem, PlaceView } from '../../types.d.ts'
 */
import { state } from '../../core/store.js';
import { arrange, arrangement } from '../../tasks/arrange.js';
import { iconButton } from '../pieces/icon.js';
import { openMenu } from '../pieces/popover.js';

/** @type {[string, string][]} */
const GROUPS = [
  ['', 'Nothing'],
  ['due', 'Date'],
  ['priority', 'Priority'],
  ['list', 'List'],
  ['tag', 'Tag'],
];
/** @type {[string, string][]} */
const SORTS = [
  ['due', 'Date'],
  ['priority', 'Priority'],
  ['title', 'Title'],
  ['newest', 'Newest first'],
];
const LABEL = 'Group and sort';

/** @param {PlaceView} view whose own order has a name */
export function arrangeButton({ ordered = '' }) {
  const { group, sort } = arrangement();
  const words = [group && `grouped by ${named(GROUPS, group)}`, sort && `sorted by ${named(SORTS, sort)}`];
  const label = [LABEL, ...words.filter(Boolean)].join(', ');
  const open = (/** @type {MouseEvent} */ event) => openMenu(event, items(ordered), LABEL);
  return iconButton('arrow-down-up', label, open, {
    kind: 'place-tools',
    pressed: Boolean(group || sort) || undefined,
  });
}

/** @param {string} ordered @returns {MenuItem[]} */
function items(ordered) {
  const now = arrangement();
  return [
    { head: 'Group by' },
    ...groups(now.group).map(([group, label]) => ({
      label,
      isChosen: now.group === group,
      run: () => arrange({ group }),
    })),
    { head: 'Sort by' },
    ...[['', ordered], ...SORTS].map(([sort, label]) => ({
      label,
      isChosen: now.sort === sort,
      run: () => arrange({ sort }),
    })),
  ];
}

/** @param {string} now all tasks of the Inbox or of a list have that one list: grouped so before, they may stay so */
const groups = (now) =>
  GROUPS.filter(([group]) => group !== 'list' || now === 'list' || !['inbox', 'list'].includes(state.place.name));

/**
 * @param {[string, string][]} words
 * @param {string} value
 */
const named = (words, value) => words.find(([each]) => each === value)?.[1].toLowerCase();
