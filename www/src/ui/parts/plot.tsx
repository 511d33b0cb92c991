// Sent against taken: across, when each medium was sent; upwards, how long after it was taken. The clock difference is a line.

import { useMemo } from 'preact/hooks';
import type { Offset, Row } from '../../engine/protocol';
import { groupOf, rawDelay } from '../../state/link/rows';
import type { Msg } from '../../state/state';
import { text } from '../../text/en';
import { momentOf, shortDateOf } from '../../text/numbers';
import type { Axis } from './scale';
import { axis, delayTicks, placeDelay } from './scale';

const WIDTH = 960;
const HEIGHT = 260;
const FRAME = { left: 84, right: 16, top: 14, bottom: 34 };
/** More dots than this are drawn on a coarser grid. */
const CROWD = 2_000;
/** A click takes the nearest dot, up to this far away. */
const NEAR = 24;
/** Clock differences told in words. */
const SHOWN_OFFSETS = 6;

interface Props {
  rows: Row[];
  offsets: Offset[];
  selected: number | null;
  dispatch: (msg: Msg) => void;
}

interface Dot {
  medium: number;
  x: number;
  y: number;
  unsure: boolean;
}

const words = text.review;

export function Plot({ rows, offsets: assumed, selected, dispatch }: Props) {
  const offsets = useMemo(() => assumed.filter((offset) => offset.evidence > 0), [assumed]); // the others are only assumed
  const sent = useMemo(() => axis(rows, FRAME.left, WIDTH - FRAME.right), [rows]);
  const dots = useMemo(() => (sent === null ? [] : dotsOf(rows, offsets, sent.place)), [rows, offsets, sent]);
  // The same element again and again: moving on to another row draws no dot anew.
  const chart = useMemo(() => sent !== null && <Chart dots={dots} offsets={offsets} sent={sent} />, [dots, offsets, sent]);
  if (sent === null || dots.length === 0) return null;
  const chosen = dots.find((dot) => dot.medium === selected);
  const click = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const scale = WIDTH / box.width;
    const dot = nearest(dots, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale);
    if (dot !== null) dispatch({ kind: 'selected', medium: dot.medium });
  };
  return (
    <details class="fold plot" open>
      <summary>{words.plot}</summary>
      <p class="hint">
        {words.plotHint} {offsetWords(offsets)}
      </p>
      {severalOffsets(offsets) && <OffsetList offsets={offsets} />}
      <div class="chart" onClick={click}>
        {chart}
        {/* On a layer of its own, for the same reason. */}
        <svg class="over" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
          {chosen && <circle class="chosen" cx={chosen.x} cy={chosen.y} r="7" />}
        </svg>
      </div>
    </details>
  );
}

/** Each clock difference with the days it holds for. */
function OffsetList({ offsets }: { offsets: Offset[] }) {
  const more = offsets.length - SHOWN_OFFSETS;
  return (
    <ul class="offsets hint">
      {offsets.slice(0, SHOWN_OFFSETS).map((offset) => (
        <li key={offset.fromS}>
          <strong>{words.offsetFrom(shortDateOf(offset.fromS), shortDateOf(offset.toS))}</strong> {words.offset(offset.seconds, offset.evidence)}
        </li>
      ))}
      {more > 0 && <li>{words.offsetsMore(more)}</li>}
    </ul>
  );
}

interface ChartProps {
  dots: Dot[];
  offsets: Offset[];
  sent: Axis;
}

function Chart({ dots, offsets, sent }: ChartProps) {
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.plotSummary(dots.length, offsetWords(offsets))}>
      <Grid {...sent} />
      {offsets.map((offset, place) => (
        <path key={place} class="offset" d={offsetLine(offset, sent.place)} />
      ))}
      <path class="dots matched" d={marks(dots.filter((dot) => !dot.unsure))} />
      <path class="dots unsure" d={marks(dots.filter((dot) => dot.unsure))} />
    </svg>
  );
}

function Grid({ ticks, place, short }: Axis) {
  return (
    <g class="grid">
      {delayTicks.map(({ seconds, word }) => (
        <g key={seconds}>
          <path d={`M${FRAME.left} ${high(seconds)}H${WIDTH - FRAME.right}`} class={seconds === 0 ? 'zero' : ''} />
          <text x={FRAME.left - 10} y={high(seconds) + 4} text-anchor="end">
            {word}
          </text>
        </g>
      ))}
      {ticks.map((seconds, index) => (
        <text key={seconds} x={place(seconds)} y={HEIGHT - 8} text-anchor={index === 0 ? 'start' : index === ticks.length - 1 ? 'end' : 'middle'}>
          {short ? momentOf(seconds) : shortDateOf(seconds)}
        </text>
      ))}
    </g>
  );
}

function dotsOf(rows: Row[], offsets: Offset[], place: (seconds: number) => number): Dot[] {
  return rows.flatMap((row) => {
    const delay = rawDelay(row, offsets);
    if (delay === null || row.sentS === null) return [];
    return [{ medium: row.medium, x: place(row.sentS), y: high(delay), unsure: groupOf(row) !== 'matched' }];
  });
}

/** All dots as one path of round points. Of dots that hide each other one is drawn. */
function marks(dots: Dot[]): string {
  const step = dots.length > CROWD ? 3 : 1;
  const round = (at: number) => Math.round(at / step) * step;
  const places = new Set(dots.map((dot) => `M${round(dot.x)} ${round(dot.y)}h0`));
  return [...places].join('');
}

function offsetLine(offset: Offset, place: (seconds: number) => number): string {
  const [from, to] = [place(offset.fromS), place(offset.toS)];
  return `M${from - 6} ${high(offset.seconds)}H${Math.max(to, from) + 6}`;
}

function offsetWords(offsets: Offset[]): string {
  const first = offsets[0];
  if (first === undefined) return words.noOffset;
  if (severalOffsets(offsets)) return words.offsetsMany(differences(offsets));
  return words.offset(
    first.seconds,
    offsets.reduce((sum, offset) => sum + offset.evidence, 0),
  );
}

function severalOffsets(offsets: Offset[]): boolean {
  return differences(offsets) > 1;
}

function differences(offsets: Offset[]): number {
  return new Set(offsets.map((offset) => offset.seconds)).size;
}

function high(delay: number): number {
  return FRAME.top + (1 - placeDelay(delay)) * (HEIGHT - FRAME.top - FRAME.bottom);
}

function nearest(dots: Dot[], x: number, y: number): Dot | null {
  let best: Dot | null = null;
  let distance = NEAR;
  for (const dot of dots) {
    const away = Math.hypot(dot.x - x, dot.y - y);
    if (away < distance) {
      distance = away;
      best = dot;
    }
  }
  return best;
}
