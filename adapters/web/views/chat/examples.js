/** What one may say to the assistant, to begin with. */
import { say } from '../../chat/chat.js';
import { prefer } from '../../core/drafts.js';
import { visit } from '../../core/router.js';
import { html } from '../../vendor/lit.js';
import { button } from '../pieces/controls.js';

const EXAMPLES = ['Remind me to call mom tomorrow', 'Add a task to buy groceries', 'What can you do?'];

export const examples = () => html`
  <ul class="examples">
    ${EXAMPLES.map((example) => html`<li>${button(example, () => tell(example))}</li>`)}
  </ul>
`;

/** @param {string} sentence */
function tell(sentence) {
  prefer({ assistant: true });
  if (matchMedia('(max-width: 46rem)').matches) visit('/chat');
  say(sentence);
}
