/**
 * Who is signed in. What is kept on the device is shown before the server has said that the session still holds.
 *
 * @import { Session, User } from '../types.d.ts'
 */
import { focusOn } from '../core/focus.js';
import { keep, kept, wipe } from '../core/device.js';
import { loadDrafts } from '../core/drafts.js';
import { fetchInside, inside } from '../core/fetch-inside.js';
import { tell, tellFailure } from '../core/notices.js';
import { arriveAgain, visit } from '../core/router.js';
import { change, changeData, forget, state } from '../core/store.js';
import { ApiError, call, refresh, UNREACHABLE, useToken, whenSignedOut } from './api.js';
import { beThere, hearTabs, tellTabs } from './tabs.js';

const RETRY_MS = 1500;
/** The browser's time zone. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** To be called once, when the page is opened. */
export async function openSession() {
  whenSignedOut(() => leave('You were signed out. Sign in again.'));
  hearTabs(({ kind }) => kind === 'signed-out' && state.user && leave('You are signed out.', false));
  beThere();
  const [user] = await Promise.all([kept('user'), loadDrafts()]);
  if (user) await showKept(user);
  await resumeSession();
}

/** @param {User} user who was here the last time, with what they had */
async function showKept(user) {
  const { adoptOutbox, loadKept } = await arrived();
  await loadKept();
  known(user);
  adoptOutbox();
}

/** What is for those who are signed in, which a connection may be missing for. */
const arrived = () =>
  fetchInside().catch(() => {
    throw new ApiError(0, { code: 'UNREACHABLE', message: UNREACHABLE });
  });

/** A page that was loaded before goes on with the cookie it has. */
async function resumeSession() {
  try {
    await begin(await refresh());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401 && state.user) return leave('You were signed out. Sign in again.');
    if (error.status === 401) return change((state) => (state.user = null));
    change((state) => (state.link = 'away'));
    setTimeout(resumeSession, RETRY_MS);
  }
}

/**
 * @param {'signup' | 'signin'} way
 * @param {Record<string, string>} credentials `email` and `password`
 */
export async function enter(way, credentials) {
  await begin(await call('POST', `/api/auth/${way}`, { body: credentials }));
  visit('/');
  focusOn('.add textarea');
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
async function begin({ token, user }) {
  useToken(token);
  const { adoptOutbox, goLive, loadConversation, loadRinging } = await arrived();
  if ((await kept('user'))?.id !== user.id) await startEmpty();
  keep('user', user);
  known(user);
  adoptOutbox();
  goLive();
  loadConversation();
  loadRinging();
}

/** Somebody else was here before, and maybe did not sign out. */
async function startEmpty() {
  await wipe();
  if (state.user) forget();
}

/** @param {User} user */
function known(user) {
  const isNew = !state.user;
  changeData((state) => (state.user = user));
  if (isNew) arriveAgain();
}

/** @param {User} user */
export function keepUser(user) {
  changeData((state) => (state.user = user));
  keep('user', user);
}

/** @param {'signout' | 'signout-everywhere'} way */
export async function signOut(way) {
  try {
    leave((await call('POST', `/api/auth/${way}`)).message);
  } catch (error) {
    tellFailure('You are still signed in.', error);
  }
}

/**
 * @param {string} word
 * @param {boolean} [isFirst] false: another tab has said so
 */
export async function leave(word, isFirst = true) {
  inside()?.endLive();
  useToken('');
  forget();
  if (isFirst) tellTabs({ kind: 'signed-out' });
  visit('/sign-in');
  tell(word);
  await wipe();
}
