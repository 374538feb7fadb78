/** Who somebody is, where, and how the page looks. */
import { saveProfile } from '../../../account/account.js';
import { prefer } from '../../../core/drafts.js';
import { state } from '../../../core/store.js';
import { HERE } from '../../../server/session.js';
import { html, nothing } from '../../../vendor/lit.js';
import { choice, field, submitted } from '../../pieces/controls.js';
import { address, changeOfAddress } from './address.js';

/** @type {[string, string][]} */
const WEEK_STARTS = [
  ['monday', 'Monday'],
  ['sunday', 'Sunday'],
  ['saturday', 'Saturday'],
];
/** @type {[string, string][]} */
const THEMES = [
  ['system', 'Like the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function profile() {
  const { user, prefs } = state;
  return html`
    <section>
      <h2>Account</h2>
      ${address()} ${user?.email ? changeOfAddress() : nothing}
      <form @submit=${submitted(kept)}>
        ${field('Name', 'name', { value: user?.name ?? '', autocomplete: 'name', required: false })}
        ${field('Time zone', 'timezone', { value: user?.timezone, list: 'zones' })}
        <datalist id="zones">${zones().map((zone) => html`<option value=${zone}></option>`)}</datalist>
        ${choice('A week begins on', 'week_start', WEEK_STARTS, user?.week_start ?? 'monday')}
        <button class="primary">Save</button>
      </form>
    </section>
    <section>
      <h2>Appearance</h2>
      ${choice('Theme', 'theme', THEMES, prefs.theme, (theme) => prefer({ theme: /** @type {any} */ (theme) }))}
    </section>
  `;
}

/** @param {Record<string, string>} values */
async function kept({ name, timezone, week_start }) {
  await saveProfile({ name, timezone, week_start });
  return false;
}

/** Older browsers have no list: there a zone is typed. */
const zones = () => ('supportedValuesOf' in Intl ? [HERE, ...Intl.supportedValuesOf('timeZone')] : [HERE]);
