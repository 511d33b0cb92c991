// A list of which only the rows on screen exist, so that 20,000 are as quick as 20. Keys move the selection, not the focus.

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Pixels; the same as `--row` in review.css. */
const ROW = 76;
/** Rows above and below the screen that exist already. */
const SPARE = 6;

interface Props<T> {
  rows: T[];
  /** Of the selected row; -1: it is not among them. */
  place: number;
  label: string;
  /** What is said of no rows. */
  empty: string;
  /** A name for a row that is its own. */
  idOf: (row: T) => string;
  onEnter: (event: KeyboardEvent) => void;
  onSelect: (row: T) => void;
  children: (row: T) => ComponentChildren;
}

export function VirtualList<T>({ rows, place, label, empty, idOf, onEnter, onSelect, children }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  useViewport(box, setView);
  useLayoutEffect(() => {
    if (box.current !== null && place >= 0) reveal(box.current, place);
  }, [place]);
  const first = Math.max(0, Math.min(rows.length, Math.floor(view.top / ROW)) - SPARE);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / ROW) + SPARE);
  const selected = rows[place];
  return (
    <div
      ref={box}
      class="rows"
      data-home
      role="listbox"
      tabIndex={0}
      aria-label={label}
      {...(selected !== undefined && place >= first && place < last ? { 'aria-activedescendant': `row-${idOf(selected)}` } : {})}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnter(event);
      }}
      onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
    >
      {rows.length === 0 && (
        <div class="empty" role="option" aria-disabled="true" aria-selected="false">
          {empty}
        </div>
      )}
      <div class="rows-all" role="presentation" style={{ height: `${rows.length * ROW}px` }}>
        <div role="presentation" style={{ transform: `translateY(${first * ROW}px)` }}>
          {rows.slice(first, last).map((row, offset) => (
            <div
              key={idOf(row)}
              id={`row-${idOf(row)}`}
              class={`row ${first + offset === place ? 'selected' : ''}`}
              role="option"
              aria-selected={first + offset === place}
              aria-posinset={first + offset + 1}
              aria-setsize={rows.length}
              onClick={() => onSelect(row)}
            >
              {children(row)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
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
