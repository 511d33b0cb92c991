// Keeps the page usable offline, and gives it the headers that threads need where a static host cannot.
// The first line of the built file, made by `cargo xtask build`, lists the page's files and names their version.

declare const BUILD: { version: string; files: string[] };

const scope = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `heirloom-${BUILD.version}`;
const ROOT = new URL('./', scope.registration.scope).href;

scope.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(dropOlder().then(() => scope.clients.claim()));
});

/** An update waits until the user says yes: there may be work in progress. */
scope.addEventListener('message', (event) => {
  if (event.data === 'skipWaiting') event.waitUntil(scope.skipWaiting());
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(ROOT)) event.respondWith(answer(request));
});

/** All of it or none: an incomplete page must not count as installed. `reload` goes past the browser's own cache. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(BUILD.files.map((file) => new Request(ROOT + file, { cache: 'reload' })));
}

async function dropOlder(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('heirloom-') && name !== CACHE).map((name) => caches.delete(name)));
}

/** From the cache; the sample is fetched when it is first wanted and kept from then on. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const text = request.url === `${ROOT}licences.txt`; // the only file that a link opens
  const place = request.mode === 'navigate' && !text ? `${ROOT}index.html` : request.url;
  const kept = await cache.match(place, { ignoreSearch: true });
  if (kept !== undefined) return isolated(kept);
  const fresh = await fetch(request);
  if (fresh.ok && request.url.startsWith(`${ROOT}sample/`)) await cache.put(request, fresh.clone());
  return isolated(fresh);
}

/** With these three a page may share memory between its workers. */
function isolated(response: Response): Response {
  if (response.type === 'opaque' || response.type === 'opaqueredirect' || response.type === 'error') return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

export {};
