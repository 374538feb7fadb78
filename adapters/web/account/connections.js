/** Apps that the user has connected by signing in, such as Claude. */
import { call } from '../server/api.js';
import { tell, tellFailure } from '../core/notices.js';
import { change } from '../core/store.js';

const CONNECTIONS = '/api/users/me/connections';

export async function loadConnections() {
  try {
    const { connections } = await call('GET', CONNECTIONS);
    change((state) => (state.connections = connections));
  } catch (error) {
    tellFailure("Your connected apps can't be listed.", error);
  }
}

/** @param {string} id */
export async function endConnection(id) {
  try {
    const { message } = await call('DELETE', `${CONNECTIONS}/${id}`);
    tell(message);
  } catch (error) {
    tellFailure('The app is still connected.', error);
  }
  await loadConnections();
}
