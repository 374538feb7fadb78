/** The first page, for who is not signed in: what this is, and the way in. */
import { html } from '../../vendor/lit.js';
import { icon } from '../pieces/icon.js';
import { logo } from './logo.js';
import { signUpForm } from './sign-in.js';

const POINTS = [
  ['list-todo', 'A list that keeps up', 'Keyboard first, live in every tab, and it works without a connection.'],
  [
    'message-circle',
    'An assistant beside it',
    'Say it in your words. It changes the very tasks you see, and one press undoes all it did.',
  ],
  ['sparkles', 'Your AI, too', 'Claude, Cursor and others keep the same list over MCP, with rights that you give.'],
];

const ERRANDS = ['Return the library books', 'Buy milk, eggs and sourdough'];

export function welcome() {
  document.title = 'tasktalk: a todo list that you and your assistants share';
  return html`
    <main class="welcome">
      <header><span class="logo">${logo()}tasktalk</span><a href="/sign-in">Sign in</a></header>
      <div class="welcome-body">
        <section>
          <h1 tabindex="-1">A todo list that you and your assistants share</h1>
          <ul>
            ${POINTS.map(
              ([image, title, text]) =>
                html`<li>
                  ${icon(image)}
                  <div>
                    <strong>${title}</strong>
                    <p>${text}</p>
                  </div>
                </li>`,
            )}
          </ul>
        </section>
        <section class="welcome-form" aria-label="Create an account">
          <h2>Create an account</h2>
          ${signUpForm()}
        </section>
        ${sample()}
      </div>
    </main>
  `;
}

/** What it looks like, for the eye alone. */
const sample = () => html`
  <div class="sample" aria-hidden="true">
    <p class="said">clear the errands, I did them all</p>
    <div class="done">
      ${ERRANDS.map((title) => html`<p><i>${icon('check')}</i><s>${title}</s></p>`)}
      <footer><span>2 tasks changed</span><b>Undo</b></footer>
    </div>
  </div>
`;
