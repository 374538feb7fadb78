import { html } from '../../vendor/lit.js';

export const logo = () =>
  html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="9" />
    <path d="M8 16.5l5.2 5.5L24 10.5" />
  </svg>`;
