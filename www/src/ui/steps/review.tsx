// Step 3: the user looks it over. The list on one side, the pictures on the other; on a narrow screen one covers the other.

import { useMemo, useRef, useState } from 'preact/hooks';
import type { Actions } from '../../state/effects';
import { linkedOriginal, tally, visibleRows } from '../../state/link/rows';
import type { Reviewing } from '../../state/link/state';
import type { Shared } from '../../state/shared/state';
import { text } from '../../text/en';
import { Compare } from '../parts/compare';
import { DateQuestion } from '../parts/dates';
import { FilterBar } from '../parts/filters';
import { StepHeading } from '../parts/heading';
import { Icon } from '../parts/icons';
import { Issues } from '../parts/issues';
import { KeptNotes } from '../parts/kept';
import { KeysDialog, useKeys } from '../parts/keys';
import { useNarrow } from '../parts/narrow';
import { Plot } from '../parts/plot';
import { RowList } from '../parts/rowlist';

const words = text.review;

export function ReviewStep({ shared, task, actions }: { shared: Shared; task: Reviewing; actions: Actions }) {
  const { review, filter, media, query } = task;
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const counts = useMemo(() => tally(review.rows), [review.rows]);
  const found = useMemo(() => review.rows.filter((row) => linkedOriginal(row) !== null).length, [review.rows]);
  const rows = useMemo(() => visibleRows(review.rows, filter, media, query), [review.rows, filter, media, query]);
  const selected = useMemo(() => review.rows.find((row) => row.medium === task.selected), [review.rows, task.selected]);
  const covered = useNarrow() && task.open && selected !== undefined;
  useKeys(task, actions, { help: () => setHelp(true), search: () => search.current?.focus() });
  return (
    <div class={`review ${task.open ? 'open' : ''}`}>
      <div class="behind" inert={covered}>
        <div class="review-head">
          <div>
            <StepHeading>{words.title(found)}</StepHeading>
            <p class="lead">{words.lead(review.chat.title, review.chat.messages)}</p>
          </div>
          <Tools task={task} actions={actions} onHelp={() => setHelp(true)} />
        </div>
        <KeptNotes shared={shared} again={task.again} />
        {!review.chat.datesDecided && <DateQuestion chat={review.chat} actions={actions} />}
        <FilterBar task={task} counts={counts} search={search} dispatch={actions.dispatch} />
      </div>
      <div class="panes">
        <div class="list-pane" inert={covered}>
          <RowList rows={rows} selected={task.selected} filter={filter} actions={actions} />
        </div>
        {selected !== undefined && <Compare task={task} row={selected} actions={actions} />}
      </div>
      <div class="below" inert={covered}>
        <Plot rows={review.rows} offsets={review.offsets} selected={task.selected} dispatch={actions.dispatch} />
        <Issues issues={review.issues} title={words.issues(review.issues.length)} />
      </div>
      <KeysDialog open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function Tools({ task, actions, onHelp }: { task: Reviewing; actions: Actions; onHelp: () => void }) {
  return (
    <div class="tools">
      <button type="button" class="button quiet" disabled={task.undo.length === 0} onClick={actions.undo}>
        <Icon name="undo" />
        {words.undo}
      </button>
      <button type="button" class="button quiet" onClick={onHelp}>
        <Icon name="question" />
        {words.keys}
      </button>
      <button type="button" class="button quiet" onClick={actions.cancel}>
        {words.again}
      </button>
      <button type="button" class="button primary" onClick={() => actions.dispatch({ kind: 'to-save' })}>
        <Icon name="gift" />
        {words.save}
      </button>
    </div>
  );
}
