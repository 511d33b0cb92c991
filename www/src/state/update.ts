// The only place where the state changes. Pure: no DOM, no clock, no worker.

import { updateLink } from './link/update';
import { updateShared } from './shared/update';
import type { Msg, State } from './state';

/** The job at hand comes first; what it leaves alone every job does alike. */
export function update(state: State, msg: Msg): State {
  if (msg.kind === 'engine' && msg.message.job !== state.shared.job) return state; // late message of a cancelled job
  const own = updateLink(state, msg);
  if (own !== null) return own;
  const shared = updateShared(state.shared, msg);
  return shared === state.shared ? state : { ...state, shared };
}
