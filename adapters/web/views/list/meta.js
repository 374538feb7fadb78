/**
 * What a task has beside its title, in small quiet words; nothing that it has not.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../pieces/icon.js';

/** @param {Task} task */
export function meta(task) {
  return html`${note(task)}`;
}

/** @param {Task} task */
function note({ description }) {
  if (!description) return nothing;
  return html`<span class="note" dir="auto">${icon('align-left')}<bdi>${firstLine(description)}</bdi></span>`;
}

/** @param {string} text */
const firstLine = (text) =>
  text
    .trim()
    .split('\n')[0]
    .replace(/[*_`#>]+|\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .slice(0, 120);
