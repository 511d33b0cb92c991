// What this browser remembers: how much, as a file, and gone. And, while a job runs, what is wrong with it.

import type { Actions } from '../../state/effects';
import type { Kept, State } from '../../state/state';
import { text } from '../../text/en';

const words = text.kept;

/** Behind a disclosure; it is looked up when it is opened. */
export function KeptFold({ kept, loaded, actions }: { kept: Kept; loaded: boolean; actions: Actions }) {
  const toggled = (open: boolean) => {
    if (open && loaded && kept.at === 'unasked') actions.askKept();
  };
  return (
    <details class="fold kept" onToggle={(event) => toggled(event.currentTarget.open)}>
      <summary>{words.title}</summary>
      <p>{words.lead}</p>
      <p role="status">{stateOf(kept)}</p>
      <div class="go">
        <button type="button" class="button" disabled={!loaded} onClick={actions.exportKept}>
          {words.export}
        </button>
        <button type="button" class="button" onClick={() => void actions.forgetKept()}>
          {words.delete}
        </button>
      </div>
    </details>
  );
}

function stateOf({ at, counts, trouble }: Kept): string {
  if (trouble !== null && trouble.why !== 'aside') return troubleOf(trouble.why);
  if (at === 'deleted') return words.deleted;
  if (at === 'asked') return words.asking;
  if (counts === null) return '';
  const found = counts.files + counts.answers + counts.runs > 0 ? words.counts(counts) : words.nothing;
  return trouble === null ? found : `${words.trouble.aside} ${found}`;
}

function troubleOf(why: NonNullable<Kept['trouble']>['why']): string {
  if (why === 'busy') return words.held;
  return why === 'absent' ? words.trouble.absent : words.unread;
}

/** What the user should know about remembering while a job runs. */
export function KeptNotes({ state }: { state: State }) {
  return (
    <>
      {state.again && (
        <p class="note" role="status">
          {words.again}
        </p>
      )}
      {state.trouble !== null && (
        <p class="note kept-trouble" role="status">
          {words.trouble[state.trouble.why]}
        </p>
      )}
    </>
  );
}
