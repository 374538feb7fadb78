/**
 * Who is signed in. What is kept on the device is shown before the server has said that the session still holds.
 *
 * @import { Session, User } from '../types.d.ts'
 */
import { focusOn } from '../core/focus.js';
import { all, canKeep, keep, kept, wipe } from '../core/device.js';
import { loadDrafts } from '../core/drafts.js';
import { deferred, inside, untilHere } from '../core/later.js';
import { tell, tellFailure } from '../core/notices.js';
import { arriveAgain, visit } from '../core/router.js';
import { change, changeData, forget, state } from '../core/store.js';
import { fetchAll, loadKept } from '../tasks/replica.js';
import { ApiError, call, refresh, useToken, whenSignedOut } from './api.js';
import { beThere, hearTabs, tellTabs } from './tabs.js';

const RETRY_MS = 1500;
const DRAWN_MS = 1000;
/** The browser's time zone. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** To be called once, when the page is opened. */
export async function openSession() {
  whenSignedOut(() => leave('You were signed out. Sign in again.'));
  hearTabs(({ kind }) => kind === 'signed-out' && state.user && leave('You are signed out.', false));
  beThere();
  const answer = isExpected() ? refresh() : null;
  if (answer) ignored(answer, inside.fetch());
  const [user] = await Promise.all([kept('user'), loadDrafts()]);
  if (user) await showKept(user);
  if (answer || user || !(await canKeep())) await resumeSession(answer ?? refresh());
  else change((state) => (state.user = null));
}

/** @param {Promise<unknown>[]} asked what fails of it now is waited for, or asked for again, below */
const ignored = (...asked) => asked.forEach((each) => each.catch(() => {}));

/** Whether the server has left the refresh token here, which no script sees, with a cookie that says so. */
const isExpected = () => document.cookie.includes('tasktalk_signed_in=');

/** @param {User} user who was here the last time, with what they had */
async function showKept(user) {
  ignored(inside.fetch());
  await loadKept();
  if ((await all('outbox')).length) await showUnsent(deferred.fetch());
  known(user);
  showUnsent(behindTheList());
}

/** @param {ReturnType<typeof deferred.fetch>} coming */
const showUnsent = (coming) => coming.then(({ adoptOutbox }) => adoptOutbox()).catch(() => {});

/** What comes behind the list, once that is drawn: a page out of sight is not. */
async function behindTheList() {
  await inside.fetch();
  await new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, DRAWN_MS);
  });
  return deferred.fetch();
}

/** @param {Promise<Session>} answer a page that was loaded before goes on with the cookie it has */
async function resumeSession(answer) {
  try {
    await begin(await answer);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401 && state.user) return leave('You were signed out. Sign in again.');
    if (error.status === 401) return change((state) => (state.user = null));
    change((state) => (state.link = 'away'));
    setTimeout(() => resumeSession(refresh()), RETRY_MS);
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
  if ((await kept('user'))?.id !== user.id) await startEmpty();
  keep('user', user);
  known(user);
  goOn();
}

/** The list comes first, and then all else: the feed, which asks again for a list that has not come. */
async function goOn() {
  try {
    if (!state.isWhole) await fetchAll().catch(() => {});
    const { adoptOutbox, goLive, loadConversation, loadRinging } = await behindTheList();
    if (!state.user) return;
    adoptOutbox();
    goLive();
    loadConversation();
    loadRinging();
  } catch {
    change((state) => (state.link = 'away'));
    setTimeout(goOn, RETRY_MS);
  }
}

/** The page opens without the module of the worker. */
const endPush = async () => (await untilHere(() => import('./worker.js'))).endPush().catch(() => {});

/** Somebody else was here before, and maybe did not sign out. */
async function startEmpty() {
  endPush(); // some browsers take a minute to answer
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
  deferred.here()?.endLive();
  useToken('');
  forget();
  if (isFirst) tellTabs({ kind: 'signed-out' });
  visit('/sign-in');
  tell(word);
  endPush(); // some browsers take a minute to answer
  await wipe();
}
