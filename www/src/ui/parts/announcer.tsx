// Tells a screen reader how far things are: polite, and at most every few seconds.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { DuplicatesTask } from '../../state/duplicates/state';
import { filesLeft } from '../../state/duplicates/state';
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
function wordsFor({ shared, task, duplicates }: State): string {
  if (shared.problem !== null) return shared.problem;
  if (shared.route === 'duplicates') return wordsForDuplicates(duplicates);
  const progress = task.step === 'progress' ? shownProgress(task) : task.step === 'save' && task.phase.at === 'writing' ? task.phase.progress : null;
  if (task.step === 'progress' && task.paused) return text.progress.paused;
  if (progress === null || progress.total === 0) return '';
  return text.progress.say(progress.stage, progress.done, progress.total);
}

function wordsForDuplicates(task: DuplicatesTask): string {
  const words = text.duplicates;
  if (task.step === 'review') return task.told === null ? '' : words.review.told(task.told);
  if (task.step === 'act' && (task.phase.at === 'moving' || task.phase.at === 'restoring'))
    return words.act.ofTotal(task.phase.done, task.phase.total);
  if (task.step !== 'progress') return '';
  if (task.paused) return text.progress.paused;
  const left = filesLeft(task.progress);
  return left === null ? '' : words.progress.left(left);
}
