// The only file that the page and the engine worker both import: what they say to each other.
// Every message has a kind and a job number, so that late messages of a cancelled job can be told apart.

import type { Answer, FileIssue, Look, Progress, Remembered, Review, Row, Settings, VideoPair } from './types';

export * from './types';

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

/** Where the bundle goes. */
export type SaveTarget =
  | { how: 'zip'; handle: FileSystemFileHandle } // streamed to disk
  | { how: 'folder'; handle: FileSystemDirectoryHandle }
  | { how: 'download' }; // through OPFS; the finished file comes back in `saved`

/** Files over which the engine died before: they stay closed, and `why` says so in the report. */
export interface Skip {
  files: FileRef[];
  why: string;
}

/** Where the catalogue is in the browser's own storage. */
export const CATALOGUE = { folder: 'catalogue', file: 'catalogue.redb', aside: 'catalogue.redb.aside' };

/**
 * Why nothing is remembered: held by another tab, no space, no such storage, or a failure. `aside`: what was remembered
 * cannot be used and was put aside, and a new catalogue is begun. `text` is the cause in the browser's or the core's words.
 */
export interface CatalogueTrouble {
  why: 'busy' | 'full' | 'absent' | 'failed' | 'aside';
  text: string;
}

/** Cancelling is not a message: the client ends the worker, so that it answers at once. */
export type ToEngine =
  | { kind: 'start'; job: number; chat: InputFile[]; originals: InputFile[]; settings: Settings; skip: Skip }
  | { kind: 'pause'; job: number }
  | { kind: 'resume'; job: number }
  | { kind: 'answer'; job: number; medium: number; answer: Answer | null }
  | { kind: 'preview'; job: number; request: number; item: number; longEdge: number }
  | { kind: 'video'; job: number; request: number; item: number } // the file itself, as a Blob
  | { kind: 'frames'; job: number; frames: VideoFrames[] } // the answer to `look`; empty: none could be taken
  | { kind: 'save'; job: number; target: SaveTarget; look: Look; name: string }
  | { kind: 'count'; job: number } // how much is remembered
  | { kind: 'export'; job: number }; // all of it, as JSON

export type ErrorCode = 'no-chat' | 'output' | 'too-early' | 'crashed' | 'unloaded' | 'unsupported';

export type FromEngine =
  | { kind: 'progress'; job: number; progress: Progress }
  | { kind: 'found'; job: number; rows: Row[] } // pairs as they are found
  /** Before `decided`: the page is to take frames of two videos, and to answer. Of `total` videos this is one. */
  | { kind: 'look'; job: number; done: number; total: number; pair: VideoPair; exported: Blob; original: Blob; steps: number[] }
  | { kind: 'decided'; job: number; review: Review }
  | { kind: 'answered'; job: number; row: Row; review: Pick<Review, 'images' | 'videos' | 'others'> }
  | { kind: 'preview'; job: number; request: number; blob: Blob | null; problem: string | null }
  | { kind: 'saved'; job: number; file: File | null; bytes: number; files: number; issues: FileIssue[] }
  /** Of this job: nothing is wrong (null), or what is; again when it breaks off in the middle. */
  | { kind: 'catalogue'; job: number; trouble: CatalogueTrouble | null }
  | { kind: 'counted'; job: number; counts: Remembered | null; trouble: CatalogueTrouble | null }
  | { kind: 'exported'; job: number; blob: Blob | null; trouble: CatalogueTrouble | null }
  /** `inHand`: the file over which the engine died, where that is certain. */
  | { kind: 'failed'; job: number; code: ErrorCode; text: string; inHand: FileRef | null };

/** Frames of one moment: the exported video's, and the original's around it. */
export interface VideoFrames {
  moment: number;
  exported: ImageData;
  originals: ImageData[];
}

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
}

/** The worker's first word to the client; the rest of the page never sees it. */
export type FirstWord = { kind: 'ready'; build: Build; settings: Settings } | { kind: 'unloaded'; text: string };

export type ToWorker = ToEngine | LoadEngine;
export type FromWorker = FromEngine | FirstWord;
