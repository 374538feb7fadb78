/**
 * How long a task takes: a few usual lengths, or in words.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { durationOf, durationWords } from '../../core/rules.js';
import { editAll } from '../../tasks/edits.js';
import { html, nothing } from '../../vendor/lit.js';
import { closePopover, menu, openPopover } from '../pieces/popover.js';

const USUAL = ['PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT2H', 'PT4H'];

/**
 * @param {Element} anchor
 * @param {Task[]} tasks
 */
export function openEstimatePicker(anchor, tasks) {
  const set = (/** @type {string | null} */ estimate) => {
    closePopover();
    editAll(tasks, { estimate }, 'Changed');
  };
  openPopover(anchor, () => picker(tasks[0].estimate ?? null, set), 'Estimate');
}

/**
 * @param {string | null} estimate
 * @param {(estimate: string | null) => void} set
 */
function picker(estimate, set) {
  const items = USUAL.map((each) => ({
    label: durationWords(each),
    isChosen: each === estimate,
    run: () => set(each),
  }));
  return html`
    <form class="words" @submit=${(/** @type {SubmitEvent} */ event) => submitted(event, set)}>
      <input
        aria-label="Estimate in words"
        placeholder="45 min, 1h 30, 1.5 h"
        autocomplete="off"
        @input=${(/** @type {InputEvent} */ { target }) => /** @type {any} */ (target).setCustomValidity('')}
      />
    </form>
    ${menu(items)} ${estimate ? menu([{ line: true }, { label: 'No estimate', run: () => set(null) }]) : nothing}
  `;
}

/**
 * @param {SubmitEvent} event
 * @param {(estimate: string | null) => void} set
 */
function submitted(event, set) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const input = /** @type {HTMLInputElement} */ (form.elements[0]);
  const estimate = durationOf(input.value);
  if (estimate) return set(estimate);
  input.setCustomValidity('Write a time up to 100 hours, such as “45 min” or “1h 30”.');
  form.reportValidity();
}
