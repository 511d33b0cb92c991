// The name, and where in the four steps the user is.

import type { Step } from '../../state/link/state';
import { text } from '../../text/en';
import { Icon, Mark } from './icons';

const STEPS = ['choose', 'progress', 'review', 'save'] as const;

export function Header({ step }: { step: Step }) {
  const now = step === 'stopped' ? 1 : STEPS.indexOf(step);
  return (
    <header class="top">
      <p class="name">
        <Mark />
        {text.name}
      </p>
      <nav aria-label={text.stepsLabel}>
        <ol class="steps">
          {STEPS.map((each, place) => (
            <li key={each} class={place < now ? 'past' : place === now ? 'now' : ''} {...(place === now ? { 'aria-current': 'step' as const } : {})}>
              <span class="number" aria-hidden="true">
                {place < now ? <Icon name="check" /> : place + 1}
              </span>
              <span class="word">{text.steps[each]}</span>
            </li>
          ))}
        </ol>
      </nav>
    </header>
  );
}
