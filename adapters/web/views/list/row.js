/**
 * One task. The whole row opens it; what it has beside its title stands below, small.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { deferred, whenHere } from '../../core/later.js';
import { change, state } from '../../core/store.js';
import { linked } from '../../core/text.js';
import { conflictOf } from '../../tasks/shown.js';
import { html, nothing, svg } from '../../vendor/lit.js';
import { icon, iconButton } from '../pieces/icon.js';
import { meta } from './meta.js';

/**
 * @param {Task} task
 * @param {{ key: string, at: number, size: number, isTabbed: boolean, day?: string }} where
 */
export function row(task, { key, at, size, isTabbed, day }) {
  const kinds = [task.completed && 'completed', state.selected.has(task.id) && 'selected', task.id < 0 && 'fresh'];
  return html`
    <li
      class="task ${[...kinds, state.leaving.has(task.id) && 'leaving'].filter(Boolean).join(' ')}"
      id="task-${task.id}"
      data-key=${key}
      data-id=${task.id}
      data-day=${day ?? nothing}
      aria-posinset=${at}
      aria-setsize=${size}
      @pointerdown=${(/** @type {PointerEvent} */ event) => task.deleted_at || held(event, task)}
      @mousedown=${keepStart}
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
      ${check(task, () => whenHere(({ complete }) => complete([task], !task.completed)))}
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
  deferred.here()?.grab(event, task);
  deferred.here()?.sweep(event, task);
}

/** What is chosen with Shift goes from where the focus is to here. @param {MouseEvent} event */
const keepStart = (event) => event.shiftKey && event.preventDefault();

/**
 * @param {MouseEvent} event
 * @param {Task} task
 */
function pressed(event, task) {
  const { shiftKey, metaKey, ctrlKey, currentTarget } = event;
  if (shiftKey) setTimeout(() => /** @type {HTMLElement} */ (currentTarget).focus({ preventScroll: true }));
  whenHere(({ extendTo, openCard, toggle }) => {
    if (shiftKey) extendTo(task.id);
    else if (metaKey || ctrlKey || state.selected.size) toggle(task.id);
    else if (!task.deleted_at) openCard(task.id);
  });
}

/**
 * @param {MouseEvent} event
 * @param {Task} task
 */
function openMenu({ currentTarget }, task) {
  whenHere(({ openTaskMenu }) => openTaskMenu({ currentTarget }, [task]));
}

const conflictMark = () => html`<span class="late">${icon('triangle-alert')}Changed elsewhere too</span>`;

/** @param {Task} task */
const kept = (task) => html`
  ${iconButton('ellipsis', 'More', (event) => openMenu(event, task), { kind: 'more' })}
  ${iconButton('trash-2', `Delete: ${task.title}`, () => whenHere(({ remove }) => remove([task])), { kind: 'delete' })}
`;

/** @param {Task} task */
const trashed = (task) =>
  html`<button type="button" class="link-button" @click=${() => whenHere(({ restore }) => restore([task]))}>
    Restore
  </button>`;

/**
 * @param {Task} task
 * @param {() => unknown} run
 * @param {{ isTabbable?: boolean }} [options]
 */
export function check(task, run, { isTabbable = false } = {}) {
  return html`<button
    type="button"
    class="check ${task.priority ?? ''}"
    role="checkbox"
    aria-checked=${task.completed}
    aria-label="Done: ${task.title}"
    tabindex=${isTabbable ? nothing : -1}
    ?disabled=${Boolean(task.deleted_at)}
    @click=${run}
  >
    <span><svg viewBox="0 0 24 24" aria-hidden="true">${TICK}</svg></span>
  </button>`;
}

const TICK = svg`<path d="m6 12.5 4 4 8-9" pathLength="1" />`;
