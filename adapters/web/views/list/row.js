/**
 * One task. The whole row opens it; what it has beside its title stands below, small.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { change, state } from '../../core/store.js';
import { linked } from '../../core/text.js';
import { conflictOf } from '../../tasks/conflicts.js';
import { complete, remove, restore } from '../../tasks/edits.js';
import { html, nothing } from '../../vendor/lit.js';
import { openCard } from '../card/open.js';
import { openTaskMenu } from '../card/open-menu.js';
import { icon, iconButton } from '../pieces/icon.js';
import { check } from './check.js';
import { grab } from './drag.js';
import { meta } from './meta.js';
import { extendTo, toggle } from './selection.js';
import { sweep } from './swipe.js';

/**
 * @param {Task} task
 * @param {{ key: string, at: number, size: number, isTabbed: boolean }} where
 */
export function row(task, { key, at, size, isTabbed }) {
  const kinds = [task.completed && 'completed', state.selected.has(task.id) && 'selected', task.id < 0 && 'fresh'];
  return html`
    <li
      class="task ${[...kinds, state.leaving.has(task.id) && 'leaving'].filter(Boolean).join(' ')}"
      id="task-${task.id}"
      data-key=${key}
      data-id=${task.id}
      aria-posinset=${at}
      aria-setsize=${size}
      @pointerdown=${(/** @type {PointerEvent} */ event) => task.deleted_at || held(event, task)}
    >
      <button
        type="button"
        class="open"
        aria-labelledby="title-${task.id}"
        aria-describedby="meta-${task.id}"
        aria-pressed=${state.selected.size ? state.selected.has(task.id) : nothing}
        tabindex=${isTabbed ? 0 : -1}
        @click=${(/** @type {MouseEvent} */ event) => pressed(event, task)}
        @focus=${() => state.cursor === task.id || change((state) => (state.cursor = task.id))}
      ></button>
      ${check(task, () => complete([task], !task.completed))}
      <div class="text">
        <span class="title" dir="auto" id="title-${task.id}">${linked(task.title)}</span>
        <div class="meta" id="meta-${task.id}">${conflictOf(task.id) ? conflictMark() : nothing} ${meta(task)}</div>
      </div>
      <div class="row-actions">${task.deleted_at ? trashed(task) : kept(task)}</div>
    </li>
  `;
}

/**
 * @param {PointerEvent} event
 * @param {Task} task
 */
function held(event, task) {
  grab(event, task);
  sweep(event, task);
}

/**
 * @param {MouseEvent} event
 * @param {Task} task
 */
function pressed(event, task) {
  if (event.shiftKey) return extendTo(task.id);
  if (event.metaKey || event.ctrlKey || state.selected.size) return toggle(task.id);
  if (!task.deleted_at) openCard(task.id);
}

const conflictMark = () => html`<span class="late">${icon('triangle-alert')}Changed elsewhere too</span>`;

/** @param {Task} task */
const kept = (task) => html`
  ${iconButton('ellipsis', 'More', (event) => openTaskMenu(event, [task]), { kind: 'more' })}
  ${iconButton('trash-2', `Delete: ${task.title}`, () => remove([task]), { kind: 'delete' })}
`;

/** @param {Task} task */
const trashed = (task) =>
  html`<button type="button" class="link-button" @click=${() => restore([task])}>Restore</button>`;
