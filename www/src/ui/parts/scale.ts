// The plot's two scales: dates across, and delays from a day ahead to years behind on one axis.

import type { Row } from '../../engine/protocol';

const HOUR = 3_600;
const DAY = 86_400;
const YEAR = 365.25 * DAY;

/** Below this, the scale is even; beyond, every step is a multiple. */
const EVEN = HOUR / 4;
const LEAST = -14 * HOUR;
const MOST = 10 * YEAR;

/** Lines worth drawing; a delay below zero means that the clocks differ. */
export const delayTicks = [
  { seconds: -12 * HOUR, word: '−12 hours' },
  { seconds: -HOUR, word: '−1 hour' },
  { seconds: 0, word: 'at once' },
  { seconds: HOUR, word: '1 hour' },
  { seconds: 12 * HOUR, word: '12 hours' },
  { seconds: 7 * DAY, word: '1 week' },
  { seconds: 60 * DAY, word: '2 months' },
  { seconds: YEAR, word: '1 year' },
  { seconds: MOST, word: '10 years' },
];

/** Where a delay stands, from 0 (lowest) to 1. */
export function placeDelay(seconds: number): number {
  const bent = bend(Math.min(MOST, Math.max(LEAST, seconds)));
  return (bent - bend(LEAST)) / (bend(MOST) - bend(LEAST));
}

export interface Axis {
  place: (seconds: number) => number;
  ticks: number[];
  /** So short that its ticks need the time of day. */
  short: boolean;
}

/** The scale of send times over `from` … `to`, with the dates to write below it; null: no row has a time. */
export function axis(rows: Row[], from: number, to: number): Axis | null {
  let first = Infinity;
  let last = -Infinity;
  for (const { sentS } of rows) {
    if (sentS === null) continue;
    first = Math.min(first, sentS);
    last = Math.max(last, sentS);
  }
  if (first > last) return null;
  const span = Math.max(last - first, HOUR);
  const place = (seconds: number) => from + ((Math.min(last, Math.max(first, seconds)) - first) / span) * (to - from);
  const steps = last - first < 4 * DAY ? 1 : 4;
  const ticks = Array.from({ length: steps + 1 }, (_, step) => first + (span * step) / steps).filter((tick) => tick <= last || steps === 4);
  return { place, ticks, short: span < 2 * DAY };
}

function bend(seconds: number): number {
  return Math.sign(seconds) * Math.log1p(Math.abs(seconds) / EVEN);
}
