/**
 * Keeps the files of one version of the page, so that it opens without a connection; nothing of a person is here. The
 * server fills in the version and its files. Calls of the API go past it.
 */
const VERSION = '{version}';
/** @type {string[]} */
const FILES = [/* {files} */];
const CACHE = `page-${VERSION}`;
const PAGE = '/';
const PAGE_WAIT_MS = 2000;
const worker = /** @type {any} */ (self);

worker.addEventListener('install', (/** @type {any} */ event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, ...FILES])));
});

/** Pages of the version before may be open still: their files go when the version after the next one comes. */
worker.addEventListener('activate', (/** @type {any} */ event) => {
  event.waitUntil(Promise.all([dropOldCaches(), worker.clients.claim()]));
});

worker.addEventListener('message', (/** @type {any} */ { data }) => data === 'take over' && worker.skipWaiting());

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== worker.origin) return;
  if (mode === 'navigate' && isOfThePage(pathname)) event.respondWith(page(event.request));
  else if (pathname.startsWith('/app/')) event.respondWith(file(event.request));
});

async function dropOldCaches() {
  const names = (await caches.keys()).filter((name) => name.startsWith('page-') && name !== CACHE);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}

/** @param {string} pathname */
const isOfThePage = (pathname) => !/^\/(api|docs|redoc|openapi|health|mcp|oauth|\.well-known)\b/.test(pathname);

/**
 * The network first, as a new version is meant to be seen; what is kept where there is none, or none in time.
 *
 * @param {Request} request
 */
async function page(request) {
  const fetched = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PAGE_WAIT_MS));
  const kept = async () => (await caches.match(PAGE, { cacheName: CACHE })) ?? fetched;
  try {
    return (await Promise.race([fetched, late])) ?? (await kept());
  } catch {
    return kept();
  }
}

/** A file's address names its version, so it never changes. @param {Request} request */
async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}
