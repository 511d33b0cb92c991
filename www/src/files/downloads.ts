// Zips that wait in the browser's own storage until the browser's downloads have taken them. A page is not told when that is, so
// each is kept while the page offers it, and then for as long as the slowest disk needs. A lock says that a tab still has one:
// what has none at the next visit was left behind, by a crash or a closed tab.

import { DOWNLOADS, downloadLock, PROBE } from '../engine/protocol';
import { removeHeld } from './held';

/** Until a download has begun for certain, in milliseconds, and how many bytes of it are copied in each one after that. */
const BEGINS_MS = 10_000;
const BYTES_PER_MS = 10_000;

/** Where the page notes until when a download may still be read: milliseconds since 1970, by name. */
const PLACE = 'heirloom.downloads';

export type Downloads = ReturnType<typeof createDownloads>;

/** The zip of this tab, and what earlier visits left. Nothing here fails: what could not be removed is tried at the next start. */
export function createDownloads() {
  /** The zip being written or offered by this page: its name, and how its lock is given back. */
  let offered: { name: string; free: () => void } | null = null;
  /** Zips of this page that are no longer offered, but may still be read. */
  const leaving = new Map<string, () => void>();
  /** Where they lie, opened beforehand: a page that is being left can wait for nothing. */
  let store: FileSystemDirectoryHandle | null = null;

  /** A name for a zip of this tab's own, which no other tab removes. The one before goes. */
  async function reserve(): Promise<string> {
    drop();
    const name = `${crypto.randomUUID()}.zip`;
    offered = { name, free: await lock(name) };
    return name;
  }

  /** The browser was told to download this much just now. */
  function handed(bytes: number): void {
    if (offered === null) return;
    note(offered.name, Date.now() + enough(bytes));
    folder().then(
      (found) => (store = found),
      () => undefined,
    );
  }

  /**
   * The page is being left for good. What is asked for now the browser still does, mostly, if it was not waited for; what may
   * still be read stays for the next start.
   */
  function leave(): void {
    for (const name of [offered?.name, ...leaving.keys()]) {
      if (name !== undefined && readUntil(name) < Date.now()) void quietly(async () => store?.removeEntry(name));
    }
  }

  /** It is not offered any more: it goes as soon as nobody can still be reading it. */
  function drop(): void {
    if (offered === null) return;
    const { name, free } = offered;
    offered = null;
    leaving.set(name, free);
    setTimeout(() => void removeOwn(name), Math.max(0, readUntil(name) - Date.now()));
  }

  /** Its lock is given back when it is gone, and not before: who asks meanwhile finds it held. */
  async function removeOwn(name: string): Promise<void> {
    await quietly(async () => remove(await folder(), name));
    leaving.get(name)?.();
    leaving.delete(name);
  }

  /** Removes what no tab has: at once, or when it can have been read. To be called when the page starts. */
  async function sweep(): Promise<void> {
    for (const { name, size } of await abandoned()) {
      const wait = Math.min(readUntil(name) - Date.now(), enough(size));
      if (wait <= 0) await quietly(() => removeUnlocked(name));
      else setTimeout(() => void quietly(() => removeUnlocked(name)), wait);
    }
  }

  /** Removes all of them now, whoever may be reading; false: another tab has one. */
  async function forget(): Promise<boolean> {
    drop();
    for (const name of [...leaving.keys()]) await removeOwn(name);
    const all = await abandoned();
    for (const { name } of all) await quietly(() => removeUnlocked(name));
    const left = (await abandoned()).filter(({ name }) => !name.endsWith(PROBE)); // another tab that just starts
    if (left.length === 0) await quietly(async () => (await navigator.storage.getDirectory()).removeEntry(DOWNLOADS));
    return left.length === 0;
  }

  return { reserve, handed, drop, leave, sweep, forget };
}

/** For how long a download of this size may be read, in milliseconds. */
function enough(bytes: number): number {
  return BEGINS_MS + bytes / BYTES_PER_MS;
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(DOWNLOADS);
}

/** What lies there. Nothing, where there is no such storage. */
async function abandoned(): Promise<{ name: string; size: number }[]> {
  const found: { name: string; size: number }[] = [];
  await quietly(async () => {
    for await (const [name, handle] of (await folder()).entries()) {
      const file = handle.kind === 'file' ? await (handle as FileSystemFileHandle).getFile() : null;
      found.push({ name, size: file?.size ?? 0 });
    }
  });
  return found;
}

async function removeUnlocked(name: string): Promise<void> {
  await navigator.locks.request(downloadLock(name), { ifAvailable: true }, async (lock) => {
    if (lock !== null) await remove(await folder(), name);
  });
}

async function remove(from: FileSystemDirectoryHandle, name: string): Promise<void> {
  await removeHeld(from, name);
  note(name, null);
}

/** Holds a lock until the returned function is called, or the page is gone. */
function lock(name: string): Promise<() => void> {
  return new Promise((held, failed) => {
    const holding = navigator.locks.request(downloadLock(name), () => new Promise<void>((free) => held(free)));
    holding.catch(failed);
  });
}

function readUntil(name: string): number {
  return notes()[name] ?? 0;
}

function notes(): Record<string, number> {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '{}');
    const entries = Object.entries(list ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
    return Object.fromEntries(entries);
  } catch {
    return {}; // no such storage in this window, or somebody else's text
  }
}

function note(name: string, until: number | null): void {
  const { [name]: _before, ...others } = notes();
  const list = until === null ? others : { ...others, [name]: until };
  try {
    if (Object.keys(list).length === 0) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, JSON.stringify(list));
  } catch {
    // Without a note it goes at the next start.
  }
}

async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    // It is tried again at the next start.
  }
}
