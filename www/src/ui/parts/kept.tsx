// What this browser remembers: how much, as a file, and gone. And, while a job runs, what is wrong with it.

import { useEffect, useRef } from 'preact/hooks';
import type { CatalogueTrouble, Troubles } from '../../engine/protocol';
import type { Actions } from '../../state/effects';
import type { Kept, Shared } from '../../state/shared/state';
import { isRemembering, isUsable } from '../../state/shared/state';
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
      {kept.at === 'question' ? <Question actions={actions} /> : <Buttons loaded={loaded} actions={actions} />}
    </details>
  );
}

function Buttons({ loaded, actions }: { loaded: boolean; actions: Actions }) {
  return (
    <div class="go">
      <button type="button" class="button" disabled={!loaded} onClick={actions.exportKept}>
        {words.export}
      </button>
      <button type="button" class="button" onClick={actions.forgetKept}>
        {words.delete}
      </button>
    </div>
  );
}

/** What is kept forever goes only if the user says so once more. The harmless answer comes first, and has the focus. */
function Question({ actions }: { actions: Actions }) {
  const spare = useRef<HTMLButtonElement>(null);
  useEffect(() => spare.current?.focus(), []);
  return (
    <div class="go">
      <button type="button" class="button" ref={spare} onClick={actions.spareForever}>
        {words.spare}
      </button>
      <button type="button" class="button" onClick={() => void actions.forgetForever()}>
        {words.deleteToo}
      </button>
    </div>
  );
}

function stateOf({ at, counts, troubles }: Kept): string {
  const bad = [troubles.forever, troubles.cache].find((each) => !isUsable(each)) ?? null;
  if (at === 'question') return bad?.why === 'busy' ? words.held : words.question(counts);
  if (bad !== null) return troubleOf(bad.why);
  if (at === 'deleted') return words.deleted;
  if (at === 'asked') return words.asking;
  if (counts === null) return '';
  const found = counts.files + counts.answers + counts.runs > 0 ? words.counts(counts) : words.nothing;
  return [...notesOn(troubles), found].join(' ');
}

function troubleOf(why: CatalogueTrouble['why']): string {
  if (why === 'busy') return words.held;
  return why === 'absent' || why === 'newer' ? words.trouble[why] : words.unread;
}

/** One sentence where both files have the same trouble, else one for each. */
function notesOn({ cache, forever }: Troubles): string[] {
  if (cache !== null && cache.why === forever?.why) return [words.trouble[cache.why]];
  const notes = [forever && words.troubleOf.forever[forever.why], cache && words.troubleOf.cache[cache.why]];
  return notes.filter((note) => note !== null);
}

/** What the user should know about remembering while a job runs. */
export function KeptNotes({ shared, again }: { shared: Shared; again: boolean }) {
  const unpromised = shared.unpromised && isRemembering(shared, 'forever');
  return (
    <>
      {again && (
        <p class="note" role="status">
          {words.again}
        </p>
      )}
      {notesOn(shared.troubles).map((note) => (
        <p key={note} class="note kept-trouble" role="status">
          {note}
        </p>
      ))}
      {unpromised && (
        <p class="note kept-unpromised" role="status">
          {words.unpromised}
        </p>
      )}
    </>
  );
}
