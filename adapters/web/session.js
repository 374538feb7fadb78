/**
 * Who is signed in.
 *
 * @import { Session } from './types.d.ts'
 */
import { ApiError, call, refresh, useToken, whenSignedOut } from './api.js';
import { loadConversation } from './chat.js';
import { beginFeed, endFeed } from './feed.js';
import { tell, tellFailure } from './notices.js';
import { visit } from './router.js';
import { change, forget } from './store.js';

const RETRY_MS = 1500;
/** The browser's time zone. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A page that was loaded before goes on with the cookie it has. */
export async function resumeSession() {
  whenSignedOut(() => leave('You were signed out. Sign in again.'));
  try {
    begin(await refresh());
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 401) return change((state) => (state.user = null));
    change((state) => (state.link = 'away'));
    setTimeout(resumeSession, RETRY_MS);
  }
}

/**
 * @param {'signup' | 'signin'} way
 * @param {Record<string, string>} credentials `email` and `password`
 */
export async function enter(way, credentials) {
  begin(await call('POST', `/api/auth/${way}`, { body: credentials }));
}

/**
 * Tells where the browser is. An account is made in any case: a browser may know a zone that the server does not.
 *
 * @param {Record<string, string>} credentials
 */
export async function signUp(credentials) {
  try {
    await enter('signup', { ...credentials, timezone: HERE, locale: navigator.language });
  } catch (error) {
    if (!(error instanceof ApiError && /^(timezone|locale)\b/.test(error.message))) throw error;
    await enter('signup', credentials);
  }
}

/** @param {Session} session */
function begin({ token, user }) {
  useToken(token);
  change((state) => (state.user = user));
  beginFeed();
  loadConversation();
}

/** @param {'signout' | 'signout-everywhere'} way */
export async function signOut(way) {
  try {
    leave((await call('POST', `/api/auth/${way}`)).message);
  } catch (error) {
    tellFailure('You are still signed in.', error);
  }
}

/** @param {string} word */
export function leave(word) {
  endFeed();
  useToken('');
  forget();
  visit('/#/sign-in');
  tell(word);
}
