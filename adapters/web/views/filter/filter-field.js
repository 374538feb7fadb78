/**
 * The field of a filter: it completes what is typed, and shows where something is wrong and what was expected there.
 *
 * @import { Answer } from '../../types.d.ts'
 */
import { setParams } from '../../core/router.js';
import { change } from '../../core/store.js';
import { addView } from '../../tasks/lists.js';
import { totalWords } from '../../tasks/own-places.js';
import { visit } from '../../core/router.js';
import { html, live, nothing } from '../../vendor/lit.js';
import { button } from '../pieces/controls.js';
import { askedFor } from '../pieces/dialog.js';
import { icon } from '../pieces/icon.js';
import { completions } from './terms.js';

const WAIT_MS = 200;
/** @type {string | null} */
let typed = null;
let at = -1;
let isOpen = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let asking;

/**
 * @param {string} filter
 * @param {Answer} answer
 */
export function filterField(filter, answer) {
  const text = typed ?? filter;
  const { options } = isOpen ? completions(text) : { options: [] };
  return html`
    <div class="filter" @focusout=${() => setTimeout(() => change(() => (isOpen = false)), 150)}>
      ${icon('list-filter')}
      <input
        role="combobox"
        aria-label="Filter"
        aria-expanded=${options.length > 0}
        aria-controls="filter-options"
        aria-activedescendant=${at >= 0 ? `filter-option-${at}` : nothing}
        aria-invalid=${Boolean(answer.error)}
        aria-describedby="filter-told"
        placeholder="today | overdue & #Work"
        autocomplete="off"
        spellcheck="false"
        .value=${live(text)}
        @input=${written}
        @keydown=${walk}
      />
      ${filter && !answer.error ? button('Save as view', () => save(filter), 'small') : nothing}
      <ul id="filter-options" role="listbox" aria-label="Completions" ?hidden=${!options.length}>
        ${options.map((option, place) => line(option, place))}
      </ul>
    </div>
    <div id="filter-told" class="filter-told" role="status">
      ${answer.error ? trouble(text, answer.error) : filter ? totalWords(answer) : nothing}
    </div>
  `;
}

/**
 * @param {string} option
 * @param {number} place
 */
const line = (option, place) =>
  html`<li
    id="filter-option-${place}"
    role="option"
    aria-selected=${place === at}
    @mousedown=${(/** @type {Event} */ event) => (event.preventDefault(), complete(option))}
  >
    ${option}
  </li>`;

/**
 * @param {string} text
 * @param {NonNullable<Answer['error']>} error
 */
function trouble(text, { message, position, expected, example }) {
  const points = [...text];
  return html`
    <p class="wrong">${message}</p>
    ${
      position === undefined
        ? nothing
        : html`<p class="where" dir="ltr">
            ${points.slice(0, position).join('')}<mark>${points.slice(position).join('') || '⌴'}</mark>
          </p>`
    }
    ${expected ? html`<p>Expected: ${expected}.</p>` : nothing}
    ${example ? html`<p>For example: <code>${example}</code></p>` : nothing}
  `;
}

/** @param {InputEvent} event */
function written(event) {
  const { value } = /** @type {HTMLInputElement} */ (event.currentTarget);
  take(value);
}

/** @param {string} value */
function take(value) {
  change(() => ([typed, at, isOpen] = [value, -1, true]));
  clearTimeout(asking);
  asking = setTimeout(() => {
    setParams({ q: value || null });
    typed = null;
  }, WAIT_MS);
}

/** @param {string} option takes the place of the term that is being typed */
function complete(option) {
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector('.filter input'));
  const text = field?.value ?? '';
  take(`${text.slice(0, completions(text).start)}${option}`);
  if (!option.endsWith(' ')) change(() => (isOpen = false));
}

/** @param {KeyboardEvent} event */
function walk(event) {
  const { options } = completions(/** @type {HTMLInputElement} */ (event.currentTarget).value);
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    event.preventDefault();
    change(() => ([at, isOpen] = [Math.max(-1, Math.min(at + by, options.length - 1)), true]));
  }
  if ((event.key === 'Enter' || event.key === 'Tab') && options[at]) {
    event.preventDefault();
    complete(options[at]);
  }
  if (event.key === 'Escape' && isOpen) {
    event.preventDefault();
    change(() => (isOpen = false));
  }
}

/** @param {string} filter */
async function save(filter) {
  const name = await askedFor('What is this view called?', { label: 'Save' });
  const view = name && (await addView({ name, filter }));
  if (view) visit(`/view/${view.id}`);
}
