/**
 * A line becomes a task: with what the server understood of it, and with what the place gives.
 *
 * @import { TaskChanges } from '../../types.d.ts'
 */
import { dueWords, within } from '../../core/dates.js';
import { draft } from '../../core/drafts.js';
import { tell } from '../../core/notices.js';
import { drawNow, state } from '../../core/store.js';
import { add, quickAdd } from '../../tasks/edits.js';
import { freshFields } from '../../tasks/places.js';
import { DRAFT } from './add.js';
import { goToTask } from './go.js';
import { linesHere } from './list.js';
import { marksOf, readNow } from './marks.js';
import { reveal } from './virtual.js';

/** @type {TaskChanges | undefined} */
let given;

/** @param {TaskChanges} [fields] that tasks get from now on, in place of those that the place gives */
export const addsWith = (fields) => (given = fields);

/** @param {string} text */
export async function addText(text) {
  const title = text.trim();
  if (!title) return;
  draft(DRAFT, '');
  drawNow(); // what is typed from now on is the next task
  const there = placeFields();
  const added = state.link === 'live' ? await withWords(title, there) : addOne({ title }, there);
  const answer = await added.answered;
  if (!answer && !state.drafts[DRAFT]) draft(DRAFT, text);
  if (answer && !added.isSeen) tellWhere(answer.task ?? answer);
}

const placeFields = () => given ?? freshFields();

/**
 * @param {TaskChanges} fields
 * @param {TaskChanges} [there] what the place gives
 */
export function addOne(fields, there = placeFields()) {
  return { answered: add({ ...there, ...fields }), isSeen: showNew() };
}

/**
 * @param {string} text a list that is new is made with the task, which the server does
 * @param {TaskChanges} there
 */
async function withWords(text, there) {
  const isGivenDay = there === given;
  const marks = marksOf(text) ?? (await readNow(text));
  if (!marks?.understood.length) return addOne({ title: text }, there);
  const { ignored, understood, task } = marks;
  if (!ignored && understood.some((each) => each.new)) {
    const answered = quickAdd(`${inWords(there, marks.fields)}${text}`, { ...task, due: task.due ?? there.due });
    showNew(); // but not for long: the list that it is in is new
    return { answered, isSeen: false };
  }
  return addOne(isGivenDay ? await onDay(there.due, marks).catch(() => ({ title: text })) : marks.fields, there);
}

/**
 * @param {TaskChanges} there what the place gives
 * @param {TaskChanges} fields what the text says itself
 */
const inWords = ({ due, tags = [] }, fields) =>
  [!fields.due && due, ...tags.map((tag) => `@"${tag}"`)].flatMap((words) => (words ? `${words} ` : [])).join('');

/**
 * @param {string | null | undefined} day that tasks are added to: words that are a time alone are one of this day
 * @param {NonNullable<ReturnType<typeof marksOf>>} marks
 * @returns {Promise<TaskChanges>} rejects without a connection
 */
async function onDay(day, { fields, understood }) {
  const words = understood.find(({ field }) => field === 'due');
  const { timesIn } = await import('../../core/times.js');
  const [time] = fields.due && words ? timesIn(words.text) : [];
  return day && time ? { ...fields, due: `${day}T${time}` } : fields;
}

/**
 * What belongs elsewhere is not seen here.
 *
 * @param {import('../../types.d.ts').Task} task
 */
function tellWhere(task) {
  const name = task.list_id ? state.lists.get(task.list_id)?.name : 'Inbox';
  const where = [name && ` to ${name}`, task.due && ` for ${within(dueWords(task.due))}`].filter(Boolean).join('');
  tell(`Added${where}: ${task.title}`, { label: 'Show', run: () => goToTask(task) });
}

/** What is new is seen, however long the list is. @returns {boolean} false: it belongs elsewhere */
function showNew() {
  const made = state.outbox.at(-1)?.creates;
  const lines = linesHere();
  const line = lines.find(({ task }) => task?.id === made);
  if (line) reveal(lines, line.key);
  return Boolean(line);
}
