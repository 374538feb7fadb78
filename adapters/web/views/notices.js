/** @import { Notice } from '../types.d.ts' */
import { focusOn } from '../focus.js';
import { dismiss } from '../notices.js';
import { state } from '../store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { button } from './controls.js';

export function notices() {
  return html`<div class="notices" role="status" aria-live="polite">
    ${repeat(state.notices, ({ id }) => id, notice)}
  </div>`;
}

/** @param {Notice} notice */
function notice({ id, kind, text, requestId, action }) {
  const close = () => (dismiss(id), focusOn('h1'));
  const run = () => (close(), action?.run());
  return html`
    <div class="notice ${kind}">
      <p>${text} ${requestId ? html`<small>Request ${requestId}</small>` : nothing}</p>
      ${action ? button(action.label, run) : nothing}
      <button type="button" class="icon" aria-label="Dismiss" @click=${close}>×</button>
    </div>
  `;
}
