// What the page itself remembers, and how it and the catalogue are deleted. The catalogue is the engine's; the page only keeps
// decisions that the engine has not confirmed yet, so that a tab that is closed right after a click loses none.

import type { CatalogueTrouble } from '../engine/protocol';
import { CATALOGUE } from '../engine/protocol';
import { isHeld, removeHeld } from './held';

/** A decision of the user that outlives a job: numbers change from job to job, files do not. */
export interface OwnDecision {
  exported: string;
  /** Of the exported file; null: it is missing. */
  bytes: number | null;
  /** The original's path; null: the exported file stays; none: a decision was taken back. */
  original?: string | null | undefined;
  /** It goes into the bundle although a part of it was hidden before it was sent. */
  revealed?: boolean | undefined;
}

const PLACE = 'heirloom.unconfirmed';

/** More than this were not just clicked: where nothing is remembered the list would grow for ever. */
const MOST = 500;

/** What this tab has not heard confirmed, all of it: there may be no other place that keeps it. */
let ofThisTab: OwnDecision[] = [];

/** The decisions that were not confirmed, the newest last. */
export function unconfirmed(): OwnDecision[] {
  return [...without(stored(), ofThisTab), ...ofThisTab];
}

function stored(): OwnDecision[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
    return Array.isArray(list) ? list.filter(isDecision) : [];
  } catch {
    return []; // no such storage in this window, or somebody else's text
  }
}

/** Keeps a decision until it is confirmed, in place of an older one on the same file. */
export function keepUnconfirmed(decision: OwnDecision): void {
  ofThisTab = [...without(ofThisTab, [decision]), decision];
  put([...without(stored(), [decision]), decision].slice(-MOST));
}

/** These decisions need not be kept any more. */
export function confirmed(decisions: OwnDecision[]): void {
  ofThisTab = without(ofThisTab, decisions);
  put(without(stored(), decisions));
}

function without(list: OwnDecision[], decisions: OwnDecision[]): OwnDecision[] {
  const gone = new Set(decisions.map(keyOf));
  return list.filter((each) => !gone.has(keyOf(each)));
}

function put(list: OwnDecision[]): void {
  try {
    if (list.length === 0) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, JSON.stringify(list));
  } catch {
    // The engine is told as well, and the tab has its own list.
  }
}

function isDecision(value: unknown): value is OwnDecision {
  const { exported, bytes, original, revealed } = (value ?? {}) as Record<string, unknown>;
  const named = original === undefined || original === null || typeof original === 'string';
  return (
    typeof exported === 'string' &&
    (bytes === null || typeof bytes === 'number') &&
    named &&
    (revealed === undefined || typeof revealed === 'boolean')
  );
}

/** One name for one exported file. */
export function keyOf({ exported, bytes }: { exported: string; bytes: number | null }): string {
  return `${bytes} ${exported}`;
}

/** Deletes the catalogue, what is kept forever too, and every decision that waits for it; null: they are gone. */
export async function forgetCatalogue(): Promise<CatalogueTrouble | null> {
  ofThisTab = [];
  put([]);
  try {
    await removeHeld(await navigator.storage.getDirectory(), CATALOGUE.folder);
    return null;
  } catch (error) {
    if (isHeld(error)) return { why: 'busy', text: '' };
    if (isAbsent(error)) return null; // there was nothing
    return { why: 'failed', text: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether this window has no such storage: a private one of some browsers, or an older browser. */
function isAbsent(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && ['SecurityError', 'NotAllowedError'].includes(error.name));
}

/**
 * Asks the browser to keep what is kept forever also when space runs low. False: it does not promise that. It is asked in the
 * moment of the call, before anything that the caller does next.
 */
export async function askToKeep(): Promise<boolean> {
  try {
    return await navigator.storage.persist();
  } catch {
    return false; // a window without such storage, or an older browser
  }
}
