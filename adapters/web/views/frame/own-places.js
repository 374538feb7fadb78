/** Lists, views and tags in the sidebar. */
import { opened } from '../../core/later.js';
import { SERVED } from '../../core/served.js';
import { allLists, allViews, listCounts } from '../../tasks/lists.js';
import { allTags } from '../../tasks/tags.js';
import { html, nothing } from '../../vendor/lit.js';
import { openFilter } from '../filter/open.js';
import { icon, iconButton } from '../pieces/icon.js';
import { place } from './sidebar.js';

export function ownPlaces() {
  return html`${SERVED.lists ? lists() : nothing} ${SERVED.lists ? views() : nothing} ${tags()}`;
}

function lists() {
  const [archived, current] = [allLists().filter((each) => each.archived), allLists().filter((each) => !each.archived)];
  return html`
    <div class="side-head">
      <h2>Lists</h2>
      ${iconButton('plus', 'New list', newList)}
    </div>
    ${current.map(list)}
    ${
      archived.length
        ? html`<h2 class="side-sub">Archived</h2>
            ${archived.map(list)}`
        : nothing
    }
  `;
}

const newList = () =>
  opened(
    () => import('../list/list-form.js'),
    ({ openListForm }) => openListForm(),
  );

/** @param {import('../../types.d.ts').TaskList} list */
const list = ({ id, name, color }) =>
  place(`/list/${id}`, name, html`<span class="dot ${color}"></span>`, listCounts().get(id));

const views = () => html`
  <div class="side-head">
    <h2>Views</h2>
    ${iconButton('plus', 'New view', openFilter)}
  </div>
  ${allViews().map(({ id, name }) => place(`/view/${id}`, name, icon('list-filter')))}
`;

function tags() {
  if (!allTags().length) return nothing;
  return html`
    <div class="side-head"><h2>Tags</h2></div>
    ${allTags().map(({ name, pending }) => place(`/tag/${encodeURIComponent(name)}`, name, icon('hash'), pending))}
  `;
}
