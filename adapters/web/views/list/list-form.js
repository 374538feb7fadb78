/**
 * A list's name and colour.
 *
 * @import { TaskList } from '../../types.d.ts'
 */
import { visit } from '../../core/router.js';
import { addList, COLORS, editList } from '../../tasks/lists.js';
import { html } from '../../vendor/lit.js';
import { asked, cancel } from '../pieces/dialog.js';

/** @param {TaskList} [list] without one, a new one is made */
export async function openListForm(list) {
  const given = await asked(list ? 'Name and colour' : 'New list', () => fields(list));
  if (given?.answer !== 'yes') return;
  const draft = { name: String(given.name).trim(), color: String(given.color) };
  if (list) return void editList(list, draft);
  const made = await addList(draft);
  if (made) visit(`/list/${made.id}`);
}

/** @param {TaskList} [list] */
const fields = (list) => html`
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
  <footer>
    ${cancel()}
    <button type="submit" value="yes" class="primary">${list ? 'Save' : 'Make it'}</button>
  </footer>
`;
