// Every word the user reads.

import type { CatalogueTrouble, Decision, ErrorCode, Mode, Remembered, Row, Stage } from '../engine/protocol';
import type { Filter, MediaFilter } from '../state/rows';
import { amount, bytes, count, lengthOfTime, ratio } from './numbers';

const unloaded = 'The engine that compares pictures could not be loaded. Is this device online, and does it have free memory?';

export const text = {
  name: 'Heirloom',
  skip: 'Skip to the content',
  steps: { choose: 'Choose', progress: 'Search', review: 'Review', save: 'Save' },
  stepsLabel: 'Steps',
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

  kept: {
    title: 'What is remembered',
    lead: 'So that a second search is quick, and your decisions come back, this browser remembers what was learnt about your files: names, sizes, times and places, fingerprints, what you decided, and which chats you saved. No picture is kept. Nothing of it leaves this computer.',
    asking: 'Looking …',
    counts: ({ files, answers, runs, bytes: size }: Remembered) =>
      `${amount(files, 'file')}, ${amount(answers, 'decision')} and ${amount(runs, 'saved chat')}, in ${bytes(size)}.`,
    nothing: 'Nothing is remembered yet.',
    export: 'Export as JSON',
    fileName: 'heirloom-catalogue.json',
    delete: 'Delete all of it',
    deleted: 'All of it is deleted.',
    held: 'Another tab is using it. Please close that tab, then try again.',
    unread: 'It could not be read just now.',
    /** While a job runs. */
    trouble: {
      busy: 'Another tab is using what is remembered, so this search remembers nothing and takes as long as the first.',
      full: 'The browser has no more space for what is remembered. The search goes on, but the next one begins where the space ended.',
      absent: 'This window keeps nothing: it is a private one, or the browser cannot. The search works all the same.',
      failed: 'What is remembered could not be used. The search goes on without it.',
      aside: 'What was remembered was damaged or from another version. It was put aside, and remembering begins anew.',
    } satisfies Record<CatalogueTrouble['why'], string>,
    again: 'The engine stopped in the middle. It started again and goes through what it knows; your decisions are kept.',
  },

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
    start: 'Find the originals',
    startAlone: 'Read the chat',
    sample: 'Try it with a sample chat',
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

  progress: {
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
      total === 1 ? 'Looking into 1 video' : `Looking into ${count(total)} videos: ${text.progress.ofTotal(done, total)}`,
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
    say: (stage: Stage, done: number, total: number) => `${text.progress.stages[stage][0]}: ${text.progress.ofTotal(done, total)}`,
  },

  review: {
    title: (found: number) => (found === 0 ? 'Here is your chat' : found === 1 ? 'One original found' : `${count(found)} originals found`),
    lead: (title: string, messages: number) => `${title === '' ? 'Your chat' : `“${title}”`} · ${amount(messages, 'message')}`,
    filters: {
      all: 'All',
      matched: 'Matched',
      unsure: 'To look at',
      kept: 'Kept as sent',
      unreadable: 'Unreadable',
      mine: 'Decided by you',
    } satisfies Record<Filter, string>,
    filterHints: {
      all: 'every photo, video and file of the chat',
      matched: 'the original goes into the chat',
      unsure: 'several originals fit: please choose',
      kept: 'no original found or needed',
      unreadable: 'damaged or missing in the export',
      mine: 'your own decisions',
    } satisfies Record<Filter, string>,
    filterLabel: 'Show',
    media: { all: 'Everything', image: 'Photos', edited: 'Edited photos', video: 'Videos', other: 'Other files' } satisfies Record<MediaFilter, string>,
    mediaLabel: 'Kind of file',
    search: 'Search names or captions',
    list: 'Photos, videos and files of the chat',
    none: 'Nothing here matches.',
    noneUnsure: 'All looked at. Well done!',
    save: 'Save the chat',
    again: 'Change inputs or settings',
    undo: 'Undo',
    keys: 'Keys',
    plot: 'When they were taken',
    plotHint: 'Each dot is a photo or video: how long after it was taken it was sent.',
    plotSummary: (dots: number, offset: string) => `${amount(dots, 'photo or video', 'photos and videos')}. ${offset}`,
    offset: (seconds: number, evidence: number) =>
      seconds === 0
        ? `Camera and chat show the same time (${amount(evidence, 'proof')}).`
        : `The chat’s clock is ${lengthOfTime(Math.abs(seconds))} ${seconds > 0 ? 'ahead of' : 'behind'} the camera’s (${amount(evidence, 'proof')}).`,
    offsetsMany: (howMany: number) => `The clocks differ by ${count(howMany)} different amounts, as on journeys:`,
    offsetFrom: (from: string, to: string) => (from === to ? from : `${from} to ${to}`),
    offsetsMore: (howMany: number) => `and ${count(howMany)} more`,
    noOffset: 'No clock difference could be proved.',
    issues: (howMany: number) => amount(howMany, 'note about your files', 'notes about your files'),
    issuesMore: (howMany: number) => `… and ${count(howMany)} more; all of them are in the report.`,
    unknownSender: 'Unknown sender',
    back: 'Back to the list',
  },

  dates: {
    title: 'Which date is right?',
    lead: (evidence: string, written: string) =>
      `The chat’s dates can be read in more than one way${evidence === '' ? '' : ` (${evidence})`}. One of its messages was sent on ${written}, which is:`,
    keep: 'That is right',
    swap: 'Search again with this',
  },

  detail: {
    sent: 'As sent',
    original: 'Original',
    sentLine: (sender: string | null, when: string | null) =>
      [sender === null ? 'Sent' : `Sent by ${sender}`, when].filter((part) => part !== null).join(', '),
    takenLine: (when: string | null, camera: string | null) =>
      [when === null ? null : `taken ${when}`, camera].filter((part) => part !== null).join(', '),
    side: 'Side by side',
    swipe: 'Swipe',
    zoomIn: 'Zoom to full size',
    zoomOut: 'Fit to window',
    divider: 'How much of the original shows',
    accept: 'Use this original',
    accepted: 'This original is used',
    reject: 'Keep as sent',
    rejected: 'Kept as sent',
    forget: 'Back to the suggestion',
    previous: 'Previous',
    next: 'Next',
    nothing: 'No original came close.',
    missing: 'This file is named in the chat, but not in the export.',
    noVideo: 'This browser cannot play it; it is kept as it is.',
    loading: 'Loading the picture',
    candidates: 'Which one is it?',
    candidatesHint: 'Look at one with a click; press its number to use it.',
    candidate: (number: number, name: string) => `${number}: ${name}`,
    why: 'Why',
    also: (names: string[]) => `The same picture is also at ${names.join(', ')}.`,
    edits: {
      crop: ['Sent cropped', 'It was cropped before it was sent.'],
      drawing: ['Sent with a drawing', 'Something was drawn or written on it before it was sent.'],
      filter: ['Sent in other colours', 'Its colours were changed before it was sent.'],
      mirror: ['Sent mirrored', 'Left and right were swapped before it was sent.'],
    } satisfies Record<Exclude<Row['edit'], 'none'>, [string, string]>,
    editKept: 'Someone made it so, and the chat keeps showing it that way. The original is one click away from it.',
    facts: {
      picture: 'Picture',
      frames: 'Frames',
      fingerprint: 'Fingerprint',
      runnerUp: 'Next best',
      time: 'Time',
      length: 'Length',
      size: 'Size',
    },
    picture: (residual: number) => `${likeness(residual)} (${residual.toFixed(1)} of 255 grey levels apart)`,
    frames: (residual: number) => `${residual.toFixed(1)} of 255 grey levels apart`,
    fingerprint: (bits: number) => `${count(bits)} of 64 bits differ`,
    runnerUp: (times: number) => `${ratio(times)} times as different`,
    time: (seconds: number) =>
      Math.abs(seconds) < 60
        ? 'taken the minute it was sent'
        : seconds > 0
          ? `taken ${lengthOfTime(seconds)} before it was sent`
          : `taken ${lengthOfTime(-seconds)} after it was sent, by the clocks`,
    lengthDiffers: (seconds: number) => (Math.abs(seconds) < 0.05 ? 'equally long' : `${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? 'shorter' : 'longer'} than the original`),
    pixels: (times: number) => `${ratio(times)} times the pixels`,
  },

  decisions: {
    matched: 'Matched',
    ambiguous: 'To look at',
    no_candidates: 'No original',
    too_different: 'No original',
    not_better: 'Already the best',
    unreadable: 'Unreadable',
    not_matchable: 'Kept as sent',
    missing: 'Missing',
  } satisfies Record<Decision, string>,
  decidedMatched: 'Chosen by you',
  decidedKept: 'Kept by you',

  keys: {
    title: 'Keys',
    list: [
      [['J', '↓'], 'Next'],
      [['K', '↑'], 'Previous'],
      [['A'], 'Use the original you are looking at'],
      [['R'], 'Keep the picture as it was sent'],
      [['1', '…', '8'], 'Use this candidate'],
      [['U'], 'Undo'],
      [['S'], 'Side by side or swipe'],
      [['Z'], 'Zoom to full size and back'],
      [['/'], 'Search'],
      [['Esc'], 'Back to the list'],
      [['?'], 'Show these keys'],
    ] satisfies [string[], string][],
  },

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
    folder: 'Save into a folder',
    folderHint: 'Ready to open, for example on a USB stick.',
    download: 'Make a .zip to download',
    downloadHint: 'One file, in your downloads.',
    back: 'Back to the review',
    unsure: (howMany: number) => `${amount(howMany, 'picture')} you have not looked at will stay as sent.`,
    fileName: (title: string) => `${title.replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ').trim().slice(0, 80) || 'Chat'} with originals`,
    writingTitle: 'Writing your chat',
    writingHint: 'Please leave this page open.',
    cancel: 'Cancel and go back to the review',
    doneTitle: 'Your chat is saved',
    done: (files: number, size: number) => `${amount(files, 'file')}, ${bytes(size)}.`,
    where: {
      zip: (name: string) => `It is in ${name}. Unpack it, then open index.html.`,
      folder: () => 'Open index.html in the folder you chose.',
      download: (name: string) => `It is in your downloads as ${name}. Unpack it, then open index.html.`,
    },
    report: 'The report.html beside it tells what became of every file, and why.',
    again: 'Download again',
    over: 'Start over',
    issues: 'What did not go smoothly',
  },

  stopped: {
    title: 'That did not work',
    codes: {
      'no-chat': 'There is no chat in what you chose: no chat text, no HTML page and no photos. Did you choose the file that “Export chat” made?',
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

function likeness(residual: number): string {
  if (residual <= 2.2) return 'the same, apart from WhatsApp’s compression';
  if (residual <= 2.8) return 'almost certainly the same';
  if (residual <= 6) return 'very alike';
  return 'alike, but not the same';
}

function timeLeft(seconds: number): string {
  if (seconds < 8) return 'a few seconds left';
  if (seconds < 50) return `about ${Math.ceil(seconds / 10) * 10} seconds left`;
  if (seconds < 90) return 'about a minute left';
  if (seconds < 3_300) return `about ${Math.round(seconds / 60)} minutes left`;
  if (seconds < 5_400) return 'about an hour left';
  return `about ${Math.round(seconds / 3_600)} hours left`;
}
