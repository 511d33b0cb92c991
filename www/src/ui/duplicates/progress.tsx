// Step 2: how many files are left, and about how long they take.

import type { DuplicatesRunning } from '../../state/duplicates/state';
import { filesLeft } from '../../state/duplicates/state';
import type { Actions } from '../../state/effects';
import { secondsLeft } from '../../state/shared/pace';
import type { Shared } from '../../state/shared/state';
import { text } from '../../text/en';
import { StepHeading } from '../parts/heading';
import { Icon } from '../parts/icons';
import { KeptNotes } from '../parts/kept';
import { Stages } from '../parts/stages';

const words = text.duplicates.progress;

export function Looking({ shared, task, actions }: { shared: Shared; task: DuplicatesRunning; actions: Actions }) {
  const left = filesLeft(task.progress);
  const seconds = task.paused ? null : secondsLeft(task.pace);
  return (
    <div class="progress narrow">
      <StepHeading>{words.title}</StepHeading>
      <p class="lead analysing">
        {task.paused ? text.progress.paused : left === null ? text.progress.getting : words.left(left)}
        {seconds !== null && `, ${text.progress.left(seconds)}`}
      </p>
      {shared.skipped.length > 0 && (
        <p class="note" role="status">
          {text.skipped.note(shared.skipped.map((file) => file.path))}
        </p>
      )}
      {task.recovered !== null && (
        <p class="note" role="status">
          {task.recovered.waiting > 0 ? words.waiting : words.recovered}
        </p>
      )}
      <KeptNotes shared={shared} again={task.again} />
      <Stages progress={task.progress} pace={task.pace} paused={task.paused} names={words.stages} />
      <div class="go">
        <button type="button" class="button" aria-pressed={task.paused} onClick={() => actions.duplicates.setPaused(!task.paused)}>
          <Icon name={task.paused ? 'play' : 'pause'} />
          {task.paused ? text.progress.resume : text.progress.pause}
        </button>
        <button type="button" class="button quiet" onClick={actions.duplicates.cancel}>
          {text.progress.cancel}
        </button>
      </div>
      <p class="hint">{words.remembered}</p>
    </div>
  );
}
