/**
 * What belongs here, and the first step.
 *
 * @import { PlaceView } from '../../types.d.ts'
 */
import { deferred } from '../../core/later.js';
import { state } from '../../core/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../pieces/icon.js';

/** @param {PlaceView} view */
export function empty(view) {
  return html`
    <div class="empty">
      ${icon(view.icon)}
      <p>${view.empty}</p>
      ${view.fresh && !state.tasks.size ? firstSteps() : nothing}
    </div>
  `;
}

const firstSteps = () =>
  html`<p class="quiet">Add a task, or tell the assistant:</p>
    ${deferred.here()?.examples()?.examples()}`;
