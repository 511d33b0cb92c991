// How fast a stage goes and how long it will take: pure, fed with the time of every progress message.

import type { Progress, Stage } from '../../engine/protocol';

/** The speed of the current stage, smoothed. Times are milliseconds. */
export interface Pace {
  stage: Stage;
  startedAt: number;
  lastAt: number;
  lastDone: number;
  /** Units per millisecond; null until something was measured. */
  rate: number | null;
  /** The last estimate of the time left, smoothed as well, so that the words do not jump. */
  leftMs: number | null;
}

/** The speed remembers about this long. */
const MEMORY_MS = 12_000;
/** Shorter steps are added up before they count: the engine answers in bursts. */
const SHORTEST_STEP_MS = 250;
/** No estimate before this much of a stage was seen. */
const SETTLE_MS = 2_500;

/** Takes one more progress message into account. */
export function keepPace(pace: Pace | null, progress: Progress, at: number): Pace {
  if (pace === null || pace.stage !== progress.stage || progress.done < pace.lastDone) {
    return { stage: progress.stage, startedAt: at, lastAt: at, lastDone: progress.done, rate: null, leftMs: null };
  }
  const step = at - pace.lastAt;
  if (step < SHORTEST_STEP_MS) return pace;
  const now = (progress.done - pace.lastDone) / step;
  const rate = pace.rate === null ? now : blend(pace.rate, now, step);
  const raw = rate > 0 ? (progress.total - progress.done) / rate : null;
  const aged = pace.leftMs === null ? null : Math.max(0, pace.leftMs - step);
  const leftMs = raw === null || aged === null ? raw : blend(aged, raw, step * 3);
  return { ...pace, lastAt: at, lastDone: progress.done, rate, leftMs };
}

/** After a pause the clock goes on, but the pause does not count. */
export function resumePace(pace: Pace | null, at: number): Pace | null {
  if (pace === null) return null;
  const paused = at - pace.lastAt;
  return { ...pace, startedAt: pace.startedAt + paused, lastAt: at };
}

/** Seconds left in this stage; null while that cannot be said yet. */
export function secondsLeft(pace: Pace | null): number | null {
  if (pace === null || pace.leftMs === null || pace.lastAt - pace.startedAt < SETTLE_MS) return null;
  return pace.leftMs / 1000;
}

function blend(old: number, fresh: number, step: number): number {
  const weight = 1 - Math.exp(-step / MEMORY_MS);
  return old + (fresh - old) * weight;
}
