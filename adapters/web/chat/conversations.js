/** The list of conversations. */
import { call, newKey } from '../server/api.js';
import { tell, tellFailure } from '../core/notices.js';
import { draft, prefer } from '../core/drafts.js';
import { change, drawNow, state } from '../core/store.js';

const CONVERSATIONS = '/api/users/me/conversations';

export async function loadConversations() {
  try {
    const { conversations } = await call('GET', `${CONVERSATIONS}?limit=100`);
    change((state) => (state.conversations = conversations));
  } catch (error) {
    tellFailure("The conversations can't be listed.", error);
  }
}

/**
 * What is typed in a new conversation while it begins is typed on in it.
 *
 * @returns {Promise<string>} the id of the conversation that is open; a new one begins here
 */
export async function started() {
  if (state.conversation) return state.conversation;
  const { id } = await call('POST', CONVERSATIONS, { body: {}, key: newKey() });
  change((state) => (state.conversation = id));
  prefer({ conversation: id });
  draft(`chat:${id}`, state.drafts['chat:'] ?? '');
  draft('chat:', '');
  drawNow();
  return id;
}

/**
 * @param {string} id
 * @param {string} title
 */
export async function rename(id, title) {
  try {
    await call('PATCH', `${CONVERSATIONS}/${id}`, { body: { title } });
    await loadConversations();
  } catch (error) {
    tellFailure('The conversation keeps its name.', error);
  }
}

/**
 * @param {string} id
 * @returns {Promise<boolean>} whether it is deleted
 */
export async function deleteConversation(id) {
  try {
    const { message } = await call('DELETE', `${CONVERSATIONS}/${id}`);
    await loadConversations();
    tell(message);
    return true;
  } catch (error) {
    tellFailure('The conversation is still there.', error);
    return false;
  }
}
