// The job could not be done: why, and what to do now.

import type { DuplicatesStopped } from '../../state/duplicates/state';
import type { Actions } from '../../state/effects';
import type { Shared } from '../../state/shared/state';
import { text } from '../../text/en';
import { StepHeading } from '../parts/heading';

export function DuplicatesStoppedStep({ shared, task, actions }: { shared: Shared; task: DuplicatesStopped; actions: Actions }) {
  const words = text.stopped;
  const last = shared.skipped.at(-1);
  return (
    <div class="stopped narrow">
      <StepHeading>{words.title}</StepHeading>
      <p class="lead">{task.code === 'output' ? text.duplicates.stopped.output : words.codes[task.code]}</p>
      {task.code === 'crashed' && last !== undefined && <p class="note">{words.skipping(last.path)}</p>}
      <div class="go">
        {task.code !== 'unsupported' && (
          <button type="button" class="button primary large" onClick={actions.duplicates.restart}>
            {words.again}
          </button>
        )}
        <button type="button" class="button" onClick={actions.duplicates.cancel}>
          {text.duplicates.review.again}
        </button>
      </div>
      {task.text !== '' && (
        <details class="fold">
          <summary>{words.details}</summary>
          <p class="raw">{task.text}</p>
        </details>
      )}
    </div>
  );
}
