// The list of media of a chat.

import type { Row } from '../../engine/protocol';
import type { Actions } from '../../state/effects';
import type { Filter } from '../../state/link/rows';
import { groupOf, isHidden } from '../../state/link/rows';
import { text } from '../../text/en';
import { momentOf } from '../../text/numbers';
import { Preview } from './preview';
import { VirtualList } from './virtual';

/** Pixels of the long edge of a row's picture. */
const THUMB = 160;

interface Props {
  rows: Row[];
  selected: number | null;
  filter: Filter;
  actions: Actions;
}

export function RowList({ rows, selected, filter, actions }: Props) {
  const select = (medium: number) => actions.dispatch({ kind: 'selected', medium });
  return (
    <VirtualList
      rows={rows}
      place={rows.findIndex((row) => row.medium === selected)}
      label={text.review.list}
      empty={filter === 'unsure' ? text.review.noneUnsure : text.review.none}
      idOf={(row) => String(row.medium)}
      onEnter={() => selected !== null && select(selected)}
      onSelect={(row) => select(row.medium)}
    >
      {(row) => (
        <>
          <span class="thumb">
            <Preview previews={actions.previews} item={row.exported?.item ?? null} kind={row.kind} edge={THUMB} alt="" />
          </span>
          <span class="what">
            <span class="who">
              <bdi>{row.sender ?? text.review.unknownSender}</bdi>
              {row.sentS !== null && <time>{momentOf(row.sentS)}</time>}
            </span>
            <bdi class="label">{row.caption === '' ? row.name : row.caption}</bdi>
            <span class="marks">
              <Status row={row} />
              <EditBadge row={row} />
              {isHidden(row) && <span class="edit-badge">{text.detail.leftOut}</span>}
            </span>
          </span>
        </>
      )}
    </VirtualList>
  );
}

/** What became of it, as a coloured word. */
export function Status({ row }: { row: Row }) {
  const group = groupOf(row);
  const word = row.answer === null ? text.decisions[row.decision] : group === 'matched' ? text.decidedMatched : text.decidedKept;
  return <span class={`status ${group}`}>{word}</span>;
}

/** How the picture was changed before it was sent; nothing for most. */
export function EditBadge({ row }: { row: Row }) {
  return row.edits.length === 0 ? null : <span class="edit-badge">{row.edits.map((edit) => text.detail.edits[edit][0]).join(', ')}</span>;
}
