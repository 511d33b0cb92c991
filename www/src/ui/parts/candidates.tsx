// The originals that came close: a click looks at one, its number uses it.

import type { Row } from '../../engine/protocol';
import type { Actions } from '../../state/effects';
import { linkedOriginal } from '../../state/link/rows';
import { text } from '../../text/en';
import { Preview } from './preview';

const words = text.detail;
/** Pixels of the long edge. */
const THUMB = 240;

export function Candidates({ row, looked, actions }: { row: Row; looked: number | null; actions: Actions }) {
  const linked = linkedOriginal(row)?.item ?? null;
  return (
    <section class="candidates" aria-labelledby="candidates">
      <h3 id="candidates">{words.candidates}</h3>
      <p class="hint">{words.candidatesHint}</p>
      <ul>
        {row.candidates.map(({ original }, place) => (
          <li key={original.item}>
            <button
              type="button"
              class={`candidate ${linked === original.item ? 'linked' : ''}`}
              aria-pressed={looked === original.item}
              aria-label={words.candidate(place + 1, original.path)}
              title={original.path}
              onClick={() => actions.dispatch({ kind: 'looked', item: original.item })}
            >
              <Preview previews={actions.previews} item={original.item} kind={row.kind} edge={THUMB} alt="" />
              <kbd>{place + 1}</kbd>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
