/**
 * A list's name and colour.
 *
 * @import { Failure, TaskList } from '../../types.d.ts'
 * @import { Values } from '../pieces/dialog.js'
 */
import { failureOf } from '../../core/notices.js';
import { visit } from '../../core/router.js';
import { COLORS, saveList } from '../../tasks/lists.js';
import { html, nothing } from '../../vendor/lit.js';
import { asked, cancel } from '../pieces/dialog.js';
import { details } from '../pieces/notices.js';

/** @param {TaskList} [list] without one, a new one is made */
export async function openListForm(list) {
  /** @type {TaskList | undefined} */
  let saved;
  const save = async (/** @type {Values} */ { name, color }) => {
    saved = await saveList(list, { name: String(name).trim(), color: String(color) });
  };
  const refused = (/** @type {Values} */ given) => save(given).then(() => null, failureOf);
  await asked(list ? 'Name and colour' : 'New list', (wrong) => fields(list, wrong), refused);
  if (saved && !list) visit(`/list/${saved.id}`);
}

/**
 * @param {TaskList | undefined} list
 * @param {Failure | null} wrong
 */
const fields = (list, wrong) => html`
  <input
    name="name"
    aria-label="Name"
    placeholder="Name"
    .value=${list?.name ?? ''}
    dir="auto"
    autocomplete="off"
    autofocus
    required
  />
  <fieldset class="colors">
    <legend class="unseen">Colour</legend>
    ${COLORS.map(
      (color) =>
        html`<label class=${color} title=${color}
          ><input
            type="radio"
            name="color"
            value=${color}
            aria-label=${color}
            .checked=${color === (list?.color ?? 'blue')} /><span class="dot"></span
        ></label>`,
    )}
  </fieldset>
  ${wrong ? html`<div class="wrong" role="alert">${wrong.message} ${details(wrong.requestId)}</div>` : nothing}
  <footer>
    ${cancel()}
    <button type="submit" value="yes" class="primary">${list ? 'Save' : 'Make it'}</button>
  </footer>
`;
