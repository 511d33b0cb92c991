// What is remembered between visits: opens the catalogue's two files in the browser's own storage. Without them a search only
// takes longer and decisions last as long as the tab, so whatever is wrong with them is told, and never ends a job.

import type { CatalogueTrouble, Part, Troubles } from './protocol';
import { CATALOGUE } from './protocol';
import type { Catalogue, Failure, Package, Volume } from './wasm';

/** An open catalogue, with what could be opened of it; null where nothing could. */
export interface Opened {
  catalogue: Catalogue | null;
  /** What is wrong so far. */
  troubles: Troubles;
  /** Gives the files back, after every job that was lent the catalogue is gone. */
  close(): void;
}

/** One of its files. */
interface OpenedFile {
  volume: Volume | undefined;
  access: FileSystemSyncAccessHandle | null;
  trouble: CatalogueTrouble | null;
}

/**
 * A page that was just left, or an engine that was just cancelled, holds the file a little longer: it is asked for so often, so
 * many milliseconds apart, before it counts as held by another tab. Giving up at once would lose decisions over a reload.
 */
const TRIES = 24;
const TRY_EVERY_MS = 125;

/** Opens the catalogue, or begins one. What cannot be used is put aside for a new one. Only a crash of the engine is thrown. */
export async function openCatalogue(engine: Package): Promise<Opened> {
  const forever = await opened(engine, 'forever');
  const cache = await opened(engine, 'cache');
  const troubles: Troubles = { cache: cache.trouble, forever: forever.trouble };
  const close = () => {
    cache.access?.close();
    forever.access?.close();
  };
  if (cache.volume === undefined && forever.volume === undefined) return { catalogue: null, troubles, close };
  const catalogue = new engine.Catalogue(cache.volume, forever.volume);
  noteTroubles(catalogue, troubles);
  return {
    catalogue,
    troubles,
    close() {
      catalogue.free();
      close();
    },
  };
}

/** Takes up what went wrong since the last call; whether anything did. */
export function noteTroubles(catalogue: Catalogue, troubles: Troubles): boolean {
  const [cache, forever] = [catalogue.cacheTrouble(), catalogue.foreverTrouble()];
  if (cache !== undefined) troubles.cache = troubleOf(cache);
  if (forever !== undefined) troubles.forever = troubleOf(forever);
  return cache !== undefined || forever !== undefined;
}

/** Removes the file of what may be forgotten, and what was put aside of it. It must be closed. */
export async function removeCache(): Promise<void> {
  const folder = await theFolder();
  for (const name of [CATALOGUE.cache, CATALOGUE.cache + CATALOGUE.aside]) {
    await folder.removeEntry(name).catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotFoundError') throw error;
    });
  }
}

async function theFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(CATALOGUE.folder, { create: true });
}

async function opened(engine: Package, part: Part): Promise<OpenedFile> {
  try {
    return await openIn(engine, await theFolder(), part, null);
  } catch (error) {
    if (isCrash(error)) throw error;
    return { volume: undefined, access: null, trouble: troubleOf(error) };
  }
}

function isCrash(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

async function openIn(engine: Package, folder: FileSystemDirectoryHandle, part: Part, aside: CatalogueTrouble | null): Promise<OpenedFile> {
  const file = await folder.getFileHandle(CATALOGUE[part], { create: true });
  const access = await locked(file);
  try {
    const volume = part === 'cache' ? engine.Volume.cache(access) : engine.Volume.forever(access);
    return { volume, access, trouble: aside };
  } catch (error) {
    access.close();
    const code = (error as Partial<Failure>).code;
    if (aside !== null || (code !== 'unusable' && !isCrash(error))) throw error;
    await putAside(folder, file, part);
    if (isCrash(error)) throw error; // over the file: the next engine finds it gone
    return openIn(engine, folder, part, { why: 'aside', text: wordsOf(error) });
  }
}

/** The file for this worker alone. */
async function locked(file: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await file.createSyncAccessHandle();
    } catch (error) {
      if (!isHeld(error) || tries === TRIES) throw error;
      await new Promise((passed) => setTimeout(passed, TRY_EVERY_MS));
    }
  }
}

/**
 * Moves a file out of the way: someone may want to look at it. Of what may be forgotten only the last one stays, and it gives
 * way where there is no space for both; what is kept forever is never written over, and stays where it is without space.
 */
async function putAside(folder: FileSystemDirectoryHandle, file: FileSystemFileHandle, part: Part): Promise<void> {
  const bytes = await file.getFile();
  const name = CATALOGUE[part] + CATALOGUE.aside;
  const place = part === 'cache' ? name : await freeName(folder, name);
  try {
    await copyTo(await folder.getFileHandle(place, { create: true }), bytes);
  } catch (error) {
    if (part === 'forever') {
      await folder.removeEntry(place);
      throw error;
    }
    // No space for both: what may be forgotten gives way.
  }
  await folder.removeEntry(CATALOGUE[part]);
}

async function copyTo(place: FileSystemFileHandle, bytes: File): Promise<void> {
  const access = await place.createSyncAccessHandle();
  try {
    access.truncate(0);
    for (let at = 0; at < bytes.size; ) {
      const piece = new Uint8Array(await bytes.slice(at, at + PIECE).arrayBuffer());
      const written = access.write(piece, { at });
      if (written === 0) throw new DOMException('no more space', 'QuotaExceededError');
      at += written;
    }
    access.flush();
  } finally {
    access.close();
  }
}

/** The name, or with a number the first that is free. */
async function freeName(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
  const taken = new Set<string>();
  for await (const each of folder.keys()) taken.add(each);
  for (let number = 1; ; number += 1) {
    const place = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(place)) return place;
  }
}

/** Bytes copied at once. */
const PIECE = 4 << 20;

/** Why a file of the catalogue is of no use, or no longer. */
export function troubleOf(error: unknown): CatalogueTrouble {
  return { why: whyOf(error), text: wordsOf(error) };
}

function whyOf(error: unknown): CatalogueTrouble['why'] {
  if (isHeld(error)) return 'busy';
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (code === 'full' || name === 'QuotaExceededError') return 'full';
  if (code === 'newer') return 'newer';
  // Private windows of some browsers have no such storage; an older browser lacks the call.
  if (name === 'SecurityError' || name === 'NotAllowedError' || error instanceof TypeError) return 'absent';
  return 'failed';
}

function isHeld(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NoModificationAllowedError';
}

function wordsOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return (error as Partial<Failure> | null)?.text ?? String(error);
}
