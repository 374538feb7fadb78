/** Single keys, as Todoist and Linear have them: table, and nothing of what they do. `?` shows it. */
import { isTextField } from './focus.js';
import { state } from './store.js';
import { KEYS } from '../views/palette/keys.js';

const SEQUENCE_MS = 1200;
let prefix = '';
/** @type {ReturnType<typeof setTimeout> | undefined} */
let forgetting;

/** To be called once. */
export function watchKeys() {
  document.addEventListener('keydown', pressed);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (!state.user || event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
  const name = nameOf(event);
  if (state.popover && name === 'Escape') return; // the browser closes it
  const isCommand = event.metaKey || event.ctrlKey;
  if (isTextField(event.target) && name !== 'Escape' && (!isCommand || name !== 'mod+k')) return;
  if (belongsToControl(event, name) || (name === 'Escape' && document.querySelector(':popover-open'))) return;
  const run = KEYS.find(({ keys }) => keys.includes(prefix + name))?.run;
  prefix = name === 'g' && !prefix ? 'g ' : '';
  clearTimeout(forgetting);
  forgetting = setTimeout(() => (prefix = ''), SEQUENCE_MS);
  if (!run) return;
  event.preventDefault();
  run();
}

/**
 * Enter and Space press what has the focus; Space on a row completes it.
 *
 * @param {KeyboardEvent} event
 * @param {string} name
 */
function belongsToControl({ target }, name) {
  const element = /** @type {Element} */ (target);
  if (name === 'Space' && element.classList.contains('open')) return false;
  return ['Enter', 'Space'].includes(name) && element.matches('button, a, summary, input, [role=checkbox]');
}

/**
 * @param {KeyboardEvent} event
 * @returns {string} such as `mod+k`, `shift+ArrowDown`, `?`
 */
function nameOf({ key, metaKey, ctrlKey, altKey, shiftKey }) {
  const isNamed = key.length > 1 || key === ' ';
  const held = [(metaKey || ctrlKey) && 'mod', altKey && 'alt', shiftKey && isNamed && 'shift'].filter(Boolean);
  return [...held, key === ' ' ? 'Space' : metaKey || ctrlKey ? key.toLowerCase() : key]
    .join('+')
    .replace('mod+enter', 'mod+Enter');
}
