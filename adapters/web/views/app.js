/** The whole page: which part of it is shown, and what is there in every part. */
import { change, state } from '../store.js';
import { html, nothing } from '../vendor/lit.js';
import { account } from './account.js';
import { chat } from './chat.js';
import { connect } from './connect.js';
import { notices } from './notices.js';
import { forgotPassword, resetForgotten, signIn } from './sign-in.js';
import { tasks } from './task-list.js';
import { pressed } from './controls.js';

const LINK = { connecting: 'Connecting …', live: 'Live', away: 'No connection' };

/** @type {Record<string, () => import('../vendor/lit.js').Template>} */
const FOR_ALL = { 'reset-password': resetForgotten, 'forgot-password': forgotPassword };
/** @type {typeof FOR_ALL} */
const FOR_USERS = { connect, account };

export function app() {
  const main = FOR_ALL[state.route] ?? (state.user ? (FOR_USERS[state.route] ?? panes) : forNobody());
  return html`${state.user ? bar() : nothing} ${away()} ${main()} ${notices()}`;
}

const forNobody = () => (state.user === null ? signIn : begins);

function begins() {
  return html`<main class="begins" aria-busy="true">
    <p>${state.link === 'away' ? 'Waiting for the server …' : 'One moment …'}</p>
  </main>`;
}

function bar() {
  return html`
    <header class="bar">
      <a class="name" href="#/">tasktalk</a>
      <nav aria-label="Pages">
        ${page('', 'Tasks')} ${page('connect', 'Connect an AI')} ${page('account', 'Account')}
      </nav>
      <span class="link ${state.link}">${LINK[state.link]}</span>
    </header>
  `;
}

/**
 * @param {string} route
 * @param {string} label
 */
function page(route, label) {
  return html`<a href="#/${route}" aria-current=${state.route === route ? 'page' : nothing}>${label}</a>`;
}

/** Says how old what is shown may be. */
function away() {
  const at = new Date(state.seenAt).toLocaleTimeString([], { timeStyle: 'short' });
  const word = html`No connection: you see your tasks as of ${at}. Nothing is lost; this page comes back by itself.`;
  return html`<div class="away" role="status">
    ${state.user && state.link === 'away' ? html`<p>${word}</p>` : nothing}
  </div>`;
}

function panes() {
  return html`
    <main class="panes ${state.pane}">
      <h1 class="unseen">Your tasks and your assistant</h1>
      <div class="switch" role="group" aria-label="Show">${pane('tasks', 'Tasks')} ${pane('chat', 'Assistant')}</div>
      ${tasks()} ${chat()}
    </main>
  `;
}

/**
 * @param {'tasks' | 'chat'} which is shown where there is no room for both
 * @param {string} label
 */
function pane(which, label) {
  return pressed(label, state.pane === which, () => change((state) => (state.pane = which)));
}
