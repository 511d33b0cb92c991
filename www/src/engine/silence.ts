// Notices an engine that will never answer: a thread of its pool that traps (out of memory) leaves the others waiting.

/** The clock is looked at this often, in milliseconds. */
const TICK_MS = 10_000;
/**
 * Looks without a word after which the engine is given up: four minutes. The longest batch, 48 MB of HEICs on a slow phone,
 * takes about one and a half. Looks are counted, not time, so that a computer that slept does not count.
 */
const MOST_TICKS = 24;

export interface Silence {
  /** From now on words are expected. */
  expect(): void;
  /** A word came. */
  heard(): void;
  /** None are expected for now. */
  stop(): void;
}

export function watchSilence(onSilent: () => void): Silence {
  let timer: ReturnType<typeof setInterval> | undefined;
  let ticks = 0;
  const stop = () => clearInterval(timer);
  return {
    expect() {
      stop();
      ticks = 0;
      timer = setInterval(() => {
        ticks += 1;
        if (ticks < MOST_TICKS) return;
        stop();
        onSilent();
      }, TICK_MS);
    },
    heard() {
      ticks = 0;
    },
    stop,
  };
}
