// Words of the duplicates job: its folders, its search, its review, and the trash.

import type { DuplicateList, GroupMedia, OutputCause, StackRule, Stage } from '../../engine/protocol';
import type { Keep, Plan } from '../../state/duplicates/choices';
import type { Sort, Stand } from '../../state/duplicates/groups';
import type { DuplicatesView, Told } from '../../state/duplicates/state';
import { amount, bytes, count } from '../numbers';

const lists: Record<DuplicateList, [string, string]> = {
  exact: ['Exact copies', 'The same bytes, to the last one.'],
  payload: ['Same picture data', 'The same picture; only what is written about it differs, such as date, place or rating.'],
  shot: ['Same shot', 'One shot as different files: made smaller, converted, cropped, or sent through a chat.'],
  similar: ['Look alike', 'Different shots of one scene, such as a burst. Better stacked than thrown away.'],
};

const rules: Record<StackRule, [string, string]> = {
  livePhoto: ['Live Photo', 'a photo with its short video'],
  rawJpg: ['RAW and JPEG', 'one shot that the camera wrote twice'],
  heicJpg: ['HEIC and JPEG', 'one shot that the phone wrote twice'],
  motionPhoto: ['Motion photo', 'a photo with its short film'],
  edited: ['With its edit', 'a photo and its edited version'],
  sidecar: ['With its notes', 'a file and the small file with notes about it'],
  burst: ['Burst', 'shots taken within a second'],
  byHand: ['Put together by you', 'files that you put together'],
};

export const duplicates = {
  steps: { choose: 'Choose', progress: 'Search', review: 'Review', act: 'Tidy' },
  lists,
  rules,

  choose: {
    title: 'Find what you have more than once',
    lead: 'Heirloom finds copies of one picture or video, however they were renamed, converted or made smaller, and puts files that belong together into one stack. Nothing is changed until you say so, file by file, and nothing is ever deleted.',
    zone: 'Your folders',
    zoneHint: 'One or more folders with photos and videos, subfolders included.',
    withChats: 'Do chats show some of these pictures?',
    chats: 'Chats, if you like',
    chatsHint:
      'An exported chat, or one that Heirloom saved: a zip or a folder. What it shows is named beside each picture, and its originals are suggested to stay.',
    offered: 'Chosen before',
    offer: (name: string) => `Open ${name}`,
    withdraw: (name: string) => `Forget ${name}`,
    refused: (name: string) => `The browser may not read ${name}. Please choose it once more, and allow it when the browser asks.`,
    similar: 'Also look for shots that only look alike',
    similarHint: 'Bursts and retakes. They get a list of their own, for stacking.',
    start: 'Find duplicates',
    busy: 'A chat is being worked on in the other place. Starting here ends that; what you decided there is kept.',
    private: 'Your photos never leave this computer. Your folders are only read, until you move something to the trash yourself.',
    how: 'What happens to my files?',
    howText:
      'Nothing, until you move something to the trash. Heirloom’s trash is a folder “Heirloom trash” inside the folder you chose, with a list of what was moved, from where and why. Everything can be put back with one click, also years later.',
    readOnly:
      'Folders that you drop or choose in this browser can only be read. You can look at everything, and save what you decide as a plan for the command line.',
  },

  progress: {
    title: 'Looking through your files',
    stages: {
      collect: ['Collect', 'Lists every file'],
      examine: ['Examine', 'Looks at each file: what it shows, when it was taken'],
      matching: ['Match', 'Compares what could be the same'],
      plan: ['Plan', 'You look it over'],
      rebuild: ['Move', 'Moves what you decided into the trash'],
      report: ['Report', 'Writes down what was moved, and from where'],
    } satisfies Record<Stage, [string, string]>,
    left: (files: number) => `Analysing: ${count(files)} left`,
    found: (groups: number) => `${amount(groups, 'group')} so far`,
    remembered: 'You can pause, or close this page: what was learnt so far is kept, and the next search goes on from there.',
    recovered:
      'The last time, moving files was interrupted. That is mended: what had moved as a whole is in the trash, everything else is where it was.',
    waiting: 'The last time, moving files was interrupted. It is mended as soon as you allow this page to change files in that folder.',
    again: 'The engine stopped over a file. It began again without it.',
  },

  review: {
    title: (groups: number) => (groups === 0 ? 'Nothing twice' : groups === 1 ? 'One group of duplicates' : `${count(groups)} groups of duplicates`),
    lead: (files: number, size: number, gain: number) =>
      `${amount(files, 'file')}, ${bytes(size)}${gain > 0 ? ` · up to ${bytes(gain)} to gain` : ''}`,
    nothing: 'Every picture and video in these folders is there once.',
    tabs: 'Lists',
    gain: (size: number) => (size === 0 ? 'nothing to gain' : `${bytes(size)} to gain`),
    noGain: 'for stacking',
    folder: 'Folder',
    everywhere: 'All folders',
    media: 'Kind of file',
    medias: { all: 'Photos and videos', photo: 'Photos', video: 'Videos', other: 'Other files' } satisfies Record<GroupMedia | 'all', string>,
    least: 'Size',
    leasts: [
      [0, 'Any size'],
      [1_000_000, '1 MB and more to gain'],
      [10_000_000, '10 MB and more to gain'],
      [100_000_000, '100 MB and more to gain'],
    ] as [number, string][],
    stand: 'Reviewed or not',
    stands: { all: 'All groups', open: 'Not yet reviewed', reviewed: 'Reviewed' } satisfies Record<Stand, string>,
    sort: 'Order',
    sorts: { saved: 'Most to gain first', date: 'Oldest first', path: 'By name of folder and file' } satisfies Record<Sort, string>,
    search: 'Search names',
    list: 'Groups',
    none: 'No group here.',
    noneOpen: 'All of them are reviewed. Well done!',
    copies: (units: number) => `${count(units)} copies`,
    shots: (units: number) => `${count(units)} shots`,
    reviewed: 'Reviewed',
    reviewedShort: (goes: number) => (goes === 0 ? 'all stay' : `${count(goes)} to the trash`),
    notReviewed: 'Not reviewed',
    back: 'Back to the list',
    previous: 'Previous group',
    next: 'Next group',
    again: 'Change folders',
    undo: 'Undo',
    keys: 'Keys',
    report: 'Report',
    reportName: 'heirloom-duplicates.html',
    planName: 'heirloom-plan.json',
    act: (files: number) => (files === 0 ? 'Act on what was reviewed' : `Act on ${amount(files, 'file')}`),
    sofar: ({ groups, files, bytes: size }: Plan, reviewed: number) =>
      reviewed === 0
        ? 'Nothing is reviewed yet. Only groups that you reviewed are acted on.'
        : `${amount(reviewed, 'group')} reviewed · ${files === 0 ? 'nothing goes' : `${amount(files, 'file')} of ${amount(groups, 'group')} would go to the trash, ${bytes(size)}`}`,
    told: (told: Told): string => {
      switch (told.kind) {
        case 'locked':
          return told.why === 'last'
            ? 'One of them has to stay: this is the last one.'
            : 'It stays: another group keeps it, or its copies there go already.';
        case 'changed':
          return told.groups === 0 ? 'Nothing had to be changed.' : `${amount(told.groups, 'group')} changed. Undo takes all of it back.`;
        case 'nothing-reviewed':
          return 'Nothing goes to the trash yet: review a group first.';
      }
    },
    issues: (howMany: number) => amount(howMany, 'note about your files', 'notes about your files'),
    stacks: (howMany: number) => amount(howMany, 'stack of files that belong together', 'stacks of files that belong together'),
    stacksHint: 'A stack is only a note: no file moves for it. Files of one shot go to the trash together, or not at all.',
    takeAllApart: 'Take all apart',
    takeAllApartOf: (rule: StackRule) => `Take all apart: ${rules[rule][0]}`,
    stackCount: (rule: StackRule, stacks: number) => `${rules[rule][0]}: ${count(stacks)}, ${rules[rule][1]}`,
  },

  group: {
    name: (list: DuplicateList, units: number) => (list === 'similar' ? `${count(units)} shots that look alike` : `${count(units)} times the same`),
    look: (number: number, name: string) => `${number}: ${name}`,
    keeper: 'Suggested to stay',
    stays: 'Stays',
    goes: 'Goes to the trash',
    goesElsewhere: 'Goes, by another group',
    mark: (name: string) => `${name} goes to the trash`,
    why: (reason: string) => `Why this one: ${reason}`,
    same: 'Nothing else differs.',
    loading: 'Looking it up …',
    files: (files: number) => amount(files, 'file'),
    together: (rule: StackRule) => rules[rule][1],
    takeApart: 'Take apart',
    halves: 'What goes with it?',
    wholeUnit: (files: number) => `All of it: ${amount(files, 'file')}`,
    fileAlone: (name: string) => `Only ${name}`,
    kindAlone: (rule: StackRule) => `Only its kind of file, of every one like it (${rules[rule][0]})`,
    inChats: (files: string[]) => `In a chat: ${files.join(', ')}`,
    helpers: 'Choose what stays',
    forGroup: 'In this group',
    forShown: (groups: number) => `In all ${count(groups)} groups shown`,
    keep: (keep: Exclude<Keep, object>): string =>
      ({ suggested: 'The suggested one', oldest: 'The oldest', newest: 'The newest', largest: 'The largest', all: 'All of them' })[keep],
    folder: 'What is not in this folder',
    markReviewed: 'Mark as reviewed',
    markNotReviewed: 'Mark as not reviewed',
    keepBest: 'Keep the best',
    doneWith: 'Done',
    isReviewed: 'Reviewed',
    stack: 'Stack',
    stackHint: 'They belong together, and all stay.',
    notDuplicates: 'Not duplicates',
    notDuplicatesHint: 'They are different pictures. The group never comes back.',
    compare: 'Compare',
    views: { cards: 'Cards', side: 'Side by side', swipe: 'Swipe', difference: 'Difference' } satisfies Record<DuplicatesView, string>,
    viewLabel: 'How to look at them',
    zoomIn: 'Zoom to full size',
    zoomOut: 'Fit to window',
    divider: 'How much of the other one shows',
    against: 'Against the suggested one',
    differenceHint: 'Black is the same in both. What shines is different.',
  },

  /** What differs, as a word. */
  keys: {
    bytes: 'Size',
    pixels: 'Pixels',
    format: 'Format',
    date: 'Date',
    place: 'Place',
    camera: 'Camera',
    lens: 'Lens',
    edited: 'Edited',
    turned: 'Turned',
    tags: 'Tags',
    rating: 'Rating',
    profile: 'Colours',
    sidecar: 'Sidecar',
    name: 'Name',
    seconds: 'Seconds apart',
    folder: 'Folder',
  } as Record<string, string>,
  edits: {
    crop: 'cropped',
    resize: 'made smaller',
    resized: 'made smaller',
    enlarged: 'made larger',
    turn: 'turned',
    turned: 'turned',
    mirror: 'mirrored',
    filter: 'other colours',
    cover: 'partly hidden',
    drawing: 'drawn on',
    border: 'with a border',
    trim: 'cut',
    recoded: 'saved anew',
    converted: 'converted',
  } as Record<string, string>,
  unknown: 'unknown',

  act: {
    title: (files: number) => `Move ${amount(files, 'file')} to the trash?`,
    lead: ({ groups, units, files, bytes: size }: Plan) =>
      `${amount(units.length, 'copy', 'copies')}${files === units.length ? '' : ` in ${amount(files, 'file')}`}, ${bytes(size)}, from ${amount(groups, 'group')} that you reviewed. Of every group one stays.`,
    where:
      'They are moved into “Heirloom trash” inside their folder, with a list of where they were. Nothing is deleted, and you can put everything back.',
    files: 'The files',
    listing: 'Listing the files …',
    more: (files: number) => `… and ${count(files)} more`,
    yes: (files: number) => `Move ${amount(files, 'file')}`,
    allow: 'Your browser will ask whether this page may change files in this folder.',
    no: 'Back to the review',
    readOnly:
      'This folder is open for reading only, so this page cannot move anything in it. Save the plan, then run the command line in that folder:',
    command: (plan: string) => `heirloom duplicates trash FOLDER --plan ${plan}`,
    choose: 'In Chrome or Edge, choose the folder with its button on the first page, and it can be done here.',
    savePlan: 'Save the plan',
    planToo: 'Save it as a plan instead',
    refused: 'The browser did not allow it. Nothing was moved.',
    moving: 'Moving to the trash',
    movingHint: 'Please leave this page open. If it is closed all the same, the next search finishes or takes back what was begun.',
    ofTotal: (done: number, total: number) => `${count(done)} of ${amount(total, 'file')}`,
    done: (files: number) => (files === 0 ? 'Nothing was moved' : `${amount(files, 'file')} moved to the trash`),
    doneLead: (size: number, places: string[]) =>
      `${bytes(size)} are in ${places.join(' and ')}. They still take that space, until you delete that folder yourself.`,
    left: (files: number) => (files === 1 ? '1 file stayed where it was' : `${count(files)} files stayed where they were`),
    restore: 'Put everything back',
    restoring: 'Putting everything back',
    restored: (files: number) => `${amount(files, 'file')} put back`,
    restoredLead: 'Everything is where it was, with its own times.',
    restoredPartly: 'What could not be put back is still in the trash.',
    back: 'Go on reviewing',
    over: 'Start over',
    kept: (runs: number) => `In the trash: ${amount(runs, 'folder')} from earlier`,
    keptHint: 'Everything in one of them goes back to where it was.',
    putBack: (name: string) => `Put back what was moved on ${name}`,
    causes: {
      full: 'There is no more space on that disk. What was not moved is where it was.',
      denied: 'The browser no longer allows this page to change that folder. What was not moved is where it was.',
      gone: 'The folder is gone: it was moved, or a drive was taken out.',
      limit: 'It could not be finished. What was not moved is where it was.',
      other: 'It could not be finished. What was not moved is where it was.',
    } satisfies Record<OutputCause, string>,
  },

  keyHelp: {
    title: 'Keys',
    list: [
      [['J', '↓'], 'Next group'],
      [['K', '↑'], 'Previous group'],
      [['←', '→'], 'Go from copy to copy'],
      [['Space'], 'Mark this copy for the trash, or not'],
      [['1', '…', '9'], 'The same for the copy with this number'],
      [['B'], 'Keep the best, reviewed, and on to the next'],
      [['H'], 'Keep this copy: all others are marked'],
      [['Enter'], 'Reviewed as it is marked, and on to the next'],
      [['R'], 'Reviewed, or not'],
      [['A'], 'All stay'],
      [['O', 'N', 'L'], 'Keep the oldest, newest, largest'],
      [['S'], 'Stack'],
      [['X'], 'Not duplicates'],
      [['U'], 'Undo'],
      [['C'], 'Compare: side by side, swipe, difference'],
      [['Z'], 'Zoom to full size and back'],
      [['[', ']'], 'The list before, the next list'],
      [['/'], 'Search'],
      [['T'], 'Act on what was reviewed'],
      [['Esc'], 'Back'],
      [['?'], 'Show these keys'],
    ] satisfies [string[], string][],
  },

  stopped: {
    output: 'The files could not be moved.',
    title: 'That did not work',
  },

  say: (left: number) => `${count(left)} files left`,
};
