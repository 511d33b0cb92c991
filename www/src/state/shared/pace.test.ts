import { describe, expect, it } from 'vitest';
import { progress } from '../link/example';
import type { Pace } from './pace';
import { keepPace, resumePace, secondsLeft } from './pace';

/** Feeds messages of a stage that does `perSecond` units, one message every 100 ms. */
function run(seconds: number, perSecond: number, total: number, from: Pace | null = null, start = 0): Pace | null {
  let pace = from;
  const before = from?.lastDone ?? 0;
  for (let tick = 0; tick <= seconds * 10; tick += 1) {
    pace = keepPace(pace, progress(before + (tick * perSecond) / 10, total), start + tick * 100);
  }
  return pace;
}

describe('time left', () => {
  it('is not guessed before a stage has settled', () => {
    expect(secondsLeft(run(1, 10, 1_000))).toBeNull();
    expect(secondsLeft(null)).toBeNull();
  });

  it('follows from the rate', () => {
    expect(secondsLeft(run(10, 10, 1_000))).toBeCloseTo(90, 0);
  });

  it('is unknown while nothing is done', () => {
    expect(secondsLeft(run(10, 0, 1_000))).toBeNull();
  });

  it('comes round to a new rate without jumping', () => {
    const steady = run(20, 10, 1_000);
    const slower = run(1, 5, 1_000, steady, 20_000);
    const before = secondsLeft(steady) ?? 0;
    expect(secondsLeft(slower)).toBeLessThan(before * 1.25);
    expect(secondsLeft(run(40, 5, 1_000, steady, 20_000))).toBeGreaterThan(105);
  });

  it('starts anew with each stage', () => {
    const pace = keepPace(run(10, 10, 1_000), progress(0, 50, { stage: 'matching' }), 10_000);
    expect(pace).toMatchObject({ stage: 'matching', rate: null });
    expect(secondsLeft(pace)).toBeNull();
  });

  it('does not count a pause', () => {
    const before = run(10, 10, 1_000);
    const after = keepPace(resumePace(before, 3_600_000), progress(105, 1_000), 3_600_500);
    expect(secondsLeft(after)).toBeCloseTo(89.5, 0);
  });
});
