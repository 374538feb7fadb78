/** Which keys there are. */
import { html } from '../../vendor/lit.js';
import { dialogHead, openDialog } from '../pieces/dialog.js';
import { KEYS } from './keys.js';

export function openKeys() {
  const groups = [...new Set(KEYS.map(({ group }) => group))].filter(Boolean);
  openDialog(
    'Keyboard shortcuts',
    () => html`
      ${dialogHead('Keyboard shortcuts')}
      <div class="keys">${groups.map((group) => section(group))}</div>
    `,
    { kind: 'wide' },
  );
}

/** @param {string} group */
const section = (group) => html`
  <section>
    <h3>${group}</h3>
    <dl>${KEYS.filter((key) => key.group === group).map(line)}</dl>
  </section>
`;

/** @param {import('./keys.js').Key} key */
const line = ({ label, shown }) =>
  html`<div>
    <dt>${label}</dt>
    <dd>${shown.map((each) => html`<kbd>${each}</kbd>`)}</dd>
  </div>`;
