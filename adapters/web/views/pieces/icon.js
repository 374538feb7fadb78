import { PATHS } from '../../vendor/lucide-1.62.0/icons.js';
import { html, nothing } from '../../vendor/lit.js';

/**
 * @param {string} name of Lucide's
 * @param {string} [kind] a class
 */
export const icon = (name, kind = '') =>
  html`<svg class="icon ${kind}" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;

/**
 * @param {string} name of the icon
 * @param {string} label
 * @param {(event: MouseEvent) => unknown} run
 * @param {{ kind?: string, key?: string, pressed?: boolean, expanded?: boolean }} [options]
 */
export function iconButton(name, label, run, { kind = '', key, pressed, expanded } = {}) {
  return html`<button
    type="button"
    class="icon-button ${kind}"
    aria-label=${label}
    title=${key ? `${label} (${key})` : label}
    aria-keyshortcuts=${key ?? nothing}
    aria-pressed=${pressed ?? nothing}
    aria-expanded=${expanded ?? nothing}
    @click=${run}
  >
    ${icon(name)}
  </button>`;
}
