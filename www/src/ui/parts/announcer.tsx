// Tells a screen reader how far things are: polite, and at most every few seconds.

import { useEffect, useRef, useState } from 'preact/hooks';
import { shownProgress } from '../../state/link/state';
import type { State } from '../../state/state';
import { text } from '../../text/en';

const EVERY_MS = 6_000;

export function Announcer({ state }: { state: State }) {
  const [said, setSaid] = useState('');
  const lastAt = useRef(-EVERY_MS);
  const words = wordsFor(state);
  useEffect(() => {
    const wait = Math.max(0, lastAt.current + EVERY_MS - performance.now());
    const timer = setTimeout(() => {
      lastAt.current = performance.now();
      setSaid(words);
    }, wait);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <p class="unseen" role="status" aria-live="polite">
      {said}
    </p>
  );
}

/** The same words for as long as nothing worth saying happened. */
function wordsFor({ shared, task }: State): string {
  if (shared.problem !== null) return shared.problem;
  const progress = task.step === 'progress' ? shownProgress(task) : task.step === 'save' && task.phase.at === 'writing' ? task.phase.progress : null;
  if (task.step === 'progress' && task.paused) return text.progress.paused;
  if (progress === null || progress.total === 0) return '';
  return text.progress.say(progress.stage, progress.done, progress.total);
}
