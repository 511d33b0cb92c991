// Words of the frame around every job: the engine, files that cannot be read, and what stops a job.

import type { ErrorCode } from '../../engine/protocol';
import type { Why } from '../../files/why';
import type { Route } from '../../state/shared/route';
import { count } from '../numbers';

const unloaded = 'The engine that compares pictures could not be loaded. Is this device online, and does it have free memory?';

export const common = {
  name: 'Heirloom',
  skip: 'Skip to the content',
  stepsLabel: 'Steps',
  placesLabel: 'What Heirloom does',
  places: { chat: 'Chat', duplicates: 'Duplicates' } satisfies Record<Route, string>,
  close: 'Close',
  version: { text: 'A new version of Heirloom is ready.', now: 'Use it now', busy: 'It will wait until you are done.' },

  loading: 'The engine is being loaded …',
  unloaded,
  tryAgain: 'Try again',
  skipped: {
    why: 'the search stopped over it, so it is left out',
    note: (paths: string[]) =>
      paths.length === 1
        ? `The search stopped over ${paths[0]}. It began again without that file.`
        : `The search stopped over ${count(paths.length)} files, the last one ${paths.at(-1)}. It began again without them.`,
  },

  /** What a browser says when it cannot read what was chosen. */
  unread: {
    denied: 'The browser may not read it. Please choose it once more, and allow it when the browser asks.',
    gone: 'It is not there any more. Please choose it once more.',
    full: 'The browser has no more space.',
    unread: 'It could not be read just now: another program may be using it. Please choose it once more.',
    other: 'That did not work. Please try once more, or choose it in another way.',
  } satisfies Record<Why, string>,
  noSample: 'The sample chat could not be loaded. Is this device online?',

  stopped: {
    title: 'That did not work',
    codes: {
      'no-chat': 'There is no chat in what you chose: no chat text, no HTML page and no photos. Did you choose the file that “Export chat” made?',
      locked: 'The chat could not be read: the file that holds it is damaged, locked, or packed in a way that is not read here.',
      output: 'The chat could not be written. Is there enough space, and may this page write there?',
      'too-early': 'Something happened out of order. Please start again.',
      crashed: 'The search stopped unexpectedly. Your files are untouched, and your decisions are kept for the next try.',
      unloaded,
      unsupported: 'This browser lacks something Heirloom needs. A current Chrome, Edge, Firefox or Safari will do.',
    } satisfies Record<ErrorCode, string>,
    skipping: (path: string) => `It happened over ${path}. The next try leaves that file out.`,
    details: 'Details',
    again: 'Try again',
    choose: 'Choose other files',
  },
};
