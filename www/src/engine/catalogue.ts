// What is remembered between visits: opens the catalogue's file in the browser's own storage. Without it a search only takes
// longer, so whatever is wrong with it is told, and never ends a job.

import { CATALOGUE } from './protocol';
import type { CatalogueTrouble } from './protocol';
import type { Catalogue, Failure, Package } from './wasm';

/** An open catalogue; null where there is none, and then why. */
export interface Opened {
  catalogue: Catalogue | null;
  trouble: CatalogueTrouble | null;
  /** Gives the file back, after every job that was lent the catalogue is gone. */
  close(): void;
}

/**
 * A page that was just left, or an engine that was just cancelled, holds the file a little longer: it is asked for so often, so
 * many milliseconds apart, before it counts as held by another tab. Giving up at once would lose decisions over a reload.
 */
const TRIES = 24;
const TRY_EVERY_MS = 125;

/** Opens the catalogue, or begins one. What cannot be used is put aside for a new one. Only a crash of the engine is thrown. */
export async function openCatalogue(engine: Package): Promise<Opened> {
  try {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(CATALOGUE.folder, { create: true });
    return await openIn(engine, folder, null);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw error;
    return { catalogue: null, trouble: troubleOf(error), close: () => undefined };
  }
}

async function openIn(engine: Package, folder: FileSystemDirectoryHandle, aside: CatalogueTrouble | null): Promise<Opened> {
  const file = await folder.getFileHandle(CATALOGUE.file, { create: true });
  const access = await locked(file);
  try {
    const catalogue = new engine.Catalogue(access);
    const close = () => {
      catalogue.free();
      access.close();
    };
    return { catalogue, trouble: aside, close };
  } catch (error) {
    access.close();
    const code = (error as Partial<Failure>).code;
    const crashed = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    if (aside !== null || (code !== 'unusable' && !crashed)) throw error;
    await putAside(folder, file);
    if (crashed) throw error; // over the file: the next engine finds it gone
    return openIn(engine, folder, { why: 'aside', text: wordsOf(error) });
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

/** Moves the file out of the way, over an older one: someone may want to look at it. */
async function putAside(folder: FileSystemDirectoryHandle, file: FileSystemFileHandle): Promise<void> {
  const bytes = await file.getFile();
  const aside = await folder.getFileHandle(CATALOGUE.aside, { create: true });
  const access = await aside.createSyncAccessHandle();
  try {
    access.truncate(0);
    for (let at = 0; at < bytes.size; ) {
      const piece = new Uint8Array(await bytes.slice(at, at + PIECE).arrayBuffer());
      at += access.write(piece, { at });
    }
    access.flush();
  } catch {
    // No space for both: what cannot be used gives way.
  } finally {
    access.close();
  }
  await folder.removeEntry(CATALOGUE.file);
}

/** Bytes copied at once. */
const PIECE = 4 << 20;

/** Why there is no catalogue, or none any more. */
export function troubleOf(error: unknown): CatalogueTrouble {
  return { why: whyOf(error), text: wordsOf(error) };
}

function whyOf(error: unknown): CatalogueTrouble['why'] {
  if (isHeld(error)) return 'busy';
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (code === 'full' || name === 'QuotaExceededError') return 'full';
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
