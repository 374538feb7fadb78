/**
 * One task, and the form that it becomes while it is edited.
 *
 * @import { Task } from '../types.d.ts'
 */
import { focusOn } from '../focus.js';
import { atMost, DESCRIPTION, TITLE } from '../lengths.js';
import { change, state } from '../store.js';
import { complete, edit, remove, restore } from '../task-edits.js';
import { shownTasks } from '../tasks.js';
import { html, live, nothing } from '../vendor/lit.js';
import { button, submitted } from './controls.js';

const titleFits = atMost(TITLE);
const descriptionFits = atMost(DESCRIPTION);

/** @param {Task} task */
export function row(task) {
  return html`<li class="task ${task.completed ? 'completed' : ''}" id="task-${task.id}">${parts(task)}</li>`;
}

/** @param {Task} task */
function parts(task) {
  const draft = edited(task);
  if (draft) return editor(draft, state.tasks.get(task.id) ?? draft);
  return task.deleted_at ? trashed(task) : kept(task);
}

/** @param {Task} task */
export const edited = ({ id }) => (state.editing?.id === id ? state.editing : null);

/** @param {Task} task */
function kept(task) {
  return html`
    <input
      type="checkbox"
      aria-label="Done: ${task.title}"
      .checked=${live(task.completed)}
      @change=${() => going(task, () => complete(task, !task.completed))}
    />
    <button type="button" class="title" title="Edit" @click=${() => open(task)}>
      <span>${task.title}</span>${task.description ? html`<small>${task.description}</small>` : nothing}
    </button>
    <button
      type="button"
      class="icon"
      aria-label="Delete: ${task.title}"
      title="Delete"
      @click=${() => going(task, () => remove(task))}
    >
      ×
    </button>
  `;
}

/** @param {Task} task */
function trashed(task) {
  return html`<span class="title"><span>${task.title}</span></span
    >${button('Restore', () => going(task, () => restore(task)))}`;
}

/**
 * @param {Task} task as it was when the form was opened: what is written there is not overwritten by others
 * @param {Task} newest
 */
function editor(task, newest) {
  const close = () => closed(task);
  const escape = (/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && close();
  return html`
    <form class="edit" @submit=${submitted((values) => saved(task, values))} @keydown=${escape}>
      <input name="title" aria-label="Title" .value=${task.title} required autocomplete="off" @input=${titleFits} />
      <textarea
        name="description"
        aria-label="Description"
        rows="2"
        @input=${descriptionFits}
        placeholder="More about it"
        .value=${task.description ?? ''}
      ></textarea>
      ${newest.title === task.title && newest.description === task.description ? nothing : meanwhile(newest)}
      <button class="primary">Save</button> ${button('Cancel', close)}
    </form>
  `;
}

/** @param {Task} task as somebody else has changed it */
function meanwhile({ title, description }) {
  return html`<p class="meanwhile" role="status">Changed meanwhile: “${title}” <small>${description}</small></p>`;
}

/** @param {Task} task */
function open(task) {
  change((state) => (state.editing = task));
  focusOn(`#task-${task.id} input[name=title]`);
}

/** @param {Task} task */
function closed(task) {
  change((state) => (state.editing = null));
  focusOn(`#task-${task.id} .title`);
}

/**
 * @param {Task} task
 * @param {Record<string, string>} values
 * @returns {Promise<boolean>} false: what was written stays in the form, and is saved over the newest the next time
 */
async function saved(task, { title, description }) {
  const isSaved = await edit(task, { title, description: description || null });
  if (isSaved) closed(task);
  else change((state) => (state.editing &&= { ...state.editing, revision: state.tasks.get(task.id)?.revision ?? 0 }));
  return isSaved;
}

/**
 * Where its row goes, the focus goes on to the next one.
 *
 * @param {Task} task
 * @param {() => void} act
 */
function going(task, act) {
  const here = document.getElementById(`task-${task.id}`);
  const next = here?.nextElementSibling ?? here?.previousElementSibling;
  act();
  if (!shownTasks().some(({ id }) => id === task.id)) focusOn(next ? `#${next.id} :is(input, button)` : '.add input');
}
