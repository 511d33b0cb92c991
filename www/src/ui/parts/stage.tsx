// The two pictures: side by side, or one over the other with a divider; fitted, or at the original's full size.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { ItemInfo, MediaKind, Row } from '../../engine/protocol';
import type { Actions } from '../../state/effects';
import type { Reviewing } from '../../state/link/state';
import type { Previews } from '../../state/shared/previews';
import { text } from '../../text/en';
import { Icon } from './icons';
import { Preview, Video } from './preview';

const words = text.detail;

/** Pixels of the long edge of a fitted picture. */
const FITTED = 1_400;
/** Most pixels of the long edge at full size. */
const FULL = 4_096;

interface Props {
  task: Reviewing;
  row: Row;
  original: ItemInfo | null;
  actions: Actions;
}

export function Stage({ task, row, original, actions }: Props) {
  const { both } = kindOf(row, original);
  return (
    <Pictures
      left={row.exported}
      right={original}
      titles={[words.sent, words.original]}
      missing={[words.missing, words.nothing]}
      kind={row.kind}
      view={both ? task.view : 'side'}
      zoom={row.kind === 'image' && row.exported !== null && task.zoom}
      divider={words.divider}
      previews={actions.previews}
    />
  );
}

interface PicturesProps {
  left: ItemInfo | null;
  /** Null: there is nothing to compare with. */
  right: ItemInfo | null;
  titles: [string, string];
  /** What is said where there is no picture. */
  missing: [string, string];
  kind: MediaKind;
  view: 'side' | 'swipe' | 'difference';
  zoom: boolean;
  divider: string;
  previews: Previews;
}

/** Two files: beside each other, one over the other with a divider, or what differs between them. */
export function Pictures({ left, right, titles, missing, kind, view, zoom, divider, previews }: PicturesProps) {
  const stage = useRef<HTMLDivElement>(null);
  const full = zoom ? fullSize(left, right) : null;
  useSize(stage, full);
  const pane = (place: 0 | 1) => ({ title: titles[place], missing: missing[place], kind, edge: full?.edge ?? FITTED, previews, stage });
  return (
    <div ref={stage} class={`stage ${view} ${zoom ? 'zoom' : 'fit'} ${right === null ? 'alone' : ''}`}>
      <Pane {...pane(0)} info={left} which="sent" />
      {right !== null && <Pane {...pane(1)} info={right} which="original" />}
      {view === 'swipe' && <Divider key={right?.item} stage={stage} label={divider} />}
    </div>
  );
}

/** How the pictures are shown; nothing for what is no picture. */
export function StageTools({ task, row, original, actions }: Props) {
  const { dispatch } = actions;
  const { still, both } = kindOf(row, original);
  if (!still) return null;
  return (
    <div class="stage-tools">
      {both && (
        <div class="switch" role="group">
          <button type="button" aria-pressed={task.view === 'side'} onClick={() => dispatch({ kind: 'viewed', view: 'side' })}>
            <Icon name="sides" />
            {words.side}
          </button>
          <button type="button" aria-pressed={task.view === 'swipe'} onClick={() => dispatch({ kind: 'viewed', view: 'swipe' })}>
            <Icon name="swipe" />
            {words.swipe}
          </button>
        </div>
      )}
      <button type="button" class="button small" aria-pressed={task.zoom} onClick={() => dispatch({ kind: 'zoomed' })}>
        <Icon name="zoom" />
        {task.zoom ? words.zoomOut : words.zoomIn}
      </button>
    </div>
  );
}

/** Whether there is a picture to zoom into, and two to compare. */
function kindOf(row: Row, original: ItemInfo | null): { still: boolean; both: boolean } {
  const still = row.kind === 'image' && row.exported !== null;
  return { still, both: still && original !== null };
}

interface PaneProps {
  info: ItemInfo | null;
  title: string;
  missing: string;
  kind: MediaKind;
  edge: number;
  previews: Previews;
  stage: { current: HTMLDivElement | null };
  which: 'sent' | 'original';
}

function Pane({ info, title, missing, kind, edge, previews, stage, which }: PaneProps) {
  const video = kind === 'video' || kind === 'gif';
  return (
    <figure class={`pane ${which}`}>
      <div class="scroller" tabIndex={0} role="group" aria-label={title} onScroll={(event) => follow(stage.current, event.currentTarget)}>
        {info === null ? (
          <p class="nothing">{missing}</p>
        ) : video ? (
          <Video previews={previews} item={info.item} label={title} />
        ) : (
          <Preview previews={previews} item={info.item} kind={kind} edge={edge} meanwhile={FITTED} alt={`${title}: ${info.path}`} />
        )}
      </div>
      <figcaption>{title}</figcaption>
    </figure>
  );
}

/** The divider: a slider over the whole width, so that it works by hand and by keys. */
function Divider({ stage, label }: { stage: { current: HTMLDivElement | null }; label: string }) {
  const [split, setSplit] = useState(50);
  useEffect(() => {
    stage.current?.style.setProperty('--split', `${split}%`);
  }, [stage, split]);
  return (
    <input
      class="divider"
      type="range"
      min="0"
      max="100"
      step="1"
      value={split}
      aria-label={label}
      onInput={(event) => setSplit(event.currentTarget.valueAsNumber)}
    />
  );
}

/** Both panes show the same place. */
function follow(stage: HTMLDivElement | null, moved: HTMLElement): void {
  if (stage === null) return;
  for (const other of stage.querySelectorAll<HTMLElement>('.scroller')) {
    if (other === moved) continue;
    if (Math.abs(other.scrollLeft - moved.scrollLeft) > 1) other.scrollLeft = moved.scrollLeft;
    if (Math.abs(other.scrollTop - moved.scrollTop) > 1) other.scrollTop = moved.scrollTop;
  }
}

/** One pixel of the larger picture for one of the screen; the smaller one is brought to the same size. */
function fullSize(exported: ItemInfo | null, original: ItemInfo | null): { width: number; height: number; edge: number } | null {
  const info = original?.width && original.height ? original : exported;
  if (info === null || info.width === null || info.height === null) return null;
  const edge = Math.min(FULL, Math.max(info.width, info.height));
  const scale = edge / Math.max(info.width, info.height);
  return { width: Math.round(info.width * scale), height: Math.round(info.height * scale), edge };
}

function useSize(stage: { current: HTMLDivElement | null }, full: { width: number; height: number } | null): void {
  useEffect(() => {
    const element = stage.current;
    if (element === null || full === null) return;
    const pixel = 1 / devicePixelRatio;
    element.style.setProperty('--full-width', `${full.width * pixel}px`);
    element.style.setProperty('--full-height', `${full.height * pixel}px`);
    for (const scroller of element.querySelectorAll<HTMLElement>('.scroller')) {
      scroller.scrollLeft = (scroller.scrollWidth - scroller.clientWidth) / 2;
      scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) / 2;
    }
  }, [stage, full?.width, full?.height]);
}
