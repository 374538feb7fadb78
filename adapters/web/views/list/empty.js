/**
 * What belongs here, and the first step.
 *
 * @import { PlaceView } from '../../types.d.ts'
 */
import { prefer } from '../../core/drafts.js';
import { whenHere } from '../../core/later.js';
import { state } from '../../core/store.js';
import { visit } from '../../core/router.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../pieces/icon.js';

const EXAMPLES = ['Remind me to call mom tomorrow', 'Add a task to buy groceries', 'What can you do?'];

/** @param {PlaceView} view */
export function empty(view) {
  return html`
    <div class="empty">
      ${icon(view.icon)}
      <p>${view.empty}</p>
      ${view.fresh && !state.tasks.size ? examples() : nothing}
    </div>
  `;
}

function examples() {
  return html`
    <p class="quiet">Write a task above, or tell the assistant:</p>
    <ul class="examples">
      ${EXAMPLES.map(said)}
    </ul>
  `;
}

/** @param {string} example */
const said = (example) => html`<li><button type="button" @click=${() => tell(example)}>${example}</button></li>`;

/** @param {string} sentence */
function tell(sentence) {
  prefer({ assistant: true });
  if (matchMedia('(max-width: 46rem)').matches) visit('/chat');
  whenHere(({ say }) => say(sentence));
}
