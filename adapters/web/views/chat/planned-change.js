/**
 * One change of a plan: what it is about, and each field as it is and as it would be.
 *
 * @import { PlannedChange } from '../../types.d.ts'
 */
import { dayWords, dueWords } from '../../core/dates.js';
import { durationWords, ruleWords } from '../../core/rules.js';
import { state } from '../../core/store.js';
import { taskOf } from '../../tasks/shown.js';
import { html, nothing } from '../../vendor/lit.js';
import { PRIORITY_NAMES } from '../card/field-menus.js';
import { meta } from '../list/meta.js';
import { icon } from '../pieces/icon.js';

/** @type {Record<string, string>} */
const ICONS = {
  deleted: 'trash-2',
  purged: 'trash-2',
  completed: 'circle-check',
  created: 'plus',
  restored: 'rotate-ccw',
};
const WITHOUT_FIELDS = new Set(['deleted', 'purged', 'completed', 'uncompleted', 'restored']);
/** @type {Record<string, string>} */
const TOLD = { deleted: 'to the trash', purged: 'gone for good', completed: 'done', uncompleted: 'to do again' };

/** @type {Record<string, [string, (value: any) => unknown]>} what a field is called, and how its value is said */
const FIELDS = {
  title: ['Title', String],
  name: ['Name', String],
  description: ['Notes', String],
  due: ['Due', dueWords],
  start: ['Starts', dayWords],
  deadline: ['Deadline', dayWords],
  priority: ['Priority', (value) => PRIORITY_NAMES[value] ?? value],
  tags: ['Tags', (value) => value.join(', ')],
  list_id: ['List', (value) => state.lists.get(value)?.name ?? 'another list'],
  parent_id: ['Part of', (value) => taskOf(value)?.title ?? 'another task'],
  recurrence: ['Repeats', (value) => ruleWords(value)],
  estimate: ['Takes', durationWords],
  filter: ['Filter', String],
  color: ['Colour', String],
};

/** @type {Record<string, string>} */
const NONE = { list_id: 'Inbox' };

/** @param {PlannedChange} change */
export function plannedChange({ entity, id, title, action, before, after }) {
  const task = entity === 'task' && id !== null ? taskOf(id) : undefined;
  return html`
    <li class="change ${action}">
      ${icon(ICONS[action] ?? 'pencil')}
      <div class="text">
        <span class="title" dir="auto">${title}</span>
        ${TOLD[action] ? html`<span class="unseen">${TOLD[action]}</span>` : nothing}
        <div class="meta">
          ${entity === 'task' ? nothing : html`<span>${entity === 'list' ? 'A list' : 'A view'}</span>`}
          ${WITHOUT_FIELDS.has(action) ? task && meta(task) : fields(before ?? {}, after ?? {})}
        </div>
      </div>
    </li>
  `;
}

/**
 * @param {Record<string, unknown>} before
 * @param {Record<string, unknown>} after
 */
const fields = (before, after) =>
  Object.keys({ ...before, ...after })
    .filter((name) => FIELDS[name] && name !== 'title')
    .concat(before.title && after.title ? ['title'] : [])
    .map((name) => field(name, before[name], after[name]));

/**
 * @param {string} name
 * @param {unknown} was
 * @param {unknown} will
 */
function field(name, was, will) {
  const [label, words] = FIELDS[name];
  const old = isSet(was) ? html`<del dir="auto">${words(was)}</del>${icon('arrow-right')}` : nothing;
  return html`<span class="field-change">
    <span class="label">${label}</span> ${old}<ins dir="auto"
      >${isSet(will) ? words(will) : (NONE[name] ?? 'none')}</ins
    >
  </span>`;
}

/** @param {unknown} value */
const isSet = (value) =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && !value.length);
