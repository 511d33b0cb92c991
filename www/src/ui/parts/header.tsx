// The name, the places of the page, and where in a job's four steps the user is.

import type { Route } from '../../state/shared/route';
import { addressOf, ROUTES } from '../../state/shared/route';
import { text } from '../../text/en';
import { Icon, Mark } from './icons';

interface Props {
  route: Route;
  /** The steps of the place, in order, as words. */
  steps: string[];
  /** Which of them the user is in, from 0. */
  now: number;
}

export function Header({ route, steps, now }: Props) {
  return (
    <header class="top">
      <p class="name">
        <Mark />
        {text.name}
      </p>
      <nav class="places" aria-label={text.placesLabel}>
        <ul>
          {ROUTES.map((each) => (
            <li key={each}>
              <a href={addressOf(each)} {...(each === route ? { 'aria-current': 'page' as const } : {})}>
                {text.places[each]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <nav aria-label={text.stepsLabel}>
        <ol class="steps">
          {steps.map((word, place) => (
            <li key={word} class={place < now ? 'past' : place === now ? 'now' : ''} {...(place === now ? { 'aria-current': 'step' as const } : {})}>
              <span class="number" aria-hidden="true">
                {place < now ? <Icon name="check" /> : place + 1}
              </span>
              <span class="word">{word}</span>
            </li>
          ))}
        </ol>
      </nav>
    </header>
  );
}
