// Words about what the browser remembers.

import type { CatalogueTrouble, Part, Remembered } from '../../engine/protocol';
import { amount, bytes } from '../numbers';

export const kept = {
  title: 'What is remembered',
  lead: 'So that a second search is quick, this browser remembers what was learnt about your files: names, sizes, times and places, fingerprints. And it keeps what you decided and which chats you saved, until you delete that. No picture is kept. Nothing of it leaves this computer.',
  asking: 'Looking …',
  counts: ({ files, answers, runs, bytes: size, foreverBytes }: Remembered) =>
    `${amount(files, 'file')}, ${amount(answers, 'decision')} and ${amount(runs, 'saved chat')}, in ${bytes(size + foreverBytes)}.`,
  nothing: 'Nothing is remembered yet.',
  export: 'Export as JSON',
  fileName: 'heirloom-catalogue.json',
  delete: 'Delete all of it',
  question: (counts: Remembered | null) =>
    counts === null
      ? 'Delete what you decided as well, and the list of chats you saved? Nothing can bring that back.'
      : `What was learnt is deleted. Delete your ${amount(counts.answers, 'decision')} and ${amount(counts.runs, 'saved chat')} as well? Nothing can bring them back. (The chats themselves stay where you saved them.)`,
  deleteToo: 'Delete them too',
  spare: 'Keep them',
  deleted: 'All of it is deleted.',
  held: 'Another tab is using it. Please close that tab, then try again.',
  unread: 'It could not be read just now.',
  unpromised:
    'This browser may clear your decisions when its space runs low: it was asked to keep them and did not promise. To be safe, export them under “What is remembered”.',
  /** While a job runs. */
  trouble: {
    busy: 'Another tab is using what is remembered, so this search remembers nothing and takes as long as the first.',
    full: 'The browser has no more space for what is remembered. The search goes on, but the next one begins where the space ended.',
    absent:
      'This window keeps nothing: it is a private one, or the browser cannot. The search works all the same, and your decisions stay until this tab is closed or reloaded.',
    failed: 'What is remembered could not be used. The search goes on without it; your decisions stay until this tab is closed.',
    newer: 'A newer version of this page remembered things here, and this version leaves them alone. Please reload the page.',
    aside: 'What was remembered was damaged or from another version. It was put aside, and remembering begins anew.',
  } satisfies Record<CatalogueTrouble['why'], string>,
  /** Where only one of the two is in trouble. */
  troubleOf: {
    cache: {
      busy: 'Another tab is using what was learnt before, so this search takes as long as the first.',
      full: 'The browser has no more space for what is learnt. The search goes on, but the next one begins where the space ended.',
      absent: 'This window does not keep what is learnt. The search works all the same.',
      failed: 'What was learnt before could not be used. The search goes on without it.',
      newer: 'A newer version of this page learnt things here, and this version leaves them alone. Please reload the page.',
      aside: 'What was learnt before was damaged or from another version. It was put aside, and remembering begins anew.',
    },
    forever: {
      busy: 'Another tab is using your earlier decisions: they are missing here, and new ones wait in this tab.',
      full: 'The browser has no more space for your decisions: new ones are only kept in this tab.',
      absent: 'This window does not keep your decisions: they stay until this tab is closed or reloaded.',
      failed: 'Your earlier decisions could not be read, and new ones stay until this tab is closed.',
      newer: 'A newer version of this page keeps your decisions, and this version leaves them alone. Please reload the page.',
      aside: 'Your earlier decisions are damaged and could not be read. The file was put aside and not deleted, and new decisions are kept.',
    },
  } satisfies Record<Part, Record<CatalogueTrouble['why'], string>>,
  again: 'The engine stopped in the middle. It started again and goes through what it knows; your decisions are kept.',
};
