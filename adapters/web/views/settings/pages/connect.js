/**
 * How an AI client is connected: it signs in by itself, or has a token in settings that are pasted.
 *
 * @import { ApiToken, Connection } from '../../../types.d.ts'
 */
import { endConnection } from '../../../account/connections.js';
import { CLIENTS } from '../../../account/clients.js';
import { tell } from '../../../core/notices.js';
import { state } from '../../../core/store.js';
import { makeToken, revoke } from '../../../account/tokens.js';
import { html, nothing } from '../../../vendor/lit.js';
import { button, choice, field, submitted } from '../../pieces/controls.js';
import { iconButton } from '../../pieces/icon.js';

/** @type {[string, string][]} */
const RIGHTS = [
  ['both', 'Read and change my tasks'],
  ['read', 'Only read them'],
];
/** @type {[string, string][]} */
const TIMES = [
  ['90', '90 days'],
  ['366', 'A year'],
  ['', 'Until I revoke it'],
];

export function connect() {
  return html`
    <section>
      <p>
        Claude, ChatGPT, VS Code, Cursor and other assistants keep your tasks over MCP. Paste this address into yours,
        and sign in when it asks:
      </p>
      <p class="address">
        <code>${location.origin}/mcp</code>
        ${iconButton('copy', 'Copy the address', () => copy(`${location.origin}/mcp`))}
      </p>
    </section>
    ${connections()}
    <section>
      <h2>With a token</h2>
      <p class="quiet">For a program that can't sign in: each needs a token of its own.</p>
      <form @submit=${submitted(made)}>
        ${field('What is it for?', 'name', { value: 'My assistant' })}
        ${choice('What may it do?', 'may', RIGHTS, 'both')} ${choice('For how long?', 'days', TIMES, '90')}
        <button class="primary">Make a token</button>
      </form>
    </section>
    ${state.newToken ? settings(state.newToken.token) : nothing} ${tokens()}
  `;
}

/** @param {Record<string, string>} values */
function made({ name, may, days }) {
  const scopes = may === 'read' ? ['tasks:read'] : ['tasks:read', 'tasks:write'];
  return makeToken({ name, scopes, expires_in_days: days ? Number(days) : null });
}

/** @param {string} token */
function settings(token) {
  return html`
    <section class="clients" aria-labelledby="settings-title">
      <h2 id="settings-title">Paste this</h2>
      <p>The token is in it, and is shown only now: it is a password.</p>
      ${CLIENTS.map((client) => setting(client.name, client.where, client.text(location.origin, token)))}
    </section>
  `;
}

/**
 * @param {string} name
 * @param {string} where
 * @param {string} text
 */
function setting(name, where, text) {
  return html`
    <details ?open=${name === CLIENTS[0].name}>
      <summary>${name}</summary>
      <p>${where} ${button(`Copy for ${name}`, () => copy(text))}</p>
      <pre tabindex="0"><code>${text}</code></pre>
    </details>
  `;
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    tell('Copied.');
  } catch {
    tell('This browser does not let a page copy: select the text and copy it yourself.');
  }
}

function connections() {
  if (!state.connections?.length) return nothing;
  return html`<section>
    <h2>Connected apps</h2>
    <ul class="tokens connections">
      ${state.connections.map(connection)}
    </ul>
  </section>`;
}

/** @param {Connection} connection */
function connection({ id, name, host, scopes, created_at: since, last_used_at: used }) {
  return html`
    <li>
      <span
        >${name}
        <small
          >at ${host}; ${may(scopes)}; since ${day(since)}; ${used ? `last used ${day(used)}` : 'not used yet'}</small
        ></span
      >
      <button type="button" aria-label="Disconnect ${name}" @click=${() => endConnection(id)}>Disconnect</button>
    </li>
  `;
}

/** @param {string[]} scopes */
const may = (scopes) => (scopes.includes('tasks:write') ? 'reads and changes' : 'only reads');

function tokens() {
  if (!state.tokens?.length) return nothing;
  return html`<section>
    <h2>Tokens that work</h2>
    <ul class="tokens api-tokens">
      ${state.tokens.map(token)}
    </ul>
  </section>`;
}

/** @param {ApiToken} token */
function token({ id, name, scopes, last_used_at: used, expires_at: ends }) {
  return html`
    <li>
      <span
        >${name}
        <small
          >${may(scopes)}; ${used ? `last used ${day(used)}` : 'not used yet'};
          ${ends ? `until ${day(ends)}` : 'without an end'}</small
        ></span
      >
      <button type="button" aria-label="Revoke ${name}" @click=${() => revoke(id)}>Revoke</button>
    </li>
  `;
}

/** @param {string} time */
const day = (time) => new Date(time).toLocaleDateString([], { dateStyle: 'medium' });
