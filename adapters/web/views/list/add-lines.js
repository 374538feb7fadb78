/** Several pasted lines are several tasks, or one with notes: the person says which. */
import { html } from '../../vendor/lit.js';
import { asked, cancel } from '../pieces/dialog.js';
import { addOne, addText } from './add-text.js';

const SHOWN = 6;

/** @param {ClipboardEvent} event */
export async function pasted(event) {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  const lines = text.split(/\r?\n/).map(plain).filter(Boolean);
  if (lines.length < 2) return;
  event.preventDefault();
  const field = /** @type {HTMLElement} */ (event.currentTarget);
  const given = await asked(`Add ${lines.length} tasks?`, () => choices(lines));
  if (given?.answer === 'many') for (const line of lines) await addText(line);
  if (given?.answer === 'one') addOne({ title: lines[0], description: lines.slice(1).join('\n') });
  field.focus();
}

/** @param {string[]} lines */
const choices = (lines) => html`
  <ul class="preview">
    ${lines.slice(0, SHOWN).map((line) => html`<li dir="auto">${line}</li>`)}
  </ul>
  ${lines.length > SHOWN ? html`<p class="quiet">and ${lines.length - SHOWN} more</p>` : ''}
  <footer>
    ${cancel()}
    <button type="submit" value="one">One task with notes</button>
    <button type="submit" value="many" class="primary" autofocus>Add ${lines.length} tasks</button>
  </footer>
`;

/** @param {string} line without the mark that it has in a list elsewhere */
const plain = (line) => line.replace(/^\s*(?:[-*+•]\s+(?:\[[ x]?\]\s+)?|\d+[.)]\s+)?/i, '').trim();
