// One medium: as it was sent and its original, the evidence, and what to do with it.

import { useEffect, useRef } from 'preact/hooks';
import type { Row } from '../../engine/protocol';
import type { Actions } from '../../state/effects';
import { answerFor, comparedOriginal, groupOf, isHidden, linkedOriginal, revealing } from '../../state/link/rows';
import type { Reviewing } from '../../state/link/state';
import { text } from '../../text/en';
import { momentOf } from '../../text/numbers';
import { Candidates } from './candidates';
import { Evidence } from './evidence';
import type { IconName } from './icons';
import { Icon } from './icons';
import { EditBadge, Status } from './rowlist';
import { Stage, StageTools } from './stage';

const words = text.detail;
/** A caption with more characters may have to be scrolled, so keys must reach it. */
const LONG = 300;

interface Props {
  task: Reviewing;
  row: Row;
  actions: Actions;
}

export function Compare({ task, row, actions }: Props) {
  const original = comparedOriginal(row, task.looking);
  return (
    <article class="compare" aria-label={row.name}>
      <Head task={task} row={row} actions={actions} />
      {row.caption !== '' && (
        <blockquote dir="auto" class="caption" {...(row.caption.length > LONG ? { tabIndex: 0 } : {})}>
          {row.caption}
        </blockquote>
      )}
      <Stage task={task} row={row} original={original} actions={actions} />
      <Cover row={row} actions={actions} />
      <div class="controls">
        <Decide row={row} item={original?.item ?? null} actions={actions} />
        <StageTools task={task} row={row} original={original} actions={actions} />
      </div>
      {row.candidates.length > 1 && <Candidates row={row} looked={original?.item ?? null} actions={actions} />}
      <Evidence row={row} original={original} />
    </article>
  );
}

/** Which medium it is. On a narrow screen it also leads back to the list, and takes the focus when it opens. */
function Head({ task, row, actions }: Props) {
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!task.open || back.current === null || back.current.offsetParent === null) return undefined;
    back.current.focus();
    return () => document.querySelector<HTMLElement>('.rows')?.focus();
  }, [task.open]);
  const turn = (by: number, label: string, icon: IconName) => (
    <button type="button" class="button icon-only" aria-label={label} onClick={() => actions.dispatch({ kind: 'moved', by })}>
      <Icon name={icon} />
    </button>
  );
  return (
    <header class="compare-head">
      <button
        ref={back}
        type="button"
        class="button icon-only back"
        aria-label={text.review.back}
        onClick={() => actions.dispatch({ kind: 'closed' })}
      >
        <Icon name="back" />
      </button>
      <div class="what">
        <h2>
          <bdi>{row.name}</bdi>
        </h2>
        <p class="hint">{words.sentLine(row.sender, row.sentS === null ? null : momentOf(row.sentS))}</p>
      </div>
      <span class="marks">
        <EditBadge row={row} />
        <Status row={row} />
      </span>
      <div class="turn">
        {turn(-1, words.previous, 'up')}
        {turn(1, words.next, 'down')}
      </div>
    </header>
  );
}

/** What the sender hid stays out of the bundle, unless the user says so for this picture. */
function Cover({ row, actions }: { row: Row; actions: Actions }) {
  if (!row.edits.includes('cover') || linkedOriginal(row) === null) return null;
  const hidden = isHidden(row);
  return (
    <div class="note cover">
      <p>{hidden ? words.hidden : words.revealed}</p>
      <label>
        <input type="checkbox" checked={!hidden} onChange={(event) => actions.answer(row.medium, revealing(row, event.currentTarget.checked))} />
        {words.reveal}
      </label>
    </div>
  );
}

function Decide({ row, item, actions }: { row: Row; item: number | null; actions: Actions }) {
  const linked = linkedOriginal(row)?.item ?? null;
  const rejected = row.answer?.kind === 'reject';
  const open = item !== null || groupOf(row) === 'unsure';
  if (!open && row.answer === null) return null;
  return (
    <div class="decide">
      {item !== null && (
        <button
          type="button"
          class="button primary"
          aria-pressed={linked === item && row.answer !== null}
          onClick={() => actions.answer(row.medium, answerFor(row, item))}
        >
          <Icon name="check" />
          {linked !== item ? words.accept : isHidden(row) ? words.foundOnly : words.accepted}
          <kbd aria-hidden="true">A</kbd>
        </button>
      )}
      {open && (
        <button type="button" class="button" aria-pressed={rejected} onClick={() => actions.answer(row.medium, { kind: 'reject' })}>
          <Icon name="cross" />
          {rejected ? words.rejected : words.reject}
          <kbd aria-hidden="true">R</kbd>
        </button>
      )}
      {row.answer !== null && (
        <button type="button" class="button quiet" onClick={() => actions.answer(row.medium, null)}>
          {words.forget}
        </button>
      )}
    </div>
  );
}
