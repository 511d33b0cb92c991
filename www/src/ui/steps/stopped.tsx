// The job could not be done: why, and what to do now.

import type { Actions } from '../../state/effects';
import type { Stopped } from '../../state/link/state';
import type { Shared } from '../../state/shared/state';
import { text } from '../../text/en';
import { StepHeading } from '../parts/heading';

export function StoppedStep({ shared, task, actions }: { shared: Shared; task: Stopped; actions: Actions }) {
  const words = text.stopped;
  const again = !['no-chat', 'locked', 'unsupported'].includes(task.code);
  const last = shared.skipped.at(-1);
  return (
    <div class="stopped narrow">
      <StepHeading>{words.title}</StepHeading>
      <p class="lead">{words.codes[task.code]}</p>
      {task.code === 'locked' && <p class="note">{task.text}</p>}
      {task.code === 'crashed' && last !== undefined && <p class="note">{words.skipping(last.path)}</p>}
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
      {task.text !== '' && task.code !== 'locked' && (
        <details class="fold">
          <summary>{words.details}</summary>
          <p class="raw">{task.text}</p>
        </details>
      )}
    </div>
  );
}
