import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchSilence } from './silence';

const MINUTE = 60_000;

describe('silence', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is told once, after four minutes without a word', () => {
    const silent = vi.fn();
    watchSilence(silent).expect();
    vi.advanceTimersByTime(4 * MINUTE - 1);
    expect(silent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(silent).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(10 * MINUTE);
    expect(silent).toHaveBeenCalledOnce();
  });

  it('begins anew with every word, and ends when none is expected', () => {
    const silent = vi.fn();
    const silence = watchSilence(silent);
    silence.expect();
    vi.advanceTimersByTime(3 * MINUTE);
    silence.heard();
    vi.advanceTimersByTime(3 * MINUTE);
    expect(silent).not.toHaveBeenCalled();
    silence.stop();
    vi.advanceTimersByTime(10 * MINUTE);
    expect(silent).not.toHaveBeenCalled();
  });
});
