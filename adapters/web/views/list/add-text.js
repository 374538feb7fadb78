/**
 * A line becomes a task: with what the server understood of it, and with what the place gives.
 *
 * @import { TaskChanges } from '../../types.d.ts'
 */
import { draft } from '../../core/drafts.js';
import { tell } from '../../core/notices.js';
import { state } from '../../core/store.js';
import { add, quickAdd } from '../../tasks/edits.js';
import { freshFields } from '../../tasks/places.js';
import { DRAFT } from './add.js';
import { goToTask } from './go.js';
import { linesHere } from './list.js';
import { marksOf, readNow } from './marks.js';
import { reveal } from './virtual.js';

/** @param {string} text */
export async function addText(text) {
  const title = text.trim();
  if (!title) return;
  draft(DRAFT, '');
  const added = state.link === 'live' ? await withWords(title) : addOne({ title });
  const answer = await added.answered;
  if (!answer && !state.drafts[DRAFT]) draft(DRAFT, text);
  if (answer && !added.isSeen) tellWhere(answer.task ?? answer);
}

/** @param {TaskChanges} fields */
export function addOne(fields) {
  return { answered: add({ ...freshFields(), ...fields }), isSeen: showNew() };
}

/** @param {string} text a list that is new is made with the task, which the server does */
async function withWords(text) {
  const marks = marksOf(text) ?? (await readNow(text));
  if (!marks?.understood.length) return addOne({ title: text });
  const { ignored, understood, task } = marks;
  if (!ignored && understood.some((each) => each.new)) {
    const answered = quickAdd(text, task);
    showNew(); // but not for long: the list that it is in is new
    return { answered, isSeen: false };
  }
  return addOne(marks.fields);
}

/**
 * What belongs elsewhere is not seen here.
 *
 * @param {import('../../types.d.ts').Task} task
 */
function tellWhere(task) {
  const name = task.list_id ? state.lists.get(task.list_id)?.name : 'Inbox';
  tell(name ? `Added to ${name}: ${task.title}` : `Added: ${task.title}`, { label: 'Show', run: () => goToTask(task) });
}

/** What is new is seen, however long the list is. @returns {boolean} false: it belongs elsewhere */
function showNew() {
  const made = state.outbox.at(-1)?.creates;
  const lines = linesHere();
  const line = lines.find(({ task }) => task?.id === made);
  if (line) reveal(lines, line.key);
  return Boolean(line);
}
