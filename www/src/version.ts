// The service worker: the page works offline, and a new version waits for the user's yes.

/**
 * Registers the worker in built pages and calls back when a new version waits; `idle` says whether a reload would lose
 * nothing. Returns how to use the new version.
 */
export function watchVersion(onNew: () => void, idle: () => boolean): () => void {
  let waiting: ServiceWorker | null = null;
  let wanted = false;
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (wanted || (idle() && isolationIsNear())) location.reload();
    });
    navigator.serviceWorker.register('./sw.js').then(
      (registration) =>
        watch(registration, (worker) => {
          waiting = worker;
          onNew();
        }),
      () => undefined, // without it the page works too, only not offline
    );
  }
  return () => {
    wanted = true;
    waiting?.postMessage('skipWaiting');
  };
}

function watch(registration: ServiceWorkerRegistration, found: (worker: ServiceWorker) => void): void {
  if (registration.waiting !== null && navigator.serviceWorker.controller !== null) found(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && navigator.serviceWorker.controller !== null) found(worker);
    });
  });
}

/** Whether a reload would bring the headers that threads need: tried at most once in a tab. */
function isolationIsNear(): boolean {
  try {
    if (crossOriginIsolated || sessionStorage.getItem('isolated') !== null) return false;
    sessionStorage.setItem('isolated', 'tried');
    return true;
  } catch {
    return false; // such a window keeps nothing: it might reload for ever
  }
}
