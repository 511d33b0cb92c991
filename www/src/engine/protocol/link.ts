// What page and engine say to each other about the chat job: finding the original behind every picture of a chat.

import type { InputFile, SaveTarget, Skip, Unwritten } from './common';
import type { Answer, BundleChoices, FileIssue, Review, Row, Settings, VideoFrames, VideoPair } from './types';

/** Begins the job. */
export type StartLink = { kind: 'start'; job: number; chat: InputFile[]; originals: InputFile[]; settings: Settings; skip: Skip };

/** What only this job understands, once it was begun. */
export type ToLink =
  | { kind: 'answer'; job: number; medium: number; answer: Answer | null }
  | { kind: 'frames'; job: number; need: number; frames: VideoFrames[] } // the answer to `look`; empty: none could be taken
  | { kind: 'save'; job: number; target: SaveTarget; choices: BundleChoices; name: string };

/** What only this job tells. */
export type FromLink =
  | { kind: 'found'; job: number; rows: Row[] } // pairs as they are found
  /** Before `decided`: the page is to take frames of two videos, and to answer. Of `total` videos this is one. */
  | { kind: 'look'; job: number; need: number; done: number; total: number; pair: VideoPair; exported: Blob; original: Blob }
  | { kind: 'decided'; job: number; review: Review }
  | { kind: 'answered'; job: number; row: Row; review: Pick<Review, 'images' | 'videos' | 'others'> }
  | { kind: 'saved'; job: number; file: File | null; bytes: number; files: number; issues: FileIssue[]; unwritten: Unwritten[] };
