/**
 * What can be done with a list, a tag or a view: the menu beside its title.
 *
 * @import { MenuItem, TaskList, View } from '../../types.d.ts'
 */
import { prefer } from '../../core/drafts.js';
import { opened } from '../../core/later.js';
import { visit } from '../../core/router.js';
import { state } from '../../core/store.js';
import { editList, editView, removeList, removeTag, removeView, renameTag } from '../../tasks/lists.js';
import { askedFor, confirmed } from '../pieces/dialog.js';
import { iconButton } from '../pieces/icon.js';
import { openMenu } from '../pieces/popover.js';

/**
 * @param {string} label
 * @param {() => MenuItem[]} items
 */
const tools = (label, items) =>
  iconButton('ellipsis', label, (event) => openMenu(event, items(), label), { kind: 'place-tools' });

/** @param {TaskList} list */
export function listTools(list) {
  const key = `done ${list.id}`;
  const isShown = state.prefs.folded.includes(key);
  const others = state.prefs.folded.filter((each) => each !== key);
  return tools('More about this list', () => [
    { label: 'Name and colour', icon: 'pencil', run: () => edited(list) },
    {
      label: isShown ? 'Hide done tasks' : 'Show done tasks',
      icon: 'circle-check',
      run: () => prefer({ folded: isShown ? others : [...others, key] }),
    },
    {
      label: list.archived ? 'Take out of the archive' : 'Archive',
      icon: 'archive',
      run: () => editList(list, { archived: !list.archived }),
    },
    { line: true },
    { label: 'Delete', icon: 'trash-2', isDangerous: true, run: () => deleted(list) },
  ]);
}

/** @param {TaskList} list */
const edited = (list) =>
  opened(
    () => import('./list-form.js'),
    ({ openListForm }) => openListForm(list),
  );

/** @param {TaskList} list */
async function deleted(list) {
  const text = 'Its tasks go to the trash with it.';
  if (!(await confirmed(`Delete “${list.name}”?`, { label: 'Delete', text, isDangerous: true }))) return;
  visit('/inbox');
  removeList(list);
}

/** @param {string} name */
export const tagTools = (name) =>
  tools('More about this tag', () => [
    { label: 'Rename', icon: 'pencil', run: () => renamedTag(name) },
    { line: true },
    { label: 'Delete', icon: 'trash-2', isDangerous: true, run: () => deletedTag(name) },
  ]);

/** @param {string} name */
async function renamedTag(name) {
  const next = await askedFor('What is this tag called?', { value: name, label: 'Rename' });
  if (!next || next === name) return;
  await renameTag(name, next);
  visit(`/tag/${encodeURIComponent(next)}`);
}

/** @param {string} name */
async function deletedTag(name) {
  const text = 'It goes from all tasks. They stay.';
  if (!(await confirmed(`Delete the tag “${name}”?`, { label: 'Delete', text, isDangerous: true }))) return;
  await removeTag(name);
  visit('/inbox');
}

/** @param {View} view */
export const viewTools = (view) =>
  tools('More about this view', () => [
    { label: 'Rename', icon: 'pencil', run: () => renamedView(view) },
    { label: 'Change the filter', icon: 'list-filter', run: () => changedFilter(view) },
    { line: true },
    { label: 'Delete', icon: 'trash-2', isDangerous: true, run: () => (visit('/inbox'), removeView(view)) },
  ]);

/** @param {View} view */
async function renamedView(view) {
  const name = await askedFor('What is this view called?', { value: view.name, label: 'Rename' });
  if (name) editView(view, { name });
}

/** @param {View} view */
async function changedFilter(view) {
  const filter = await askedFor('Which tasks does it show?', { value: view.filter, label: 'Save' });
  if (filter) editView(view, { filter });
}
