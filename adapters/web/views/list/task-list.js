/**
 * The list of tasks.
 *
 * @import { Filter, List } from '../types.d.ts'
 */
import { say } from '../chat.js';
import { atMost, TITLE } from '../lengths.js';
import { change, state } from '../store.js';
import { add } from '../task-edits.js';
import { showList, showMore, shownTasks } from '../tasks.js';
import { guard, html, nothing, repeat } from '../vendor/lit.js';
import { button, pressed, submitted } from './controls.js';
import { edited, row } from './task-row.js';

/** @type {[Filter, string][]} */
const FILTERS = [
  ['pending', 'To do'],
  ['completed', 'Done'],
  ['all', 'All'],
  ['trashed', 'Trash'],
];
const titleFits = atMost(TITLE);
const EXAMPLES = ['Remind me to call mom tomorrow', 'Add a task to buy groceries', 'What can you do?'];

export function tasks() {
  return html`
    <section class="tasks" aria-labelledby="tasks-title">
      <h2 id="tasks-title">Tasks</h2>
      <form class="add" @submit=${submitted(added)}>
        <input
          name="title"
          aria-label="New task"
          placeholder="What is to be done?"
          @input=${titleFits}
          autocomplete="off"
          required
        />
        <button class="primary">Add</button>
      </form>
      <div class="filters" role="group" aria-label="Which tasks">${FILTERS.map(filter)}</div>
      ${list(state.lists[state.filter])}
    </section>
  `;
}

/**
 * The field is free for the next one at once; what is refused comes back to it.
 *
 * @param {Record<string, string>} values
 * @param {HTMLFormElement} form
 */
function added({ title }, form) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('title'));
  add(title).then((isAdded) => (field.value ||= isAdded ? '' : title));
}

/** @param {[Filter, string]} filter */
function filter([name, label]) {
  const total = state.lists[name]?.total;
  return pressed(total === undefined ? label : `${label} ${total}`, state.filter === name, () => showList(name));
}

/** @param {List | undefined} list */
function list(list) {
  const here = shownTasks();
  const shown = here.slice(0, state.most);
  const isEmpty = list?.state === 'here' && !shown.length && !state.adding.length;
  return html`
    <ul class="list" aria-labelledby="tasks-title" aria-busy=${list?.state === 'loading'}>
      ${state.filter === 'trashed' ? nothing : state.adding.map(adding)}
      ${repeat(
        shown,
        ({ id }) => id,
        (task) => guard([state.tasks.get(task.id), state.edits.get(task.id), edited(task)], () => row(task)),
      )}
    </ul>
    ${isEmpty ? empty() : nothing} ${end(list, shown.length < here.length)}
  `;
}

/** @param {{ title: string }} task */
function adding({ title }) {
  return html`<li class="task" aria-busy="true"><span class="title">${title}</span></li>`;
}

function empty() {
  if (state.filter !== 'pending' || state.lists.pending?.total) return html`<p class="empty">Nothing here.</p>`;
  return html`
    <div class="empty">
      <p>Nothing to do. Write a task above, or tell the assistant:</p>
      <ul class="examples">
        ${EXAMPLES.map((example) => html`<li>${button(example, () => tell(example))}</li>`)}
      </ul>
    </div>
  `;
}

/** @param {string} sentence */
function tell(sentence) {
  change((state) => (state.pane = 'chat'));
  say(sentence);
}

/**
 * @param {List | undefined} list
 * @param {boolean} isCut more is here than is shown
 */
function end(list, isCut) {
  if (list?.state === 'failed')
    return html`<p class="empty">The list can't be loaded. ${button('Try again', showMore)}</p>`;
  if (!list || list.state === 'loading') return html`<p class="empty">Loading …</p>`;
  return list.cursor === null && !isCut ? nothing : html`<p class="empty more">${button('Show more', showMore)}</p>`;
}

/** Scrolling to the end shows more; the button is there for who does not scroll. */
const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && showMore(), {
  rootMargin: '600px',
});
new MutationObserver(() => {
  seen.disconnect();
  const more = document.querySelector('.more');
  if (more) seen.observe(more);
}).observe(document.documentElement, { childList: true, subtree: true });
