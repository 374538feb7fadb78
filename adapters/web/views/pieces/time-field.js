/**
 * A time of day: written as people write it, or picked from a list. A combobox, as the ARIA practices describe it.
 */
import { timeWords } from '../../core/dates.js';
import { change, drawNow } from '../../core/store.js';
import { HALF_HOURS, timesIn } from '../../core/times.js';
import { html, live, nothing } from '../../vendor/lit.js';

/**
 * @typedef {object} Field
 * @property {string} label
 * @property {string} value
 * @property {(time: string, isPicked: boolean) => unknown} set
 * @property {boolean} isOptional
 */

const MORNING = '09:00';

/** What is written in which field, and the option that the keys are on. */
let typed = { label: '', text: '', at: -1, isOpen: false };

/**
 * @param {string} label
 * @param {string} value
 * @param {(time: string, isPicked: boolean) => unknown} set empty: none, where that may be; picked, or only left behind
 * @param {{ isOptional?: boolean }} [options]
 */
export function timeField(label, value, set, { isOptional = false } = {}) {
  const field = { label, value, set, isOptional };
  const isHere = typed.label === label;
  const options = isHere && typed.isOpen ? choices(field) : [];
  const id = `times-${label.replace(/\W/g, '')}`;
  return html`<span class="time-field" @focusout=${() => left(field)}>
    <input
      role="combobox"
      aria-label=${label}
      aria-expanded=${options.length > 0}
      aria-controls=${id}
      aria-activedescendant=${options[typed.at] === undefined ? nothing : `${id}-${typed.at}`}
      aria-autocomplete="list"
      aria-invalid=${isHere && !isTime(field)}
      placeholder="None"
      autocomplete="off"
      .value=${live(isHere ? typed.text : shown(value))}
      @focus=${(/** @type {Event} */ event) => entered(event, field)}
      @click=${() => isHere && !typed.isOpen && change(() => (typed.isOpen = true))}
      @input=${(/** @type {Event} */ event) => written(event, field)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => walk(event, field)}
    />
    <ul id=${id} role="listbox" aria-label="Times" ?hidden=${!options.length}>
      ${options.map((option, at) => line(field, option, at, `${id}-${at}`))}
    </ul>
    ${isHere && !isTime(field) ? html`<small role="alert">Such as 9:30, 4 pm or noon.</small>` : nothing}
  </span>`;
}

/** @param {string} time */
const shown = (time) => time && timeWords(time);

/** @param {Field} field */
const isUntouched = ({ value }) => typed.text === shown(value);

/** @param {Field} field */
const isTime = (field) => isUntouched(field) || !typed.text.trim() || timesIn(typed.text).length > 0;

/** @param {Field} field @returns {string[]} */
function choices(field) {
  if (typed.text.trim() && !isUntouched(field)) return timesIn(typed.text);
  return field.isOptional && field.value ? ['', ...HALF_HOURS] : HALF_HOURS;
}

/**
 * @param {Field} field
 * @param {string} option
 * @param {number} at
 * @param {string} id
 */
const line = (field, option, at, id) =>
  html`<li
    id=${id}
    role="option"
    aria-selected=${at === typed.at}
    @mousedown=${(/** @type {Event} */ event) => (event.preventDefault(), take(field, option, true))}
  >
    ${shown(option) || 'No time'}
  </li>`;

/**
 * @param {Event} event
 * @param {Field} field
 */
function entered({ currentTarget }, field) {
  const input = /** @type {HTMLInputElement} */ (currentTarget);
  typed = { label: field.label, text: shown(field.value), at: -1, isOpen: true };
  typed.at = choices(field).indexOf(field.value || '-');
  drawNow();
  input.select();
  reveal(input, nearest(field));
}

/** @param {Field} field @returns {number} the option that the keys begin on */
const nearest = (field) => choices(field).findLastIndex((each) => each && each <= (field.value || MORNING));

/**
 * @param {Event} event
 * @param {Field} field
 */
function written({ currentTarget }, { label }) {
  const text = /** @type {HTMLInputElement} */ (currentTarget).value;
  change(() => (typed = { label, text, at: text.trim() ? 0 : -1, isOpen: true }));
}

/**
 * @param {KeyboardEvent} event
 * @param {Field} field
 */
function walk(event, field) {
  if (event.isComposing) return;
  const options = typed.isOpen ? choices(field) : [];
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) step(event, field, by);
  else if (event.key === 'Enter') {
    event.preventDefault();
    if (options[typed.at] === undefined) keep(field, true);
    else take(field, options[typed.at], true);
  } else if (event.key === 'Escape' && typed.isOpen) {
    event.preventDefault();
    event.stopPropagation();
    change(() => Object.assign(typed, { text: shown(field.value), isOpen: false }));
  }
}

/**
 * @param {KeyboardEvent} event
 * @param {Field} field
 * @param {number} by
 */
function step(event, field, by) {
  event.preventDefault();
  const count = Math.max(choices(field).length, 1);
  const at = typed.at < 0 ? nearest(field) : (typed.at + by + count) % count;
  Object.assign(typed, { at, isOpen: true });
  drawNow();
  reveal(event.currentTarget, at);
}

/**
 * @param {EventTarget | null} input
 * @param {number} at of the option that is to be seen
 */
function reveal(input, at) {
  const list = /** @type {Element | null} */ (input)?.nextElementSibling;
  list?.children[at]?.scrollIntoView({ block: 'nearest' });
}

/**
 * @param {Field} field
 * @param {string} time
 * @param {boolean} isPicked and not only left behind
 */
function take(field, time, isPicked) {
  change(() => Object.assign(typed, { text: shown(time), isOpen: false }));
  if (time !== field.value) field.set(time, isPicked);
}

/**
 * @param {Field} field takes what is written; where that is no time, it shows again what was there
 * @param {boolean} isPicked
 */
function keep(field, isPicked) {
  const { value, isOptional } = field;
  const isEmpty = !typed.text.trim();
  const [time = value] = isUntouched(field) ? [value] : isEmpty && isOptional ? [''] : timesIn(typed.text);
  take(field, time, isPicked);
}

/** @param {Field} field */
function left(field) {
  if (typed.label !== field.label) return;
  keep(field, false);
  change(() => (typed = { label: '', text: '', at: -1, isOpen: false }));
}
