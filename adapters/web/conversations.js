/** The list of conversations. */
import { call, newKey } from './api.js';
import { tell, tellFailure } from './notices.js';
import { change, state } from './store.js';

const CONVERSATIONS = '/api/users/me/conversations';

export async function loadConversations() {
  try {
    const { conversations } = await call('GET', `${CONVERSATIONS}?limit=100`);
    change((state) => (state.conversations = conversations));
  } catch (error) {
    tellFailure("The conversations can't be listed.", error);
  }
}

/** @returns {Promise<string>} the id of the conversation that is open; a new one begins here */
export async function started() {
  if (state.conversation) return state.conversation;
  const { id } = await call('POST', CONVERSATIONS, { body: {}, key: newKey() });
  change((state) => (state.conversation = id));
  return id;
}

/** @param {string} title */
export async function rename(title) {
  try {
    await call('PATCH', `${CONVERSATIONS}/${state.conversation}`, { body: { title } });
    await loadConversations();
  } catch (error) {
    tellFailure('The conversation keeps its name.', error);
  }
}

/** @returns {Promise<boolean>} whether it is deleted */
export async function deleteConversation() {
  try {
    const { message } = await call('DELETE', `${CONVERSATIONS}/${state.conversation}`);
    tell(message);
    return true;
  } catch (error) {
    tellFailure('The conversation is still there.', error);
    return false;
  }
}
