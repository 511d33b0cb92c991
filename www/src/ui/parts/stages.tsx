// The six stages: what is done, what is going on, and how long it will take.

import type { Progress, Stage } from '../../engine/protocol';
import type { Pace } from '../../state/shared/pace';
import { secondsLeft } from '../../state/shared/pace';
import { text } from '../../text/en';
import { Icon } from './icons';

const STAGES: Stage[] = ['collect', 'examine', 'matching', 'plan', 'rebuild', 'report'];
const words = text.progress;

interface Props {
  progress: Progress | null;
  pace: Pace | null;
  paused: boolean;
  /** The stage that is going on while nothing was heard yet. */
  first?: Stage;
  /** What each stage is called, and does. */
  names?: Record<Stage, [string, string]>;
}

export function Stages({ progress, pace, paused, first = 'collect', names = words.stages }: Props) {
  const now = STAGES.indexOf(progress?.stage ?? first);
  return (
    <ol class="stages">
      {STAGES.map((stage, place) => {
        const where = place < now ? 'done' : place === now ? 'now' : 'next';
        const [name, what] = names[stage];
        return (
          <li key={stage} class={where} {...(where === 'now' ? { 'aria-current': 'step' as const } : {})}>
            <span class="dot">{where === 'done' ? <Icon name="check" /> : null}</span>
            <div>
              <p class="stage-name">
                <strong>{name}</strong>
                <span class="hint">{what}</span>
                <span class="unseen">, {words.state[where]}</span>
              </p>
              {where === 'now' && <Bar progress={progress} pace={pace} paused={paused} name={name} />}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function Bar({ progress, pace, paused, name }: Props & { name: string }) {
  const known = progress !== null && progress.total > 0;
  const left = paused ? null : secondsLeft(pace);
  return (
    <div class="bar">
      <progress aria-label={name} {...(known ? { value: progress.done, max: progress.total } : {})} />
      <p class="figures">
        <span>{known ? words.ofTotal(progress.done, progress.total) : words.getting}</span>
        {progress !== null && progress.bytesRead > 0 && <span>{words.read(progress.bytesRead)}</span>}
        {progress !== null && progress.bytesWritten > 0 && <span>{words.written(progress.bytesWritten)}</span>}
        {progress !== null && progress.matched > 0 && <span>{words.matched(progress.matched)}</span>}
        {paused ? <strong>{words.paused}</strong> : left !== null && <strong>{words.left(left)}</strong>}
      </p>
    </div>
  );
}
