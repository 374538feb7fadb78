/** Many rows at once: chosen with x, Shift or Ctrl, and then moved, completed or deleted together. */
import { focusOn } from '../../core/focus.js';
import { change, state } from '../../core/store.js';
import { counted } from '../../core/text.js';
import { complete, remove, restore } from '../../tasks/edits.js';
import { shownTasks } from '../../tasks/places.js';
import { html, nothing } from '../../vendor/lit.js';
import { iconButton } from '../pieces/icon.js';
import { bulkActions } from './bulk.js';

/** @param {number} id */
export function toggle(id) {
  change((state) => {
    state.selected = new Set(state.selected);
    if (!state.selected.delete(id)) state.selected.add(id);
    state.cursor = id;
  });
}

/** @param {number} id all from the cursor to there */
export function extendTo(id) {
  const ids = shownTasks().map((task) => task.id);
  const [one, other] = [ids.indexOf(state.cursor ?? ids[0]), ids.indexOf(id)];
  const between = ids.slice(Math.max(Math.min(one, other), 0), Math.max(one, other) + 1);
  change((state) => {
    state.selected = new Set([...state.selected, ...between]);
    state.cursor = id;
  });
}

export const selectAll = () => change((state) => (state.selected = new Set(shownTasks().map(({ id }) => id))));
export const clear = () => change((state) => (state.selected = new Set()));

/** @returns {import('../../types.d.ts').Task[]} the chosen ones, or the one that the cursor is on */
export function chosenTasks() {
  const ids = state.selected.size ? state.selected : new Set([state.cursor]);
  return shownTasks().filter(({ id }) => ids.has(id));
}

let wasShown = false;

export function selectionBar() {
  const tasks = state.selected.size ? chosenTasks() : [];
  const isLost = () => document.activeElement === document.body;
  if (wasShown && !tasks.length) focusOn('.list .open[tabindex="0"]', { preventScroll: true, isWanted: isLost });
  wasShown = tasks.length > 0;
  if (!wasShown) return nothing;
  const act = (/** @type {() => unknown} */ run) => () => (run(), clear());
  const isTrash = tasks.every(({ deleted_at }) => deleted_at);
  return html`
    <div class="selection" role="toolbar" aria-label="Chosen tasks">
      <strong>${counted(tasks.length, 'task')}</strong>
      ${
        isTrash
          ? iconButton(
              'rotate-ccw',
              'Restore',
              act(() => restore(tasks)),
            )
          : html`${iconButton(
              'circle-check',
              'Complete',
              act(() => complete(tasks, true)),
              { key: 'e' },
            )}
            ${bulkActions(tasks)}
            ${iconButton(
              'trash-2',
              'Delete',
              act(() => remove(tasks)),
              { key: 'Delete' },
            )}`
      }
      <span class="gap"></span>${iconButton('x', 'Choose none', clear, { key: 'Esc' })}
    </div>
  `;
}
