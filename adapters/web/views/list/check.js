/** @import { Task } from '../../types.d.ts' */
import { html, svg, nothing } from '../../vendor/lit.js';

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
