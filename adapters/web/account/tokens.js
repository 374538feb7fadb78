/** API tokens, for programs that act for the user. */
import { call } from '../server/api.js';
import { tell, tellFailure } from '../core/notices.js';
import { change } from '../core/store.js';

const TOKENS = '/api/users/me/tokens';

export async function loadTokens() {
  try {
    const { tokens } = await call('GET', TOKENS);
    change((state) => (state.tokens = tokens));
  } catch (error) {
    tellFailure("Your tokens can't be listed.", error);
  }
}

/**
 * Without an `Idempotency-Key`: the server then keeps nothing but a hash of it.
 *
 * @param {{ name: string, scopes: string[], expires_in_days: number | null }} draft
 */
export async function makeToken(draft) {
  try {
    const token = await call('POST', TOKENS, { body: draft });
    change((state) => (state.newToken = token));
    await loadTokens();
  } catch (error) {
    tellFailure('No token was made.', error);
  }
}

/** @param {string} id */
export async function revoke(id) {
  try {
    const { message } = await call('DELETE', `${TOKENS}/${id}`);
    change((state) => (state.newToken = state.newToken?.id === id ? null : state.newToken));
    tell(message);
  } catch (error) {
    tellFailure('The token still works.', error);
  }
  await loadTokens();
}
