/**
 * Reminders that rang: fetched when the first one rings.
 *
 * @import { MenuItem, Rung } from '../../types.d.ts'
 */
import { addDays, dueWords, instantWords, nowLocal, timeWords, within } from '../../core/dates.js';
import { state } from '../../core/store.js';
import { counted } from '../../core/text.js';
import { done, ringing, silence, snooze } from '../../tasks/ringing.js';
import { taskOf } from '../../tasks/shown.js';
import { html, nothing } from '../../vendor/lit.js';
import { goToTask } from '../list/go.js';
import { button } from '../pieces/controls.js';
import { icon, iconButton } from '../pieces/icon.js';
import { openMenu } from '../pieces/popover.js';

const SHOWN = 3;
const EVENING = '18:00';

export function reminders() {
  const all = ringing();
  return html`${all.slice(0, SHOWN).map(one)} ${all.length > SHOWN ? others(all.slice(SHOWN)) : nothing}`;
}

/** @param {Rung} rung */
function one(rung) {
  const { task_id } = rung;
  const title = taskOf(task_id)?.title ?? rung.title;
  const show = () => goToTask(/** @type {any} */ (taskOf(task_id)));
  return html`<article class="rung">
    ${icon('bell')}
    <div>
      <button type="button" class="rung-title" dir="auto" @click=${show}>${title}</button>
      <p>${when(rung)}</p>
      <p class="row-of-buttons">
        ${button('Done', () => done(rung), 'small primary')}
        <button
          type="button"
          class="small"
          aria-haspopup="menu"
          @click=${(/** @type {MouseEvent} */ event) => openMenu(event, snoozes(rung), 'Snooze')}
        >
          Snooze
        </button>
      </p>
    </div>
    ${iconButton('x', 'Dismiss', () => silence(rung))}
  </article>`;
}

/** @param {Rung} rung */
function when({ due, late, ring_at }) {
  const said = due ? `Due ${within(dueWords(due))}` : instantWords(ring_at);
  const rings = within(instantWords(ring_at));
  return late && due ? `${said} · late, it was to ring ${rings}` : late ? `${said}, late` : said;
}

/** @param {Rung} rung */
function snoozes(rung) {
  const tomorrow = addDays(state.today, 1);
  const morning = state.user?.reminder_time ?? '09:00';
  /** @type {[string, { minutes?: number, until?: string }][]} */
  const choices = [
    ['10 minutes', { minutes: 10 }],
    ['1 hour', { minutes: 60 }],
    [`This evening, ${timeWords(EVENING)}`, { until: `${state.today}T${EVENING}` }],
    [`Tomorrow, ${timeWords(morning)}`, { until: `${tomorrow}T${morning}` }],
  ];
  const now = nowLocal();
  return choices
    .filter(([, { until }]) => !until || until > now)
    .map(([label, choice]) => /** @type {MenuItem} */ ({ label, icon: 'clock', run: () => snooze(rung, choice) }));
}

/** @param {Rung[]} rungs that there is no room for */
const others = (rungs) =>
  html`<p class="rung-others">
    ${counted(rungs.length, 'more reminder')} ${button('Dismiss them', () => rungs.forEach(silence), 'link-button')}
  </p>`;
