/** Search and commands: tasks, places, what can be done and settings, from one field. */
import { change, state } from '../../core/store.js';
import { html, live } from '../../vendor/lit.js';
import { closeDialog, openDialog } from '../pieces/dialog.js';
import { icon } from '../pieces/icon.js';
import { found } from './found.js';

let query = '';
let at = 0;

export function openPalette() {
  [query, at] = ['', 0];
  openDialog('Search', content, { kind: 'palette' });
}

function content() {
  const results = found(query);
  const chosen = Math.min(at, results.length - 1);
  return html`
    <div class="palette-field">
      ${icon('search')}
      <input
        role="combobox"
        aria-label="Search tasks and commands"
        aria-expanded="true"
        aria-controls="palette-results"
        aria-activedescendant=${results.length ? `result-${chosen}` : ''}
        aria-autocomplete="list"
        placeholder="Search tasks and commands"
        autocomplete="off"
        dir="auto"
        autofocus
        .value=${live(query)}
        @input=${typed}
        @keydown=${(/** @type {KeyboardEvent} */ event) => walk(event, results)}
      />
      <kbd>Esc</kbd>
    </div>
    <ul id="palette-results" role="listbox" aria-label="Results">
      ${results.map((result, place) => line(result, place, place === chosen, results[place - 1]?.group))}
    </ul>
    ${results.length ? '' : html`<p class="quiet nothing" role="status">Nothing is called so.</p>`}
  `;
}

/**
 * @param {import('./found.js').Result} result
 * @param {number} place
 * @param {boolean} isChosen
 * @param {string} [above]
 */
function line(result, place, isChosen, above) {
  return html`
    ${result.group === above ? '' : html`<li class="palette-group" role="presentation">${result.group}</li>`}
    <li
      id="result-${place}"
      role="option"
      aria-selected=${isChosen}
      @click=${() => take(result)}
      @pointermove=${() => at !== place && change(() => (at = place))}
    >
      ${result.dot ? html`<span class="dot ${result.dot}"></span>` : icon(result.icon)}
      <span class="name" dir="auto">${result.label}</span>
      ${result.hint ? html`<small dir="auto">${result.hint}</small>` : ''}
    </li>
  `;
}

/** @param {InputEvent} event */
function typed(event) {
  const { value } = /** @type {HTMLInputElement} */ (event.currentTarget);
  change(() => ([query, at] = [value, 0]));
}

/**
 * @param {KeyboardEvent} event
 * @param {import('./found.js').Result[]} results
 */
function walk(event, results) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    event.preventDefault();
    change(() => (at = (Math.min(at, results.length - 1) + by + results.length) % results.length));
    requestAnimationFrame(() =>
      document.querySelector('[role=option][aria-selected=true]')?.scrollIntoView({ block: 'nearest' }),
    );
  }
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  const result = results[Math.min(at, results.length - 1)];
  if (result) take(result);
}

/** @param {import('./found.js').Result} result */
function take(result) {
  closeDialog();
  setTimeout(result.run);
}

export { state };
