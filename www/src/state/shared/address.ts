// Follows the page's address: what is typed or linked, back and forward.

import type { Store } from '../store';
import { addressOf, routeOf } from './route';

/** An unknown address leads home and becomes that place's, so that going back leads further back and not to it. */
export function followAddress({ dispatch }: Pick<Store, 'dispatch'>): void {
  const follow = () => {
    const found = routeOf(location.hash);
    if (found === null) return;
    if (!found.known) history.replaceState(history.state, '', addressOf(found.route));
    dispatch({ kind: 'routed', route: found.route });
  };
  addEventListener('hashchange', follow);
  follow();
}
