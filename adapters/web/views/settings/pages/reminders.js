/**
 * Where reminders ring, when they are quiet, and the mail of the morning.
 *
 * @import { ReminderPage, RingsHere } from '../../../types.d.ts'
 */
import { changeReminderTime, changeSettings, removeBrowser, ringHere } from '../../../account/notifications.js';
import { state } from '../../../core/store.js';
import { html, nothing } from '../../../vendor/lit.js';
import { toggle } from '../../pieces/controls.js';
import { timeField } from '../../pieces/time-field.js';
import { address } from './address.js';

/** @type {Record<RingsHere, string>} */
const HERE = {
  pushed: 'Also while tasktalk is closed.',
  open: 'Only while tasktalk is open, as long as this browser does not reach its push service.',
  off: 'Also while tasktalk is closed. The browser will ask you.',
  blocked: 'This browser blocks notifications of tasktalk. Allow them in its settings for this site, then come back.',
  impossible: 'This browser shows none here. In a private window, or without HTTPS, that is so.',
};
const QUIET = { quiet_from: '22:00', quiet_to: '07:00' };
const MORNING = '07:30';

export function reminders() {
  const page = state.reminderSettings;
  if (!page) return html`<section aria-busy="true"></section>`;
  return [places(page), mail(page), quietHours(page), dayTime()];
}

/** @param {ReminderPage} page */
function places({ settings, browsers, own, here }) {
  const isOn = here === 'pushed' || here === 'open';
  const isFixed = here === 'blocked' || here === 'impossible';
  const everywhere = toggle('Notifications of browsers', settings.push, (push) => changeSettings({ push }), {
    hint: 'Off: none of them shows one, until you turn this on again.',
  });
  return html`<section>
    <h2>Where reminders ring</h2>
    <p>On this page, in each tab, as long as it is open.</p>
    ${toggle('As a notification of this browser', isOn, ringHere, { hint: HERE[here], disabled: isFixed })}
    ${browsers.length ? [everywhere, browserList(browsers, own)] : nothing}
  </section>`;
}

/**
 * @param {ReminderPage['browsers']} browsers
 * @param {string} own
 */
const browserList = (browsers, own) =>
  html`<ul class="tokens" aria-label="Browsers with notifications">
    ${browsers.map((each) => browser(each, each.id === own ? 'This browser' : 'Another browser'))}
  </ul>`;

/**
 * @param {ReminderPage['browsers'][0]} browser
 * @param {string} name
 */
function browser({ id, created_at: since }, name) {
  const day = new Date(since).toLocaleDateString([], { dateStyle: 'medium' });
  const label = `Remove: ${name}, since ${day}`;
  return html`<li>
    <span>${name}<small>since ${day}</small></span>
    <button type="button" aria-label=${label} @click=${() => removeBrowser(id)}>Remove</button>
  </li>`;
}

/** @param {ReminderPage} page */
function mail({ settings }) {
  const disabled = !state.user?.email_confirmed;
  const hint = disabled ? 'Confirm your address first.' : '';
  const morning = (/** @type {boolean} */ on) => changeSettings({ morning_time: on ? MORNING : null });
  const moved = (/** @type {string} */ morning_time) => changeSettings({ morning_time });
  const at = settings.morning_time;
  return html`<section>
    <h2>Mails</h2>
    ${address()}
    ${toggle('Mail me each reminder', settings.mail, (mail) => changeSettings({ mail }), { hint, disabled })}
    ${toggle('Mail me in the morning what is due', Boolean(at), morning, { hint, disabled })}
    ${at ? html`<p class="times"><span>At</span> ${timeField('At', at, moved)}</p>` : nothing}
  </section>`;
}

/** @param {ReminderPage} page */
function quietHours({ settings }) {
  const { quiet_from: from, quiet_to: to } = settings;
  const set = (/** @type {boolean} */ on) => changeSettings(on ? QUIET : { quiet_from: null, quiet_to: null });
  return html`<section>
    <h2>Quiet hours</h2>
    ${toggle('Keep quiet at night', Boolean(from), set, {
      hint: 'Notifications and mails wait until these hours are over. The page shows a reminder at any time.',
    })}
    ${
      from && to
        ? html`<p class="times">
            <span>From</span> ${timeField('From', from, (quiet_from) => changeSettings({ quiet_from }))}
            <span>to</span> ${timeField('To', to, (quiet_to) => changeSettings({ quiet_to }))}
          </p>`
        : nothing
    }
  </section>`;
}

function dayTime() {
  return html`<section>
    <h2>Tasks without a time</h2>
    <p class="times">
      <span>Their reminders ring at</span>
      ${timeField('Their reminders ring at', state.user?.reminder_time ?? '09:00', changeReminderTime)}
    </p>
  </section>`;
}
