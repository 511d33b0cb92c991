// What page and engine say to each other whatever the job is: files, where output goes, progress, pictures, what is
// remembered, and why something failed.

import type { Progress, Remembered, Settings } from './types';

/** A file and its path below the chosen folder, with `/`. */
export interface InputFile {
  path: string;
  file: File;
}

/** A file as the core names it. */
export interface FileRef {
  side: 'chat' | 'originals';
  path: string;
}

/** Where the bundle goes. A download's finished file comes back in `saved`. */
export type SaveTarget =
  | { how: 'zip'; handle: FileSystemFileHandle } // streamed to disk
  | { how: 'folder'; handle: FileSystemDirectoryHandle; within: FileSystemDirectoryHandle } // a new one, and where it was made
  | { how: 'download'; stored: string | null }; // the file's name in `DOWNLOADS`; null: in memory, see `MEMORY_LIMIT`

/** Where zips to be downloaded wait in the browser's own storage. */
export const DOWNLOADS = 'downloads';

/** The Web Lock that whoever uses one of them holds: what has none was left behind. */
export function downloadLock(name: string): string {
  return `heirloom.${DOWNLOADS}/${name}`;
}

/** How the name of a file ends that only shows whether the browser stores any. */
export const PROBE = '.probe';

/** Most bytes of a zip that is made in memory, where the browser has no storage for it. */
export const MEMORY_LIMIT = 1_000_000_000;

/** Why a place does not take the bundle. `limit`: it is in memory, and the bundle is larger than that may be. */
export type OutputCause = 'full' | 'denied' | 'gone' | 'limit' | 'other';

/** A file of the bundle that its folder did not take: something of its name was there, or no file may be named so. */
export interface Unwritten {
  path: string;
  why: 'there' | 'name';
}

/** Files over which the engine died before: they stay closed, and `why` says so in the report. */
export interface Skip {
  files: FileRef[];
  why: string;
}

/** Where the catalogue is in the browser's own storage: what may be forgotten, and what only the user deletes. */
export const CATALOGUE = { folder: 'catalogue', cache: 'catalogue.redb', forever: 'decisions.redb', aside: '.aside' };

/** The two files of the catalogue. */
export type Part = 'cache' | 'forever';

/**
 * Why one of them remembers nothing: held by another tab, no space, no such storage, written by a newer page, or a failure.
 * `aside`: what was remembered cannot be used and was put aside, and a new file is begun. `text` is the cause in the browser's
 * or the core's words.
 */
export interface CatalogueTrouble {
  why: 'busy' | 'full' | 'absent' | 'newer' | 'failed' | 'aside';
  text: string;
}

/** What is wrong with each; null: nothing. */
export type Troubles = Record<Part, CatalogueTrouble | null>;

/** What every job understands. Cancelling is not a message: the client ends the worker, so that it answers at once. */
export type ToAnyJob =
  | { kind: 'pause'; job: number }
  | { kind: 'resume'; job: number }
  | { kind: 'preview'; job: number; request: number; item: number; longEdge: number }
  | { kind: 'video'; job: number; request: number; item: number }; // the file itself, as a Blob

/** What is asked between jobs. */
export type ToCatalogue =
  | { kind: 'count'; job: number } // how much is remembered
  | { kind: 'export'; job: number } // all of it, as JSON
  | { kind: 'forget'; job: number }; // what was learnt; decisions stay

/** Why a job ended, or why there is none. `no-chat`, `locked`: of the chat job only. */
export type ErrorCode = 'no-chat' | 'locked' | 'output' | 'too-early' | 'crashed' | 'unloaded' | 'unsupported';

/** What every job tells. */
export type FromAnyJob =
  | { kind: 'progress'; job: number; progress: Progress }
  | { kind: 'preview'; job: number; request: number; blob: Blob | null; problem: string | null }
  /** Of this job: what is wrong from here on; again when something breaks off in the middle. */
  | { kind: 'catalogue'; job: number; troubles: Troubles }
  /** `inHand`: the file over which the engine died, where that is certain. `cause`: of `output`, as far as it is known. */
  | { kind: 'failed'; job: number; code: ErrorCode; text: string; inHand: FileRef | null; cause?: OutputCause };

/** The answers to what is asked between jobs. */
export type FromCatalogue =
  | { kind: 'counted'; job: number; counts: Remembered | null; troubles: Troubles }
  | { kind: 'exported'; job: number; blob: Blob | null; troubles: Troubles }
  /** What was learnt is deleted; `counts` says what is left. */
  | { kind: 'forgot'; job: number; counts: Remembered | null; troubles: Troubles };

/** The two wasm builds. */
export type Build = 'single' | 'threads';

/** The client's first word to a new worker; the rest of the page never sees it. */
export interface LoadEngine {
  kind: 'load';
  build: Build;
  url: string;
  /** The `single` build, for a browser that refuses the memory `threads` asks for. */
  fallback: string;
  threads: number;
  /** Whether the browser stores files, as an earlier worker of this page found; null: nobody looked. */
  storage: boolean | null;
}

/** The worker's first word to the client; the rest of the page never sees it. `storage`: the browser stores files for it. */
export type FirstWord = { kind: 'ready'; build: Build; settings: Settings; storage: boolean } | { kind: 'unloaded'; text: string };
