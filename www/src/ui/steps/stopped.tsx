// The job could not be done: why, and what to do now.

import type { Actions } from '../../state/effects';
import type { Stopped } from '../../state/state';
import { text } from '../../text/en';
import { StepHeading } from '../parts/heading';

export function StoppedStep({ state, actions }: { state: Stopped; actions: Actions }) {
  const words = text.stopped;
  const again = state.code !== 'no-chat' && state.code !== 'unsupported';
  const last = state.skipped.at(-1);
  return (
    <div class="stopped narrow">
      <StepHeading>{words.title}</StepHeading>
      <p class="lead">{words.codes[state.code]}</p>
      {state.code === 'crashed' && last !== undefined && <p class="note">{words.skipping(last.path)}</p>}
      <div class="go">
        {again && (
          <button type="button" class="button primary large" onClick={actions.restart}>
            {words.again}
          </button>
        )}
        <button type="button" class={again ? 'button' : 'button primary large'} onClick={actions.cancel}>
          {words.choose}
        </button>
      </div>
      {state.text !== '' && (
        <details class="fold">
          <summary>{words.details}</summary>
          <p class="raw">{state.text}</p>
        </details>
      )}
    </div>
  );
}
