// The only place where the state changes. Pure: no DOM, no clock, no worker.

import { updateDuplicates } from './duplicates/update';
import { updateLink } from './link/update';
import { updateShared } from './shared/update';
import type { Msg, State } from './state';

/** Each job takes what is its own; what all of them leave alone every job does alike. */
export function update(state: State, msg: Msg): State {
  if (msg.kind === 'engine' && msg.message.job !== state.shared.job) return state; // late message of a cancelled job
  const duplicates = updateDuplicates(state, msg);
  const own = updateLink(duplicates ?? state, msg) ?? duplicates;
  if (own !== null) return own;
  const shared = updateShared(state.shared, msg);
  return shared === state.shared ? state : { ...state, shared };
}
