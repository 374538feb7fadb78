/** The one message at the foot: it has a place of its own, so it covers no row. */
import { focusOn } from '../../core/focus.js';
import { dismiss } from '../../core/notices.js';
import { state } from '../../core/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { iconButton } from './icon.js';

export function notice() {
  return html`<div class="notices" role="status" aria-live="polite">
    ${state.notice ? shown(state.notice) : nothing}
  </div>`;
}

/** @param {import('../../types.d.ts').Notice} notice */
function shown({ kind, text, requestId, action }) {
  const close = () => (dismiss(), focusOn('h1', { preventScroll: true }));
  const run = () => (close(), action?.run());
  return html`
    <div class="notice ${kind}">
      <p dir="auto">${text}</p>
      ${details(requestId)}
      ${action ? html`<button type="button" class="link-button" @click=${run}>${action.label}</button>` : nothing}
      ${iconButton('x', 'Dismiss', close)}
    </div>
  `;
}

/** @param {string | undefined} requestId behind a word, for who asks for help */
export function details(requestId) {
  if (!requestId) return nothing;
  return html`<details class="details">
    <summary>Details</summary>
    <small>Request ${requestId}</small>
  </details>`;
}
