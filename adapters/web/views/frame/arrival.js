/**
 * What a new address asks for beside another list.
 *
 * @import { Place } from '../../types.d.ts'
 */
import { openConversation } from '../../chat/chat.js';
import { rememberedScroll, replaceAddress } from '../../core/router.js';
import { change, state } from '../../core/store.js';
import { loadTrash } from '../../tasks/replica.js';
import { HOME } from '../../tasks/places.js';
import { taskOf } from '../../tasks/shown.js';
import { addressOf } from '../list/go.js';
import { arrivedAtSettings } from '../settings/settings.js';
import { scrollTo } from '../list/virtual.js';

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
export function arrived(place) {
  if (!state.user) return;
  if (!place.name || ['sign-in', 'sign-up'].includes(place.name)) return replaceAddress(`/${HOME}${location.search}`);
  if (place.name === 'task') return replaceAddress(`${home(Number(place.id))}?task=${place.id}`);
  if (place.name === 'chat' && place.id && place.id !== state.conversation) openConversation(place.id);
  if (place.name === 'settings') arrivedAtSettings(place.id);
  if (place.name === 'trash') loadTrash();
  if (!PUBLIC.has(place.name)) scrollTo(rememberedScroll());
  change(() => {});
}
