// The focus is never lost: when the element that had it goes away, hides or is disabled, the nearest sensible place takes it.

import { useEffect } from 'preact/hooks';

/** Watches the page: of what is marked `data-home`, the first on screen gets a lost focus, else the step's heading. */
export function useFocusKept(): void {
  useEffect(() => {
    let last: Element | null = null;
    const remember = ({ target }: FocusEvent) => (last = target instanceof Element ? target : null);
    const check = () => {
      if (last === null || document.activeElement !== document.body) return;
      const lost = !last.isConnected || last.matches(':disabled') || !last.checkVisibility();
      if (lost) home()?.focus({ preventScroll: true });
    };
    // What a turned screen hides loses the focus only after the next drawing.
    const turned = () => requestAnimationFrame(() => setTimeout(check));
    const watcher = new MutationObserver(check);
    document.addEventListener('focusin', remember);
    addEventListener('resize', turned);
    watcher.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
    return () => {
      watcher.disconnect();
      document.removeEventListener('focusin', remember);
      removeEventListener('resize', turned);
    };
  }, []);
}

function home(): HTMLElement | null {
  const marked = [...document.querySelectorAll<HTMLElement>('[data-home]')].find((each) => each.offsetParent !== null);
  return marked ?? document.querySelector<HTMLElement>('h1');
}
