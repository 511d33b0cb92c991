// Sent against taken: across, when each medium was sent; upwards, how long after it was taken. The clock difference is a line.

import { useMemo } from 'preact/hooks';
import type { Offset, Row } from '../../engine/protocol';
import { groupOf, rawDelay } from '../../state/rows';
import type { Msg } from '../../state/state';
import { text } from '../../text/en';
import { shortDateOf } from '../../text/numbers';
import { axis, delayTicks, placeDelay } from './scale';

const WIDTH = 960;
const HEIGHT = 260;
const FRAME = { left: 84, right: 16, top: 14, bottom: 34 };
/** A click takes the nearest dot, up to this far away. */
const NEAR = 24;

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

export function Plot({ rows, offsets, selected, dispatch }: Props) {
  const sent = useMemo(() => axis(rows, FRAME.left, WIDTH - FRAME.right), [rows]);
  const dots = useMemo(() => (sent === null ? [] : dotsOf(rows, offsets, sent.place)), [rows, offsets, sent]);
  if (sent === null || dots.length === 0) return null;
  const chosen = dots.find((dot) => dot.medium === selected);
  const click = (event: MouseEvent & { currentTarget: SVGSVGElement }) => {
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
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.plotSummary(dots.length, offsetWords(offsets))} onClick={click}>
        <Grid ticks={sent.ticks} place={sent.place} />
        {offsets.map((offset, place) => (
          <path key={place} class="offset" d={offsetLine(offset, sent.place)} />
        ))}
        <path class="dots matched" d={marks(dots.filter((dot) => !dot.unsure))} />
        <path class="dots unsure" d={marks(dots.filter((dot) => dot.unsure))} />
        {chosen && <circle class="chosen" cx={chosen.x} cy={chosen.y} r="7" />}
      </svg>
    </details>
  );
}

function Grid({ ticks, place }: { ticks: number[]; place: (seconds: number) => number }) {
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
        <text
          key={seconds}
          x={place(seconds)}
          y={HEIGHT - 8}
          text-anchor={index === 0 ? 'start' : index === ticks.length - 1 ? 'end' : 'middle'}
        >
          {shortDateOf(seconds)}
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

/** All dots as one path of round points; dots at the same place are drawn once. */
function marks(dots: Dot[]): string {
  const places = new Set(dots.map((dot) => `M${Math.round(dot.x * 2) / 2} ${Math.round(dot.y * 2) / 2}h0`));
  return [...places].join('');
}

function offsetLine(offset: Offset, place: (seconds: number) => number): string {
  const [from, to] = [place(offset.fromS), place(offset.toS)];
  return `M${from - 6} ${high(offset.seconds)}H${Math.max(to, from) + 6}`;
}

function offsetWords(offsets: Offset[]): string {
  const [first, ...others] = offsets;
  if (first === undefined) return words.noOffset;
  const different = new Set(offsets.map((offset) => offset.seconds)).size;
  if (others.length > 0 && different > 1) return words.offsetsMany(different);
  return words.offset(first.seconds, offsets.reduce((sum, offset) => sum + offset.evidence, 0));
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
