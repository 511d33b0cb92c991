// Starts the page: the state, the engine, and what is on screen.

import { createEngine } from './engine/client';
import { createActions } from './state/effects';
import { followAddress } from './state/shared/address';
import { initialState, isIdle } from './state/state';
import { createStore } from './state/store';
import { show } from './ui/app';
import { watchVersion } from './version';
import '../styles/tokens.css';
import '../styles/app.css';
import '../styles/steps.css';
import '../styles/review.css';
import '../styles/compare.css';
import '../styles/duplicates.css';
import '../styles/adapt.css';

const place = document.getElementById('app');
if (place === null) throw new Error('the page has no place for the app');

const store = createStore(initialState);
const actions = createActions(store, createEngine());
const idle = () => isIdle(store.get()) && store.get().task.step === 'choose' && store.get().shared.sources.length === 0;
const useNewVersion = watchVersion(() => store.dispatch({ kind: 'new-version' }), idle);
followAddress(store);
show(place, { store, actions, useNewVersion });

addEventListener('beforeunload', (event) => {
  if (!isIdle(store.get())) event.preventDefault();
});
