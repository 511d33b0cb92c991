// The service worker: the page works offline, and a new version waits for the user's yes.

/** Registers the worker in built pages; calls back when a new version waits. Returns how to use it. */
export function watchVersion(onNew: () => void): () => void {
  let waiting: ServiceWorker | null = null;
  let wanted = false;
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (wanted || isolationIsNear()) location.reload();
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

/** Whether a reload would bring the headers that threads need: at most once in a tab, and never over work. */
function isolationIsNear(): boolean {
  if (crossOriginIsolated || sessionStorage.getItem('isolated') !== null) return false;
  sessionStorage.setItem('isolated', 'tried');
  return document.querySelector('[data-step="choose"]') !== null;
}
