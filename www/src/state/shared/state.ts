// What the page knows whatever the job is: inputs, the engine, what is remembered, and where the user is.

import type { CatalogueTrouble, FileRef, InputFile, Part, Remembered, Settings, Troubles } from '../../engine/protocol';
import type { Route } from './route';
import { HOME } from './route';

/** What a folder was given for: the two of the chat job, and of the duplicates job folders to look through and chats that show some of what is in them. */
export type Side = 'chat' | 'originals' | 'folders' | 'chats';

/** Whether it is a chat: a zip or a folder. */
export function isChat(side: Side): boolean {
  return side === 'chat' || side === 'chats';
}

/** Whose input it is. */
export function ownerOf({ side }: { side: Side }): Route {
  return side === 'chat' || side === 'originals' ? 'chat' : 'duplicates';
}

/** A folder or zip that the user gave; `done` is false while it is still being walked. */
export interface Source {
  id: number;
  side: Side;
  label: string;
  files: InputFile[];
  /** Of what was picked or dropped, where the browser gives any: nothing is written into them. */
  roots: FileSystemHandle[];
  count: number;
  bytes: number;
  done: boolean;
}

/** What every job keeps. */
export interface Shared {
  /** Which job's place the user is at. */
  route: Route;
  /** Whose job the newest one is; null: there was none. */
  owner: Route | null;
  /** The number of the newest job; messages of older ones are ignored. */
  job: number;
  /** What the core would choose; null until the engine is loaded. */
  defaults: Settings | null;
  /** Whether the browser stores files for this page; null until the engine is loaded. */
  storage: boolean | null;
  sources: Source[];
  /** What is wrong with what is remembered, for the newest job. */
  troubles: Troubles;
  /** The browser does not promise to keep decisions when space runs low. */
  unpromised: boolean;
  /** What the user asked to know about what is remembered. */
  kept: Kept;
  /** Files over which the engine died: the next jobs leave them closed. */
  skipped: FileRef[];
  /** Why the engine could not be loaded; null: it is on its way, or there. */
  unloaded: string | null;
  /** A new version of the page waits for the user's yes. */
  newVersion: boolean;
  /** Something that did not work, in words; null when all is well. */
  problem: string | null;
}

/**
 * `asked`: the answer is on its way. `question`: what was learnt is deleted; decisions only if the user says so. `counts` is
 * null where nothing could be read, and `troubles` says why.
 */
export interface Kept {
  at: 'unasked' | 'asked' | 'told' | 'question' | 'deleted';
  counts: Remembered | null;
  troubles: Troubles;
}

/** What changes in it whatever the job is. */
export type SharedMsg =
  | { kind: 'routed'; route: Route }
  | { kind: 'walking'; source: Omit<Source, 'files' | 'roots' | 'done'> }
  | { kind: 'walked'; source: Source }
  | { kind: 'unwalked'; id: number; problem: string | null }
  | { kind: 'removed'; id: number }
  | { kind: 'ready'; defaults: Settings; storage: boolean }
  | { kind: 'unloaded'; text: string }
  | { kind: 'loading' }
  | { kind: 'skipped'; file: FileRef }
  | { kind: 'asked' }
  | { kind: 'doubted' }
  | { kind: 'spared' }
  | { kind: 'unpromised'; unpromised: boolean }
  | { kind: 'forgotten'; trouble: CatalogueTrouble | null }
  | { kind: 'problem'; text: string | null }
  | { kind: 'new-version' };

/** All is well with what is remembered. */
export const NO_TROUBLE: Troubles = { cache: null, forever: null };

export const initialShared: Shared = {
  route: HOME,
  owner: null,
  job: 0,
  defaults: null,
  storage: null,
  sources: [],
  troubles: NO_TROUBLE,
  unpromised: false,
  kept: { at: 'unasked', counts: null, troubles: NO_TROUBLE },
  skipped: [],
  unloaded: null,
  newVersion: false,
  problem: null,
};

/** The files of one side, in the order the folders were given. */
export function filesOf({ sources }: Shared, side: Side): InputFile[] {
  return sources.filter((source) => source.side === side).flatMap((source) => source.files);
}

/** Whether what is learnt, or decided, is remembered as it comes. */
export function isRemembering({ troubles }: Shared, part: Part): boolean {
  return isUsable(troubles[part]);
}

/** Whether a file of the catalogue is there all the same. */
export function isUsable(trouble: CatalogueTrouble | null): boolean {
  return trouble === null || trouble.why === 'aside';
}

/** Whether the engine died over this file before. */
export function isSkipped(skipped: FileRef[], file: FileRef): boolean {
  return skipped.some((each) => each.side === file.side && each.path === file.path);
}
