/** What a filter is made of, to complete what is being typed. */
import { state } from '../../core/store.js';
import { folded } from '../../core/text.js';
import { allLists, allTags } from '../../tasks/lists.js';

const WORDS = [
  ...['today', 'tomorrow', 'overdue', 'upcoming', 'next 7 days', 'no date', 'p1', 'p2', 'p3', 'p4', 'no priority'],
  ...['inbox', 'no tags', 'recurring', 'subtask', 'done', 'trash', 'search: ', 'due: ', 'due before: ', 'due after: '],
  ...['deadline before: ', 'created after: ', 'completed: '],
];
const MOST = 8;

/**
 * @param {string} text before the cursor
 * @returns {{ start: number, options: string[] }} where the term begins that they take the place of
 */
export function completions(text) {
  const start = /[^&|!(]*$/.exec(text)?.index ?? 0;
  const typed = text.slice(start).trimStart();
  const at = start + text.slice(start).length - typed.length;
  const all = [
    ...WORDS,
    ...allLists().map(({ name }) => `#${quoted(name)}`),
    ...allTags().map(({ name }) => `@${quoted(name)}`),
  ];
  const options = all.filter((term) => folded(term).startsWith(folded(typed)) && folded(term) !== folded(typed));
  return { start: at, options: state.user ? options.slice(0, MOST) : [] };
}

/** @param {string} name */
const quoted = (name) => (/[&|(),"]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name);
