/** Tasks as other programs read them, made of what is here. */
import { allTasks, newestFirst } from '../tasks/shown.js';

/** @type {(keyof import('../types.d.ts').Task)[]} */
const COLUMNS = [
  'id',
  'title',
  'description',
  'completed',
  'due',
  'deadline',
  'priority',
  'tags',
  'recurrence',
  'created_at',
];

/** @param {'csv' | 'md'} kind */
export function downloadTasksAs(kind) {
  const tasks = allTasks()
    .filter(({ deleted_at }) => !deleted_at)
    .sort(newestFirst);
  const text = kind === 'csv' ? asCsv(tasks) : asMarkdown(tasks);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: kind === 'csv' ? 'text/csv' : 'text/markdown' }));
  link.download = `tasks.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe.
 *
 * @param {import('../types.d.ts').Task[]} tasks
 */
function asCsv(tasks) {
  const rows = tasks.map((task) => COLUMNS.map((name) => cell(task[name])));
  return [COLUMNS, ...rows].map((row) => row.join(',')).join('\r\n');
}

/** @param {unknown} value */
function cell(value) {
  const text = Array.isArray(value) ? value.join(' ') : String(value ?? '');
  return `"${text.replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`;
}

/** @param {import('../types.d.ts').Task[]} tasks */
const asMarkdown = (tasks) =>
  tasks
    .map(({ title, completed, description }) => `- [${completed ? 'x' : ' '}] ${title}${indented(description)}`)
    .join('\n');

/** @param {string | null} text */
const indented = (text) => (text ? `\n${text.replace(/^/gm, '  ')}` : '');
