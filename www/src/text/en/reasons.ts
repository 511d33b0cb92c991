// Why a decision was made, as one sentence: the reason says what, the score has the numbers. The program's report says the same
// (`report::explain` of the core); `sentences/reasons.txt` beside that holds both to it.

import type { Edit, Reason, Score, Unmatchable } from '../../engine/protocol';
import { fixed } from '../numbers';
import { problemOf } from './problems';

/** The sentence; empty where nothing is known yet. */
export function reasonOf(reason: Reason, score: Score): string {
  switch (reason.kind) {
    case 'open':
      return '';
    case 'equal':
      return `The picture equals ${reason.original} (${difference(score)}${rest(score)}`;
    case 'changed':
      return `The picture is ${reason.original}, ${changes(reason.edits)} before it was sent (${difference(score)}${rest(score)}`;
    case 'twoFit':
      return `Two different originals fit almost equally well: ${reason.first} (${difference(score)}) and ${reason.second} (only ${times(score.runnerUpRatio ?? 1)} as much).`;
    case 'tooDifferent':
      return tooDifferent(reason.closest, score, reason.limit);
    case 'moved':
      return `${reason.closest} is nearly the same picture, but something in it differs: perhaps another shot of the same moment.`;
    case 'coloured':
      return `${reason.closest} shows the same with other colours; changed pictures stay as they were sent.`;
    case 'shaded':
      return `${reason.closest} is close, but its brightness or contrast is too different to be sure.`;
    case 'plain':
      return 'The picture is too plain (an almost even area), so several originals could look like it.';
    case 'onlyPlain':
      return `${reason.original} is the only original around its message that fits; the picture is too plain (an almost even area) to prove it.`;
    case 'noneAlike':
      return 'No original looks like it.';
    case 'noneAlikeThen':
      return 'No original taken around the time it was sent looks like it.';
    case 'notBetter':
      return `${reason.original} shows the same picture but is no better than the exported file.`;
    case 'unread':
      return `${reason.original} looks like it but could not be read.`;
    case 'takenByOther':
      return `${reason.original} is close, but it is the original of ${reason.other}, which is another picture and fits it better.`;
    case 'unusable':
      return `The exported picture is not usable: ${problemOf(reason.problem)}.`;
    case 'unreadable':
      return 'The exported file cannot be read.';
    case 'missing':
      return 'The chat names this file, but the export does not contain it.';
    case 'notMatchable':
      return `${unmatchable[reason.what]} have no original to look for.`;
    case 'chosen':
      return 'You chose this original.';
    case 'accepted':
      return 'You accepted this original.';
    case 'kept':
      return 'You kept the exported file.';
    case 'originalUnusable':
      return `Its original was found but not used: ${problemOf(reason.problem)}.`;
    case 'noDocument':
      return 'No original has the same content as this document.';
    case 'sameDocument':
      return `The document and ${reason.original} are the same file, byte for byte.`;
    default:
      return ofVideo(reason, score);
  }
}

type OfVideo = Extract<
  Reason,
  {
    kind:
      | 'noVideoAsLong'
      | 'lengthAlone'
      | 'videoNotBetter'
      | 'twoVideos'
      | 'onlyAsLong'
      | 'trimmed'
      | 'asLong'
      | 'sameFrames'
      | 'otherFrames'
      | 'allOtherFrames'
      | 'unproved'
      | 'oneIsSilent'
      | 'sameSound'
      | 'sameSoundCut'
      | 'otherSound'
      | 'twoSameSound';
  }
>;

/** The reasons that only videos have. */
function ofVideo(reason: OfVideo, score: Score): string {
  const time = score.timeDifferenceS === null ? '' : `; ${sent(score.timeDifferenceS)}`;
  switch (reason.kind) {
    case 'noVideoAsLong':
      return 'No original video is as long as this one.';
    case 'lengthAlone':
      return `${reason.original} is as long, but that alone does not prove that it is the original.`;
    case 'videoNotBetter':
      return `${reason.original} is as long, but no better than the exported file.`;
    case 'twoVideos':
      return `Two videos are as long: ${reason.first} and ${reason.second}.`;
    case 'onlyAsLong':
      return `${reason.original} is the only video that is as long (difference ${fixed(reason.apartMs / 1_000, 2)} seconds)${time}.`;
    case 'trimmed':
      return `${reason.original} was taken in the same minutes and is ${fixed(reason.longerMs / 1_000, 1)} seconds longer${time}.`;
    case 'asLong':
      return `${reason.original} is as long (difference ${fixed(Math.abs(score.durationDifferenceS ?? 0), 2)} seconds)${time}.`;
    case 'sameFrames': {
      const before = reasonOf(reason.before, score).replace(/\.+$/, '');
      return `${before}; frames at ${listed(reason.percents)} % are the same pictures (${difference(score)}).`;
    }
    case 'otherFrames':
      return `${reason.original} is as long, but its frames show other pictures (${difference(score)}).`;
    case 'allOtherFrames':
      return reason.videos === 1
        ? 'An original video is as long, but its frames show other pictures.'
        : `${reason.videos} original videos are as long, but their frames show other pictures.`;
    case 'unproved':
      return `${reasonOf(reason.before, score).replace(/\.+$/, '')}; neither sound nor pictures prove it.`;
    case 'oneIsSilent':
      return `${reason.original} is as long, but only one of the two has sound.`;
    case 'sameSound':
      return `${reason.original} has the same sound${time}.`;
    case 'sameSoundCut':
      return `The video is ${reason.original}, cut before it was sent (${fixed(reason.startMs / 1_000, 1)} seconds at its start, ${fixed(reason.endMs / 1_000, 1)} at its end): the sound is the same${time}.`;
    case 'otherSound':
      return `${reason.original} is as long, but its sound is another.`;
    case 'twoSameSound':
      return `Two videos have the same sound: ${reason.first} and ${reason.second}.`;
  }
}

/** What was done to a picture, in words that go on with "before it was sent". */
function changes(edits: Edit[]): string {
  return edits.length === 0 ? 'unchanged' : listed(edits.map((edit) => edited[edit]));
}

const edited: Record<Edit, string> = {
  cover: 'partly hidden',
  drawing: 'drawn or written on',
  crop: 'cropped',
  turn: 'turned',
  mirror: 'mirrored',
  filter: 'given other colours or brightness',
  trim: 'cut',
};

const unmatchable: Record<Unmatchable, string> = {
  sticker: 'Stickers',
  gif: 'GIFs',
  voice: 'Voice notes',
  audio: 'Sound files',
  contact: 'Contacts',
};

/** The next best picture, and when it was taken. */
function rest({ runnerUpRatio, timeDifferenceS }: Score): string {
  const next = runnerUpRatio === null ? '' : `; the next best picture differs ${times(runnerUpRatio)} as much`;
  return `${next})${timeDifferenceS === null ? '' : `; ${sent(timeDifferenceS)}`}.`;
}

/** The number is shown finer than elsewhere, so that it never looks equal to the limit that it exceeds. */
function tooDifferent(name: string, { residual }: Score, limit: number): string {
  const measured = residual === null ? 'not measured' : `difference ${fixed(residual, 2)} of 255 grey levels`;
  return `The closest original, ${name}, differs too much to be sure (${measured}; allowed are ${fixed(limit, 2)}).`;
}

function listed(words: (number | string)[]): string {
  const last = words.at(-1);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${last}`;
}

function difference({ residual }: Score): string {
  return residual === null ? 'not measured' : `difference ${fixed(residual, 1)} of 255 grey levels`;
}

function times(ratio: number): string {
  return `${fixed(ratio, ratio >= 9.5 ? 0 : 1)} times`;
}

/** How long before it was sent the original was taken, in seconds. */
function sent(seconds: number): string {
  if (seconds === 0) return 'taken when it was sent';
  return seconds > 0 ? `taken ${span(seconds)} before it was sent` : `the original's clock shows ${span(-seconds)} after it was sent`;
}

/** Seconds of a year (Gregorian, on average). */
const YEAR = 31_556_952;

function span(seconds: number): string {
  const [step, unit] =
    seconds < 120
      ? [1, 'second']
      : seconds < 7_200
        ? [60, 'minute']
        : seconds < 172_800
          ? [3_600, 'hour']
          : seconds < 2 * YEAR
            ? [86_400, 'day']
            : [YEAR, 'year'];
  const howMany = Math.floor((seconds + step / 2) / step);
  return howMany === 1 ? `1 ${unit}` : `${howMany} ${unit}s`;
}
