// The frame around the steps: header, banner, announcements and the step itself.

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Actions } from '../state/effects';
import type { State } from '../state/state';
import type { Store } from '../state/store';
import { text } from '../text/en';
import { Announcer } from './parts/announcer';
import { Banner } from './parts/banner';
import { useFocusKept } from './parts/focus';
import { Header } from './parts/header';
import { ChooseStep } from './steps/choose';
import { ProgressStep } from './steps/progress';
import { ReviewStep } from './steps/review';
import { SaveStep } from './steps/save';
import { StoppedStep } from './steps/stopped';

interface Props {
  store: Store;
  actions: Actions;
  useNewVersion: () => void;
}

/** Puts the page into `place` and keeps it up to date. */
export function show(place: HTMLElement, props: Props): void {
  render(<App {...props} />, place);
}

function App({ store, actions, useNewVersion }: Props) {
  const state = useStore(store);
  const { shared, task } = state;
  useFocusKept();
  return (
    <div class="page" data-step={task.step}>
      <a class="skip" href="#main">
        {text.skip}
      </a>
      {shared.newVersion && <Banner step={task.step} onUse={useNewVersion} />}
      <Header step={task.step} />
      <main id="main" key={task.step}>
        <PlaceOf state={state} actions={actions} />
      </main>
      <Announcer state={state} />
    </div>
  );
}

/** The job at the page's address. */
function PlaceOf({ state, actions }: { state: State; actions: Actions }) {
  switch (state.shared.route) {
    case 'chat':
      return <StepOf state={state} actions={actions} />;
  }
}

/** The chat job, by step. */
function StepOf({ state: { shared, task }, actions }: { state: State; actions: Actions }) {
  switch (task.step) {
    case 'choose':
      return <ChooseStep shared={shared} task={task} actions={actions} />;
    case 'progress':
      return <ProgressStep shared={shared} task={task} actions={actions} />;
    case 'review':
      return <ReviewStep shared={shared} task={task} actions={actions} />;
    case 'save':
      return <SaveStep shared={shared} task={task} actions={actions} />;
    case 'stopped':
      return <StoppedStep shared={shared} task={task} actions={actions} />;
  }
}

function useStore(store: Store): State {
  const [state, setState] = useState(store.get());
  useEffect(() => {
    setState(store.get());
    return store.subscribe(() => setState(store.get()));
  }, [store]);
  return state;
}
