// The list of media. Only the rows on screen exist, so that 20,000 are as quick as 20.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Row } from '../../engine/protocol';
import type { Actions } from '../../state/effects';
import type { Filter } from '../../state/link/rows';
import { groupOf, isHidden } from '../../state/link/rows';
import type { Previews } from '../../state/shared/previews';
import { text } from '../../text/en';
import { momentOf } from '../../text/numbers';
import { Preview } from './preview';

/** Pixels; the same as `--row` in app.css. */
const ROW = 76;
/** Rows above and below the screen that exist already. */
const SPARE = 6;
/** Pixels of the long edge of a row's picture. */
const THUMB = 160;

interface Props {
  rows: Row[];
  selected: number | null;
  filter: Filter;
  actions: Actions;
}

export function RowList({ rows, selected, filter, actions }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const place = rows.findIndex((row) => row.medium === selected);
  useViewport(box, setView);
  useLayoutEffect(() => {
    if (box.current !== null && place >= 0) reveal(box.current, place);
  }, [place]);
  const first = Math.max(0, Math.min(rows.length, Math.floor(view.top / ROW)) - SPARE);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / ROW) + SPARE);
  return (
    <div
      ref={box}
      class="rows"
      data-home
      role="listbox"
      tabIndex={0}
      aria-label={text.review.list}
      {...(place >= first && place < last ? { 'aria-activedescendant': `row-${selected}` } : {})}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && selected !== null) actions.dispatch({ kind: 'selected', medium: selected });
      }}
      onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
    >
      {rows.length === 0 && (
        <div class="empty" role="option" aria-disabled="true" aria-selected="false">
          {filter === 'unsure' ? text.review.noneUnsure : text.review.none}
        </div>
      )}
      <div class="rows-all" role="presentation" style={{ height: `${rows.length * ROW}px` }}>
        <div role="presentation" style={{ transform: `translateY(${first * ROW}px)` }}>
          {rows.slice(first, last).map((row, offset) => (
            <Item
              key={row.medium}
              row={row}
              place={first + offset + 1}
              of={rows.length}
              selected={row.medium === selected}
              previews={actions.previews}
              onSelect={() => actions.dispatch({ kind: 'selected', medium: row.medium })}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface ItemProps {
  row: Row;
  place: number;
  of: number;
  selected: boolean;
  previews: Previews;
  onSelect: () => void;
}

function Item({ row, place, of, selected, previews, onSelect }: ItemProps) {
  return (
    <div
      id={`row-${row.medium}`}
      class={`row ${selected ? 'selected' : ''}`}
      role="option"
      aria-selected={selected}
      aria-posinset={place}
      aria-setsize={of}
      onClick={onSelect}
    >
      <span class="thumb">
        <Preview previews={previews} item={row.exported?.item ?? null} kind={row.kind} edge={THUMB} alt="" />
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
    </div>
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

function useViewport(box: { current: HTMLDivElement | null }, setView: (view: { top: number; height: number }) => void): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const watcher = new ResizeObserver(() => setView({ top: element.scrollTop, height: element.clientHeight }));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [box, setView]);
}

/** Scrolls as little as needed. */
function reveal(box: HTMLDivElement, place: number): void {
  const top = place * ROW;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW - box.clientHeight;
}
