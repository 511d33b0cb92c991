// Words of the chat job's review: the list, one pair, and its evidence.

import type { DateEvidence, Decision, Edit } from '../../engine/protocol';
import type { Filter, MediaFilter } from '../../state/link/rows';
import { amount, count, lengthOfTime, ratio } from '../numbers';
import { evidenceOf } from './dates';

export const review = {
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
    media: {
      all: 'Everything',
      image: 'Photos',
      edited: 'Edited photos',
      covered: 'Photos with a hidden part',
      video: 'Videos',
      other: 'Other files',
    } satisfies Record<MediaFilter, string>,
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
    lead: (why: DateEvidence | null, written: string) =>
      `The chat’s dates can be read in more than one way${why === null ? '' : ` (${evidenceOf(why)})`}. One of its messages was sent on ${written}, which is:`,
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
    foundOnly: 'This is the original',
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
      cover: ['Partly hidden', 'A part of it was hidden before it was sent.'],
      drawing: ['Drawn on', 'Something was drawn or written on it before it was sent.'],
      crop: ['Cropped', 'It was cropped before it was sent.'],
      turn: ['Turned', 'It was turned before it was sent.'],
      mirror: ['Mirrored', 'Left and right were swapped before it was sent.'],
      filter: ['Other colours', 'Its colours were changed before it was sent.'],
      trim: ['Cut', 'Only a part of the video was sent.'],
    } satisfies Record<Edit, [string, string]>,
    editKept: 'Someone made it so, and the chat keeps showing it that way.',
    behindEdit: 'The original is one click away from it.',
    hidden: 'Hidden by the sender: the original stays out of the bundle.',
    revealed: 'Hidden by the sender: you put the original into the bundle.',
    leftOut: 'Original left out',
    reveal: 'Put the original of this picture in',
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
    lengthDiffers: (seconds: number) =>
      Math.abs(seconds) < 0.05 ? 'equally long' : `${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? 'shorter' : 'longer'} than the original`,
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
};

function likeness(residual: number): string {
  if (residual <= 2.2) return 'the same, apart from WhatsApp’s compression';
  if (residual <= 2.8) return 'almost certainly the same';
  if (residual <= 6) return 'very alike';
  return 'alike, but not the same';
}
