// The frame around the steps: header, banner, announcements and the step itself.

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Actions } from '../state/effects';
import type { State } from '../state/state';
import { isIdle } from '../state/state';
import type { Store } from '../state/store';
import { text } from '../text/en';
import { DuplicatesPlace } from './duplicates/place';
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
  const { route } = state.shared;
  const step = stepOf(state);
  const { words, now } = stepsOf(state);
  useFocusKept();
  useTitle(`${text.places[route]} – ${text.name}`);
  return (
    <div class="page" data-step={step} data-place={route}>
      <a class="skip" href="#main">
        {text.skip}
      </a>
      {state.shared.newVersion && <Banner idle={isIdle(state)} onUse={useNewVersion} />}
      <Header route={route} steps={words} now={now} />
      <main id="main" key={`${route}/${step}`}>
        <PlaceOf state={state} actions={actions} />
      </main>
      <Announcer state={state} />
    </div>
  );
}

const LINK = ['choose', 'progress', 'review', 'save'] as const;
const DUPLICATES = ['choose', 'progress', 'review', 'act'] as const;

function stepOf({ shared, task, duplicates }: State): string {
  return shared.route === 'chat' ? task.step : duplicates.step;
}

/** The steps of the place in words, and which of them it is in; a job that stopped did so in its search. */
function stepsOf({ shared, task, duplicates }: State): { words: string[]; now: number } {
  if (shared.route === 'chat') {
    return { words: LINK.map((each) => text.steps[each]), now: task.step === 'stopped' ? 1 : LINK.indexOf(task.step) };
  }
  const words = DUPLICATES.map((each) => text.duplicates.steps[each]);
  return { words, now: duplicates.step === 'stopped' ? 1 : DUPLICATES.indexOf(duplicates.step) };
}

/** The job at the page's address. */
function PlaceOf({ state, actions }: { state: State; actions: Actions }) {
  switch (state.shared.route) {
    case 'chat':
      return <StepOf state={state} actions={actions} />;
    case 'duplicates':
      return <DuplicatesPlace state={state} actions={actions} />;
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

function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}

function useStore(store: Store): State {
  const [state, setState] = useState(store.get());
  useEffect(() => {
    setState(store.get());
    return store.subscribe(() => setState(store.get()));
  }, [store]);
  return state;
}
