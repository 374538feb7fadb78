export { html, nothing, render, svg } from './lit-html-3.3.3/lit-html.js';
export { guard } from './lit-html-3.3.3/directives/guard.js';
export { live } from './lit-html-3.3.3/directives/live.js';
export { repeat } from './lit-html-3.3.3/directives/repeat.js';
