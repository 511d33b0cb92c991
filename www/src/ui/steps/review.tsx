// Step 3: the user looks it over. The list on one side, the pictures on the other; on a narrow screen one covers the other.

import { useMemo, useRef, useState } from 'preact/hooks';
import type { Actions } from '../../state/effects';
import { linkedOriginal, tally, visibleRows } from '../../state/rows';
import type { Reviewing } from '../../state/state';
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

export function ReviewStep({ state, actions }: { state: Reviewing; actions: Actions }) {
  const { review, filter, media, query } = state;
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const counts = useMemo(() => tally(review.rows), [review.rows]);
  const found = useMemo(() => review.rows.filter((row) => linkedOriginal(row) !== null).length, [review.rows]);
  const rows = useMemo(() => visibleRows(review.rows, filter, media, query), [review.rows, filter, media, query]);
  const selected = useMemo(() => review.rows.find((row) => row.medium === state.selected), [review.rows, state.selected]);
  const covered = useNarrow() && state.open && selected !== undefined;
  useKeys(state, actions, { help: () => setHelp(true), search: () => search.current?.focus() });
  return (
    <div class={`review ${state.open ? 'open' : ''}`}>
      <div class="behind" inert={covered}>
        <div class="review-head">
          <div>
            <StepHeading>{words.title(found)}</StepHeading>
            <p class="lead">{words.lead(review.chat.title, review.chat.messages)}</p>
          </div>
          <Tools state={state} actions={actions} onHelp={() => setHelp(true)} />
        </div>
        <KeptNotes state={state} />
        {!review.chat.datesDecided && <DateQuestion chat={review.chat} actions={actions} />}
        <FilterBar state={state} counts={counts} search={search} dispatch={actions.dispatch} />
      </div>
      <div class="panes">
        <div class="list-pane" inert={covered}>
          <RowList rows={rows} selected={state.selected} filter={filter} actions={actions} />
        </div>
        {selected !== undefined && <Compare state={state} row={selected} actions={actions} />}
      </div>
      <div class="below" inert={covered}>
        <Plot rows={review.rows} offsets={review.offsets} selected={state.selected} dispatch={actions.dispatch} />
        <Issues issues={review.issues} title={words.issues(review.issues.length)} />
      </div>
      <KeysDialog open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function Tools({ state, actions, onHelp }: { state: Reviewing; actions: Actions; onHelp: () => void }) {
  return (
    <div class="tools">
      <button type="button" class="button quiet" disabled={state.undo.length === 0} onClick={actions.undo}>
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
