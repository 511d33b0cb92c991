// What the page itself remembers, and how all that is remembered is deleted. The catalogue is the engine's; the page only keeps
// decisions that the engine has not confirmed yet, so that a tab that is closed right after a click loses none.

import { CATALOGUE } from '../engine/protocol';
import type { CatalogueTrouble } from '../engine/protocol';

/** A decision of the user that outlives a job: numbers change from job to job, files do not. */
export interface OwnDecision {
  exported: string;
  /** Of the exported file; null: it is missing. */
  bytes: number | null;
  /** The original's path; null: the exported file stays; none: a decision was taken back. */
  original?: string | null | undefined;
}

const PLACE = 'heirloom.unconfirmed';

/** More than this were not just clicked: where nothing is remembered the list would grow for ever. */
const MOST = 500;

/** The decisions that were not confirmed. */
export function unconfirmed(): OwnDecision[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
    return Array.isArray(list) ? list.filter(isDecision) : [];
  } catch {
    return []; // no such storage in this window, or somebody else's text
  }
}

/** Keeps a decision until it is confirmed, in place of an older one on the same file. */
export function keepUnconfirmed(decision: OwnDecision): void {
  put([...without([decision]), decision].slice(-MOST));
}

/** These decisions need not be kept any more. */
export function confirmed(decisions: OwnDecision[]): void {
  put(without(decisions));
}

function without(decisions: OwnDecision[]): OwnDecision[] {
  const gone = new Set(decisions.map(keyOf));
  return unconfirmed().filter((each) => !gone.has(keyOf(each)));
}

function put(list: OwnDecision[]): void {
  try {
    if (list.length === 0) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, JSON.stringify(list));
  } catch {
    // The engine is told as well.
  }
}

function isDecision(value: unknown): value is OwnDecision {
  const { exported, bytes, original } = (value ?? {}) as Record<string, unknown>;
  const named = original === undefined || original === null || typeof original === 'string';
  return typeof exported === 'string' && (bytes === null || typeof bytes === 'number') && named;
}

/** One name for one exported file. */
export function keyOf({ exported, bytes }: { exported: string; bytes: number | null }): string {
  return `${bytes} ${exported}`;
}

/** An engine that just ended holds the file a little longer: tries, and milliseconds between them. */
const TRIES = 24;
const TRY_EVERY_MS = 125;

/** Deletes all that is remembered; null: it is gone. */
export async function forgetAll(): Promise<CatalogueTrouble | null> {
  put([]);
  for (let tries = 1; ; tries += 1) {
    try {
      const root = await navigator.storage.getDirectory();
      await root.removeEntry(CATALOGUE.folder, { recursive: true });
      return null;
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      if (name === 'NotFoundError') return null; // there was nothing
      const held = name === 'NoModificationAllowedError' || name === 'InvalidModificationError';
      if (!held) return { why: 'failed', text: error instanceof Error ? error.message : String(error) };
      if (tries === TRIES) return { why: 'busy', text: '' };
      await new Promise((passed) => setTimeout(passed, TRY_EVERY_MS));
    }
  }
}
