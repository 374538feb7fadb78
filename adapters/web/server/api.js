/**
 * How the HTTP API is called: JSON both ways, an access token that only this module holds, and a refresh token in a
 * cookie that no script sees. What fails in passing is tried again where that is safe.
 *
 * @import { ErrorDetail, RequestOptions, Session } from '../types.d.ts'
 */

/** Milliseconds before each try: long enough for a server to start anew. */
const WAITS = [0, 300, 700, 1500, 3000];
const LONGEST_WAIT = 5000;
export const UNREACHABLE = "The server can't be reached. Check your connection and try again.";

export class ApiError extends Error {
  /**
   * @param {number} status 0: there was no answer
   * @param {ErrorDetail} detail
   * @param {number} [retryAfter] in seconds
   */
  constructor(status, detail, retryAfter = 0) {
    super(detail.message);
    this.status = status;
    this.code = detail.code;
    this.requestId = detail.request_id;
    this.task = detail.task;
    this.detail = detail;
    this.turnId = detail.turn_id;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may well succeed in a moment; a model that fails would most likely fail again. */
  get isPassing() {
    const isAway = [0, 502, 503, 504].includes(this.status) && !this.code.startsWith('MODEL_');
    return isAway || this.code === 'IDEMPOTENCY_IN_FLIGHT';
  }
}

let token = '';
/** @type {Promise<Session> | null} */
let refreshing = null;
let onSignedOut = () => {};

/** @param {() => void} listener called when the server no longer knows who this is */
export function whenSignedOut(listener) {
  onSignedOut = listener;
}

/** @param {string} accessToken empty: nobody is signed in */
export function useToken(accessToken) {
  token = accessToken;
}

/**
 * A new access token for the refresh token in the cookie. All who need one wait for the same answer.
 *
 * @returns {Promise<Session>}
 */
export function refresh() {
  refreshing ??= checked(send('POST', '/api/auth/refresh', {}))
    .then((response) => response.json())
    .then((session) => (useToken(session.token), session))
    .finally(() => (refreshing = null));
  return refreshing;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {RequestOptions} [options]
 * @returns {Promise<any>} what the body says
 */
export async function call(method, path, options) {
  return (await open(method, path, options)).json();
}

/**
 * As `call`, for bodies that are not JSON.
 *
 * @param {string} method
 * @param {string} path
 * @param {RequestOptions} [options]
 * @returns {Promise<Response>} a good one; others are thrown as `ApiError`
 */
export async function open(method, path, options = {}) {
  const repeatable = !options.once && (method !== 'POST' || options.key !== undefined);
  /** @type {unknown} */
  let failure;
  for (const wait of repeatable ? WAITS : [0]) {
    const asked = failure instanceof ApiError ? failure.retryAfter * 1000 : 0;
    await pause(Math.min(Math.max(wait, asked), LONGEST_WAIT), options.signal);
    try {
      return await authorized(method, path, options);
    } catch (error) {
      if (!(error instanceof ApiError && error.isPassing)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {RequestOptions} options
 */
async function authorized(method, path, options) {
  if (!token && !path.startsWith('/api/auth/')) await refreshed();
  const used = token;
  try {
    return await checked(send(method, path, options));
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'UNAUTHORIZED' && used)) throw error;
  }
  if (token === used) await refreshed();
  return checked(send(method, path, options));
}

async function refreshed() {
  try {
    await refresh();
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) onSignedOut();
    throw error;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {RequestOptions} options
 */
function send(method, path, { body, headers, key, signal }) {
  const sent = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
  const given = {
    ...(token && { Authorization: `Bearer ${token}` }),
    ...(typeof sent === 'string' && { 'Content-Type': 'application/json' }),
    ...(key && { 'Idempotency-Key': key }),
    ...headers,
  };
  return fetch(path, { method, headers: given, body: sent, signal });
}

/** @param {Promise<Response>} answer */
async function checked(answer) {
  const response = await answer.catch((error) => {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, { code: 'UNREACHABLE', message: UNREACHABLE });
  });
  if (response.ok) return response;
  const retryAfter = Number(response.headers.get('Retry-After')) || 0;
  throw new ApiError(response.status, await detailOf(response), retryAfter);
}

/**
 * A proxy in between answers with a page of its own.
 *
 * @param {Response} response
 * @returns {Promise<ErrorDetail>}
 */
async function detailOf(response) {
  const other = { code: 'UNKNOWN', message: `The server answered ${response.status}. Try again in a moment.` };
  const body = await response.json().catch(() => null);
  return body?.detail ?? other;
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>} rejects when `signal` is aborted
 */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    const giveUp = () => (clearTimeout(timer), reject(signal?.reason));
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}

/** For an `Idempotency-Key`; `crypto.randomUUID` is there on HTTPS only. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16).padStart(8, '0')).join('');
}
