// What is wrong with a file, as one sentence without its capital and full stop. The program's report says the same
// (`error.rs` of the core); `report/sentences/problems.txt` there holds both to it. Texts inside are those of others: the
// browser's, a decoder's, the zip library's.

import type { FileKind, Problem, Undecoded, Unread, ZipFault } from '../../engine/protocol';
import { fixed } from '../numbers';
import { doubtOf } from './dates';

export function problemOf(problem: Problem): string {
  switch (problem.kind) {
    case 'empty':
      return 'the file is empty (0 bytes)';
    case 'unreadable':
      return `the file could not be read: ${unread(problem.why)}`;
    case 'truncated':
      return 'the file ends too early; it is damaged or was not copied completely';
    case 'decode':
      return `the picture could not be decoded: ${undecoded(problem.why)}`;
    case 'tooManyPixels':
      return `the picture claims ${problem.width} × ${problem.height} pixels; the limit is ${problem.limit} million`;
    case 'overLimit':
      return `reading it needs ${problem.need} bytes; the limit is ${problem.limit}`;
    case 'notWhatItsNameSays':
      return `it is named like ${kinds[problem.named]}, but its content is ${kinds[problem.found]}`;
    case 'noMoov':
      return 'the video has no index (moov box), so its length and date are unknown';
    case 'soundNotDecoded':
      return 'its sound is in a form that is not decoded here (only AAC is), so it cannot be compared';
    default:
      return ofExport(problem);
  }
}

type OfFile = 'empty' | 'unreadable' | 'truncated' | 'decode' | 'tooManyPixels' | 'overLimit' | 'notWhatItsNameSays' | 'noMoov' | 'soundNotDecoded';

/** What only an export and its chat have. */
function ofExport(problem: Exclude<Problem, { kind: OfFile }>): string {
  switch (problem.kind) {
    case 'missing':
      return 'the chat names this file, but the export does not contain it';
    case 'noChatText':
      return 'no chat text was found in the export; only its media could be used';
    case 'caseCollision':
      return `another file has the same name in different case: ${problem.other}`;
    case 'badText':
      return `${problem.places} places are not valid text and were replaced by \uFFFD`;
    case 'badZip':
      return `the zip could not be read: ${zipFault(problem.why)}`;
    case 'zipInZip':
      return 'this zip is packed inside another zip; unpack the outer one first';
    case 'noSuchPage':
      return 'this page was asked for, but the export does not contain it';
    case 'insidePage':
      return `photos and videos that stand in the page itself: ${problem.count}; they stay as they are, and no original is looked for`;
    case 'outsidePage':
      return `photos and videos that the page shows from outside the export's folder: ${problem.count} (${some(problem.names, problem.count)}); they are missing in the bundle. Choose the folder that holds them, too`;
    case 'utf16':
      return "the text is UTF-16, not WhatsApp's UTF-8; it was read as such";
    case 'sameChat':
      return `this is another export of the chat: ${problem.shared} of its messages were there already, ${problem.added} were added, ${problem.better} of its media are better${moved(problem.shiftS)}`;
    case 'otherChat':
      return 'this is another chat; only one chat is read at a time';
    case 'longMessage':
      return `message ${problem.number} has ${fixed(problem.bytes / 1e6, 1)} MB of text; it was kept whole`;
    case 'codePage':
      return `the text is in the code page ${problem.name}, not in WhatsApp's UTF-8; it was read as such`;
    case 'checksum':
      return "its content does not fit the zip's checksum (CRC-32); it is damaged";
    case 'notLookedAt':
      return `${problem.format} files cannot be looked at, so this one is compared with no other picture`;
    case 'inCloud':
      return `files that are in iCloud and not on this disk: ${problem.count} (${some(problem.names, problem.count)}); they could not be looked at. Download them, then run again`;
    case 'unclearDates':
      return `day and month of the dates cannot be told apart; read as ${doubtOf(problem.order, problem.choices)}`;
  }
}

function unread(why: Unread): string {
  switch (why.kind) {
    case 'told':
      return why.text;
    case 'moreThanClaimed':
      return 'the entry holds more bytes than it claims';
    case 'longer':
      return 'the file is longer than it was when it was listed';
    case 'changed':
      return 'it was changed while it was being copied';
    case 'notTaken':
      return 'this part of the file was not taken';
  }
}

function undecoded(why: Undecoded): string {
  switch (why.kind) {
    case 'told':
      return `it is damaged, or of a form that is not known here (${why.text})`;
    case 'panicked':
      return 'its content made the decoder fail';
    case 'index':
      return `its index is damaged (${why.text})`;
    case 'noPreview':
      return 'it carries no preview';
    case 'notJpeg':
      return 'it is not a JPEG';
    case 'noPixels':
      return 'it has no pixels';
    case 'wrongLength':
      return 'the decoder returned another number of pixels';
    case 'notDecoded':
      return 'this kind of file is not decoded';
  }
}

function zipFault(why: ZipFault): string {
  switch (why.kind) {
    case 'told':
      return why.text;
    case 'tooMany':
      return `it has more than ${why.limit} entries`;
    case 'encrypted':
      return 'the entry is encrypted';
    case 'packed':
      return `the entry is packed with ${why.method}`;
    case 'size':
      return 'the entry claims a size it cannot have';
    case 'cut':
      return 'its end is missing; it is damaged or was not copied completely';
    case 'part':
      return 'it is one part of several; put the parts together first';
    case 'noZip':
      return 'it is no zip; unpack it first';
    case 'noChat':
      return 'no chat is in it';
  }
}

const kinds: Record<FileKind, string> = {
  jpeg: 'a JPEG picture',
  heic: 'an HEIC picture',
  avif: 'an AVIF picture',
  png: 'a PNG picture',
  webp: 'a WebP picture',
  gif: 'a GIF picture',
  tiff: 'a TIFF picture',
  raw: 'a camera raw',
  video: 'a video',
  audio: 'a sound file',
  pdf: 'a PDF document',
  zip: 'a zip archive',
  html: 'an HTML page',
  contact: 'a contact card',
  text: 'a text',
  empty: 'empty',
  unknown: 'something unknown',
};

/** The names of some of so many. */
function some(names: string[], count: number): string {
  const more = count - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** How far a clock was moved, by seconds. */
function moved(seconds: number): string {
  return seconds === 0 ? '' : `; its clock was moved by ${Math.trunc(seconds / 60)} minutes`;
}
