/**
 * Both versions, where somebody else has changed the same meanwhile.
 *
 * @import { Task } from '../../types.d.ts'
 */
import { keepMine, keepTheirs } from '../../tasks/conflicts.js';
import { conflictOf } from '../../tasks/shown.js';
import { html, nothing } from '../../vendor/lit.js';
import { button } from '../pieces/controls.js';

/** @type {Record<string, string>} */
const NAMES = { title: 'Title', description: 'Notes' };

/** @param {Task} task */
export function conflict(task) {
  const operation = conflictOf(task.id);
  if (!operation) return nothing;
  const mine = /** @type {Record<string, unknown>} */ (operation.body);
  return html`
    <section class="conflict" role="alert" aria-label="Changed elsewhere too">
      <p>This was changed elsewhere while you changed it here. Which one is right?</p>
      <dl>
        ${Object.keys(mine).map((name) => versions(NAMES[name] ?? name, mine[name], /** @type {any} */ (task)[name]))}
      </dl>
      <p>
        ${button('Keep mine', () => keepMine(operation), 'primary')}
        ${button('Keep the other', () => keepTheirs(operation))}
      </p>
    </section>
  `;
}

/**
 * @param {string} name
 * @param {unknown} mine
 * @param {unknown} theirs
 */
const versions = (name, mine, theirs) => html`
  <dt>${name}</dt>
  <dd><small>Yours</small> <bdi>${shown(mine)}</bdi></dd>
  <dd><small>The other</small> <bdi>${shown(theirs)}</bdi></dd>
`;

/** @param {unknown} value */
const shown = (value) =>
  value === null || value === '' ? 'nothing' : Array.isArray(value) ? value.join(', ') : String(value);
