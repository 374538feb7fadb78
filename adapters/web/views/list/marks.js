/**
 * What the server understands of a line while one types: dates, lists, tags, a priority. The words are marked where
 * they stand, in a layer under the field that has the same letters.
 *
 * @import { TaskChanges } from '../../types.d.ts'
 * @import { Understood } from '../../tasks/words.js'
 */
import { atMost, TITLE } from '../../core/lengths.js';
import { isBeforeDue } from '../../core/reminders.js';
import { change } from '../../core/store.js';
import { read } from '../../tasks/words.js';
import { html, nothing } from '../../vendor/lit.js';

const titleFits = atMost(TITLE);
const SENT = [
  'list_id',
  'tags',
  'priority',
  'start',
  'due',
  'deadline',
  'recurrence',
  'recurs_from',
  'estimate',
  'reminders',
];

/** @type {{ text: string, understood: Understood[], task: any }} */
let known = { text: '', understood: [], task: null };
/** Words that the person has taken for text. @type {Set<string>} */
let ignored = new Set();

/** @param {HTMLTextAreaElement} field */
export async function readLine(field) {
  titleFits({ currentTarget: field });
  if (!field.value) ignored = new Set();
  await readNow(field.value);
}

/** @param {string} text */
export async function readNow(text) {
  const answer = await read(text);
  if (answer) change(() => (known = { text, understood: answer.understood, task: answer.task }));
  return marksOf(text);
}

/**
 * @param {string} text
 * @returns {{ understood: (Understood & { text: string })[], ignored: boolean, task: any, fields: TaskChanges } | null}
 *   null: not read yet
 */
export function marksOf(text) {
  if (!known.task || known.text.trim() !== text.trim()) return null;
  const all = known.understood;
  const understood = all.map((each) => ({ ...each, text: wordsOf(each) })).filter(({ text }) => !ignored.has(text));
  const isAll = understood.length === all.length;
  return {
    understood,
    ignored: !isAll,
    task: known.task,
    fields: isAll ? fieldsOf(known.task) : fieldsLeft(understood),
  };
}

/** @param {Understood} each */
const wordsOf = ({ start, end }) => [...known.text].slice(start, end).join('');

/** @param {any} task of a dry run */
const fieldsOf = (task) => ({
  title: task.title,
  ...(task.description && { description: task.description }),
  ...Object.fromEntries(
    SENT.filter((name) => task[name]?.length || typeof task[name] === 'number').map((name) => [name, task[name]]),
  ),
});

/**
 * @param {Understood[]} understood without what is text again
 * @returns {TaskChanges}
 */
function fieldsLeft(understood) {
  const points = [...known.text];
  const isMarked = (/** @type {number} */ at) => understood.some(({ start, end }) => at >= start && at < end);
  const title = points
    .filter((_, at) => !isMarked(at))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
  const fields = new Set(understood.map(({ field }) => field));
  const all = /** @type {Record<string, unknown>} */ (fieldsOf(known.task));
  const left = Object.fromEntries(
    Object.entries(all).filter(([name]) => fields.has(name) || fields.has(name.replace('_id', ''))),
  );
  return { ...withoutSpans(left), title };
}

/**
 * A reminder before the due time goes with the date that is text again.
 *
 * @param {Record<string, any>} fields
 */
const withoutSpans = ({ reminders = [], ...fields }) => {
  const left = fields.due ? reminders : reminders.filter((/** @type {string} */ each) => !isBeforeDue(each));
  return left.length ? { ...fields, reminders: left } : fields;
};

/** @param {string} text */
export function mirror(text) {
  const marks = marksOf(text);
  if (!marks?.understood.length) return nothing;
  const points = [...known.text];
  const parts = [];
  let end = 0;
  for (const each of [...marks.understood].sort((one, other) => one.start - other.start || other.end - one.end)) {
    if (each.start < end) continue; // one place may be of several fields
    parts.push(points.slice(end, each.start).join(''), marked(points.slice(each.start, each.end).join('')));
    end = each.end;
  }
  return [layer([...parts, points.slice(end).join('')]), told(marks.understood.map(({ text }) => text).join(', '))];
}

/**
 * @param {HTMLTextAreaElement} input
 * @returns {boolean} whether the cursor stood behind a mark, which is text by now
 */
export function unmark(input) {
  if (input.selectionStart !== input.selectionEnd) return false;
  const at = [...input.value.slice(0, input.selectionStart)].length;
  const understood = marksOf(input.value)?.understood ?? [];
  const mark = understood.find(({ end }) => end === at);
  if (!mark) return false;
  const overlapping = understood.filter(({ start, end }) => start < mark.end && end > mark.start);
  change(() => overlapping.forEach((each) => ignored.add(wordsOf(each))));
  return true;
}

/** @param {string} words */
const marked = (words) => html`<mark>${words}</mark>`;

/** Spaces count there. @param {unknown[]} parts */
// prettier-ignore
const layer = (parts) => html`<div class="mirror" aria-hidden="true" dir="auto">${parts}</div>`;

/** @param {string} words */
const told = (words) => html`<span class="unseen" role="status">Understood: ${words}</span>`;
