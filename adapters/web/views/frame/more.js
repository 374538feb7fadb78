/** What a phone's bar has no room for. */
import { html } from '../../vendor/lit.js';
import { openKeys } from '../palette/keys-help.js';
import { openPalette } from '../palette/palette.js';
import { closeDialog, dialogHead, openDialog } from '../pieces/dialog.js';
import { icon } from '../pieces/icon.js';
import { signOutSafely } from '../settings/sign-out.js';
import { ownPlaces, place } from './sidebar.js';

export function openMore() {
  openDialog('More', () => html`<div class="more-sheet" @click=${leaveByLink}>${more()}</div>`, { kind: 'sheet' });
}

/** @param {Event} event */
function leaveByLink(event) {
  if (/** @type {Element} */ (event.target).closest('a, .leaves')) closeDialog();
}

function more() {
  return html`
    ${dialogHead('More')}
    <button type="button" class="place" @click=${() => setTimeout(openPalette)}>
      ${icon('search')}<span>Search</span>
    </button>
    ${place('/done', 'Done', icon('circle-check'))} ${place('/trash', 'Trash', icon('trash-2'))}
    ${place('/settings', 'Settings', icon('settings'))} ${ownPlaces()}
    <hr />
    ${place('/settings/connect', 'Connect an AI', icon('sparkles'))}
    <button type="button" class="place" @click=${() => setTimeout(openKeys)}>
      ${icon('keyboard')}<span>Keyboard shortcuts</span>
    </button>
    <button type="button" class="place leaves" @click=${signOutSafely}>${icon('log-out')}<span>Sign out</span></button>
  `;
}
