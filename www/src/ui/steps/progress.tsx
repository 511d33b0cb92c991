// Step 2: the stages with their counts, the time left, and pairs as they are found.

import type { Row } from '../../engine/protocol';
import type { Actions } from '../../state/effects';
import type { Running } from '../../state/link/state';
import { shownProgress } from '../../state/link/state';
import type { Previews } from '../../state/shared/previews';
import type { Shared } from '../../state/shared/state';
import { text } from '../../text/en';
import { StepHeading } from '../parts/heading';
import { Icon } from '../parts/icons';
import { KeptNotes } from '../parts/kept';
import { Preview } from '../parts/preview';
import { Stages } from '../parts/stages';

const words = text.progress;
/** Pixels of the long edge of the pairs on show. */
const PAIR_EDGE = 360;

export function ProgressStep({ shared, task, actions }: { shared: Shared; task: Running; actions: Actions }) {
  const alone = shared.sources.every((source) => source.side !== 'originals');
  return (
    <div class="progress narrow">
      <StepHeading>{alone ? words.titleAlone : words.title}</StepHeading>
      {shared.skipped.length > 0 && (
        <p class="note" role="status">
          {text.skipped.note(shared.skipped.map((file) => file.path))}
        </p>
      )}
      <KeptNotes shared={shared} again={task.again} />
      <Stages progress={shownProgress(task)} pace={task.pace} paused={task.paused} />
      {task.looking !== null && (
        <p class="note" role="status">
          {words.looking(task.looking.done, task.looking.total)}
        </p>
      )}
      <div class="go">
        <button type="button" class="button" aria-pressed={task.paused} onClick={() => actions.setPaused(!task.paused)}>
          <Icon name={task.paused ? 'play' : 'pause'} />
          {task.paused ? words.resume : words.pause}
        </button>
        <button type="button" class="button quiet" onClick={actions.cancel}>
          {words.cancel}
        </button>
      </div>
      {!alone && <Gallery rows={task.gallery} previews={actions.previews} />}
    </div>
  );
}

function Gallery({ rows, previews }: { rows: Row[]; previews: Previews }) {
  return (
    <section class="gallery" aria-labelledby="gallery">
      <h2 id="gallery">{words.pairs}</h2>
      {rows.length === 0 && <p class="hint">{words.pairsEmpty}</p>}
      <ul>
        {rows.map((row) => (
          <li key={row.medium} aria-label={words.pair(row.name)}>
            <figure>
              <Preview previews={previews} item={row.exported?.item ?? null} kind="image" edge={PAIR_EDGE} alt="" />
              <figcaption>{words.sent}</figcaption>
            </figure>
            <figure>
              <Preview previews={previews} item={row.original?.item ?? null} kind="image" edge={PAIR_EDGE} alt="" />
              <figcaption>{words.original}</figcaption>
            </figure>
          </li>
        ))}
      </ul>
    </section>
  );
}
