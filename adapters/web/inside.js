/**
 * The list, for somebody who is signed in, and what a new address asks for beside another list.
 *
 * @import { Place } from './types.d.ts'
 */
import { watchTheDay } from './core/dates.js';
import { whenHere } from './core/later.js';
import { arriveAgain, onArrival, rememberedScroll, replaceAddress } from './core/router.js';
import { change, state, subscribe } from './core/store.js';
import { addressOf, HOME } from './tasks/places.js';
import { loadTrash } from './tasks/replica.js';
import { taskOf } from './tasks/shown.js';
import { placeList, scrollTo } from './views/list/virtual.js';

export { frame } from './views/frame/frame.js';

const PUBLIC = new Set(['sign-in', 'sign-up', 'forgot-password', 'confirm-email', 'reset-password', 'welcome']);

/**
 * @param {number} id
 * @returns {string} the address of its list, as far as it is known
 */
function home(id) {
  const task = taskOf(id);
  return task ? addressOf(task) : `/${HOME}`;
}

/** @param {Place} place */
function arrived(place) {
  if (!state.user) return;
  if (!place.name || ['sign-in', 'sign-up'].includes(place.name)) return replaceAddress(`/${HOME}${location.search}`);
  if (place.name === 'task') return replaceAddress(`${home(Number(place.id))}?task=${place.id}`);
  if (place.name === 'chat' && place.id && place.id !== state.conversation)
    whenHere(({ openConversation }) => openConversation(place.id));
  if (place.name === 'settings') whenHere(({ arrivedAtSettings }) => arrivedAtSettings(place.id));
  if (place.name === 'trash') loadTrash();
  if (!PUBLIC.has(place.name)) scrollTo(rememberedScroll());
  change(() => {});
}

subscribe(placeList);
onArrival(arrived);
arriveAgain();
watchTheDay();
