/** The frame of the page: the sidebar, the list of a place, and the assistant. */
import { asks } from '../../chat/approvals.js';
import { prefer } from '../../core/drafts.js';
import { later } from '../../core/later.js';
import { state } from '../../core/store.js';
import { ringing } from '../../tasks/ringing.js';
import { html, nothing } from '../../vendor/lit.js';
import { chat } from '../chat/chat.js';
import { list } from '../list/list.js';
import { dialog } from '../pieces/dialog.js';
import { iconButton } from '../pieces/icon.js';
import { notice } from '../pieces/notices.js';
import { popover } from '../pieces/popover.js';
import { settings } from '../settings/settings.js';
import { away } from './away.js';
import { phoneBar } from './phone-bar.js';
import { isSidebarAbove, isSidebarShown, showSidebar } from './side.js';
import { sidebar } from './sidebar.js';

export function frame() {
  const { assistant: isOpen } = state.prefs;
  const { name } = state.place;
  const seen = name === 'chat' ? 'chat' : name === 'more' ? 'more' : 'list';
  return html`
    ${rung()}
    <div class="frame seen-${seen} ${isSidebarShown() ? '' : 'no-sidebar'} ${isOpen ? '' : 'no-chat'}">
      ${isSidebarAbove() ? html`<div class="veil" @click=${() => showSidebar(false)}></div>` : nothing}
      ${sidebar()} ${pane(html`${corners()} ${away()} ${name === 'settings' ? settings() : list()} ${notice()}`)}
      ${chat()}
    </div>
    ${phoneBar()} ${dialog()} ${popover()}
  `;
}

const rungView = later(() => import('./ringing.js'));

/** Reminders that rang, above everything until they are answered. */
function rung() {
  const all = ringing();
  return html`<section class="ringing" aria-label="Reminders" aria-live="assertive">
    ${all.length ? rungView()?.reminders(all) : nothing}
  </section>`;
}

/** What a place shows. In a conversation's own place, that is the main thing. @param {unknown} inside */
const pane = (inside) =>
  state.place.name === 'chat' ? html`<div class="pane">${inside}</div>` : html`<main class="pane">${inside}</main>`;

const LEFT = { kind: 'corner left', key: '[' };
const right = () => ({ kind: `corner right ${asks() ? 'asks' : ''}`, key: ']' });

/** For what is folded away. */
function corners() {
  const { assistant: isOpen } = state.prefs;
  return html`
    ${isSidebarShown() ? nothing : iconButton('panel-left', 'Show the sidebar', () => showSidebar(true), LEFT)}
    ${isOpen ? nothing : iconButton('panel-right', 'Show the assistant', () => prefer({ assistant: true }), right())}
  `;
}
