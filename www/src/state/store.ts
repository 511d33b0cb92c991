// Holds the one state and tells the page when it changed.

import type { Msg, State } from './state';
import { update } from './update';

export interface Store {
  get(): State;
  dispatch(msg: Msg): void;
  /** Calls back after every change; returns how to stop that. */
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: State): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(msg) {
      const next = update(state, msg);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
