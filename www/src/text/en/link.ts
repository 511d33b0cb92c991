// Words of the chat job: its inputs, settings, search and saving.

import type { Mode, OutputCause, Stage, Unwritten } from '../../engine/protocol';
import { safeName } from '../names';
import { amount, bytes, count } from '../numbers';

const progress = {
  title: 'Finding the originals',
  titleAlone: 'Reading your chat',
  paused: 'Paused',
  stages: {
    collect: ['Collect', 'Reads the chat and lists every file'],
    examine: ['Examine', 'Looks at each picture: when it was taken, what it shows'],
    matching: ['Match', 'Compares them, picture by picture'],
    plan: ['Plan', 'You look it over'],
    rebuild: ['Rebuild', 'Writes your new chat'],
    report: ['Report', 'Writes down what became of every file'],
  } satisfies Record<Stage, [string, string]>,
  state: { done: 'done', now: 'now', next: 'still to come' },
  getting: 'Getting ready …',
  looking: (done: number, total: number) =>
    total === 1 ? 'Looking into 1 video' : `Looking into ${count(total)} videos: ${progress.ofTotal(done, total)}`,
  ofTotal: (done: number, total: number) => `${count(done)} of ${count(total)}`,
  read: (size: number) => `${bytes(size)} read`,
  written: (size: number) => `${bytes(size)} written`,
  matched: (found: number) => (found === 1 ? '1 original found' : `${count(found)} originals found`),
  pause: 'Pause',
  resume: 'Go on',
  cancel: 'Cancel',
  pairs: 'Found so far',
  pairsEmpty: 'The first pairs will appear here.',
  pair: (name: string) => `${name}: as it was sent, and its original`,
  sent: 'Sent',
  original: 'Original',
  left: (seconds: number) => timeLeft(seconds),
  say: (stage: Stage, done: number, total: number) => `${progress.stages[stage][0]}: ${progress.ofTotal(done, total)}`,
};

export const link = {
  steps: { choose: 'Choose', progress: 'Search', review: 'Review', save: 'Save' },

  choose: {
    title: 'Give your chat its real photos back',
    lead: 'WhatsApp makes every picture small before it sends it. Heirloom finds the originals in your camera roll and puts them back into the chat you exported.',
    chat: 'The chat',
    chatHint: 'The .zip that “Export chat” made, or the folder you unpacked it to.',
    chatHow: 'How do I export a chat?',
    chatHowText:
      'On your phone, open the chat in WhatsApp, tap its name (iPhone) or the menu ⋮ then “More” (Android), and choose “Export chat”, with media. Send the file to this computer and drop it here.',
    originals: 'The originals',
    originalsHint: 'One or more folders with your photos and videos, subfolders included.',
    originalsOptional: 'Optional: without originals you get a beautiful page of the chat as it is.',
    drop: 'Drop it here, or',
    dropMany: 'Drop folders here, or',
    pickZip: 'Choose a .zip',
    pickFolder: 'Choose a folder',
    addFolder: 'Choose a folder',
    anotherFolder: 'Add another folder',
    aChat: 'Your chat',
    aFolder: 'Your folder',
    sampleChat: 'A sample chat',
    sampleOriginals: 'Its original photos',
    nothing: 'There were no files in it. Please choose another folder.',
    twice: (label: string) => `${label} is chosen already.`,
    counting: (files: number, size: number) => `Counting … ${amount(files, 'file')}, ${bytes(size)}`,
    counted: (files: number, size: number) => `${amount(files, 'file')}, ${bytes(size)}`,
    remove: (label: string) => `Remove ${label}`,
    /** Before anything is begun, in a window without storage of the browser's; `limit` in bytes: of a zip made in memory. */
    noStorage: (limit: number | null) =>
      [
        'This window keeps nothing: it is a private one, or the browser is set to store nothing.',
        limit === null ? '' : `The finished chat is made in memory, so it can have up to ${bytes(limit)}.`,
        'Your decisions stay until this tab is closed or reloaded.',
      ].join(' '),
    start: 'Find the originals',
    startAlone: 'Read the chat',
    sample: 'Try it with a sample chat',
    madeOf: 'What this page is made of',
    madeOfText:
      'Heirloom is free: you may use it, change it and pass it on, under the MIT or the Apache licence. It stands on the work of many others.',
    licences: 'Their names and licences',
    private: 'Your photos never leave this computer: everything happens in this page, even without internet, and your files are only ever read.',
  },

  settings: {
    title: 'Settings',
    mode: 'How sure should a match be?',
    modes: {
      strict: ['Strict', 'Only what is beyond doubt. Pictures that were cropped or drawn on stay as they were sent.'],
      balanced: ['Balanced', 'Safe and complete. Recognises cropped, drawn on and filtered pictures too.'],
      loose: ['Loose', 'Finds the most. Choose it if you will look at every pair yourself.'],
    } satisfies Record<Mode, [string, string]>,
    search: 'Where to look',
    searches: {
      library: ['In all originals', 'Finds photos that were sent days or years after they were taken.'],
      window: ['Only around the time it was sent', 'Faster, for photos that were sent right away.'],
    },
    dates: 'Dates in the chat',
    dateOrders: {
      auto: 'Find out from the chat',
      dmy: 'Day, month, year (31.12.2024)',
      mdy: 'Month, day, year (12/31/2024)',
      ymd: 'Year, month, day (2024-12-31)',
    },
    heic: 'iPhone photos (HEIC)',
    heics: {
      view: ['The original and a JPEG', 'The chat shows them in every browser; the original is one click away.'],
      original: ['Only the original', 'Smaller, but many browsers and computers cannot show it.'],
    },
  },

  progress,

  save: {
    title: 'Save your chat',
    lead: (originals: number) =>
      originals === 0
        ? 'A folder you can open in any browser, today and in twenty years.'
        : `${amount(originals, 'original')} will go into it. A folder you can open in any browser, today and in twenty years.`,
    me: 'Whose bubbles stand on the right?',
    nobody: 'Nobody’s: all on the left',
    heic: 'iPhone photos',
    zip: 'Save as one .zip',
    zipHint: 'One file, easy to keep and to send.',
    folder: 'Save as a folder',
    folderHint: 'A new folder inside the one you choose, for example on a USB stick. Ready to open.',
    download: 'Make a .zip to download',
    downloadHint: 'One file, in your downloads.',
    memoryHint: (limit: number) => `One file, in your downloads. This window makes it in memory: up to ${bytes(limit)}.`,
    tooLarge: (size: number, limit: number) =>
      `This chat with its originals has at least ${bytes(size)}, and this window can only make a zip of up to ${bytes(limit)}. Open Heirloom in a normal window, or in Chrome or Edge, and save it there.`,
    back: 'Back to the review',
    unsure: (howMany: number) => `${amount(howMany, 'picture')} you have not looked at will stay as sent.`,
    fileName: (title: string) => `${safeName(title) || 'Chat'} with originals`,
    folderName: (title: string) => `${safeName(title) === '' ? 'Chat' : `Chat with ${safeName(title)}`} – Heirloom`,
    inside: ({ place, input }: { place: string; input: string }) =>
      `${place === input ? `${quoted(place)} is a folder you gave to search in.` : `${quoted(place)} lies in ${quoted(input)}, which you gave to search in.`} Nothing is ever written among your own files: please choose another folder.`,
    trouble: {
      full: 'There is no more space where the chat is written. Please make room, or choose another place.',
      denied: 'The browser may not write there. Please choose another place, and allow it when the browser asks.',
      gone: 'The place it was written to is gone: a folder was moved, or a drive was taken out. Please choose a place once more.',
      limit: 'The chat became larger than this window can hold in memory. Open Heirloom in a normal window, or in Chrome or Edge, and save it there.',
      other: 'The chat could not be written there. Please try once more, or choose another place.',
    } satisfies Record<OutputCause, string>,
    unwritten: {
      there: 'it is missing from what was saved: something of this name was there already',
      name: 'it is missing from what was saved: this browser writes no file of this name',
    } satisfies Record<Unwritten['why'], string>,
    writingTitle: 'Writing your chat',
    writingHint: 'Please leave this page open.',
    writingTo: (name: string, within: string) =>
      `It is written to ${quoted(name)}, a new folder in ${quoted(within)}. If you cancel, what is there so far stays there.`,
    cancel: 'Cancel and go back to the review',
    doneTitle: 'Your chat is saved',
    done: (files: number, size: number) => `${amount(files, 'file')}, ${bytes(size)}.`,
    where: {
      zip: (name: string) => `It is in ${name}. Unpack it, then open index.html.`,
      folder: (name: string, within: string | null) => `It is in ${quoted(name)}, a new folder in ${quoted(within ?? '')}. Open index.html there.`,
      download: (name: string) => `It is in your downloads as ${name}. Unpack it, then open index.html.`,
    },
    copy: 'This browser keeps a copy until you leave this page, in case you want to download it again.',
    report: 'The report.html beside it tells what became of every file, and why.',
    again: 'Download again',
    over: 'Start over',
    issues: 'What did not go smoothly',
  },
};

/** A name in quotation marks, whichever way its script is written. */
function quoted(name: string): string {
  return `“\u2068${name}\u2069”`;
}

function timeLeft(seconds: number): string {
  if (seconds < 8) return 'a few seconds left';
  if (seconds < 50) return `about ${Math.ceil(seconds / 10) * 10} seconds left`;
  if (seconds < 90) return 'about a minute left';
  if (seconds < 3_300) return `about ${Math.round(seconds / 60)} minutes left`;
  if (seconds < 5_400) return 'about an hour left';
  return `about ${Math.round(seconds / 3_600)} hours left`;
}
