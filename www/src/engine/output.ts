// Where the bundle's bytes go: a zip or a new folder on disk, or a zip to be downloaded. The core calls synchronously; what must
// wait is queued and done by `flush` after each batch, which is also where a place that refuses is told.

import { folderOnDisk } from './folder';
import type { OutputCause, SaveTarget, Unwritten } from './protocol';
import { DOWNLOADS, downloadLock, MEMORY_LIMIT, PROBE } from './protocol';
import { quietly } from './quietly';
import type { ByteSink, FolderSink } from './wasm';

export interface Output {
  sink: ByteSink | FolderSink;
  /** Files that the place did not take, so far. */
  unwritten: Unwritten[];
  /** Waits until the disk took everything so far. */
  flush(): Promise<void>;
  /** Makes the result appear. A download's file is returned. */
  close(): Promise<File | null>;
  /** Removes what was written, so that nothing half-written looks whole. */
  abort(): Promise<void>;
}

/** Opens the place the user chose. */
export async function openOutput(target: SaveTarget): Promise<Output> {
  switch (target.how) {
    case 'zip':
      return zipOnDisk(target.handle);
    case 'folder':
      return folderOnDisk(target.handle, target.within);
    case 'download':
      return target.stored === null ? zipInMemory(MEMORY_LIMIT) : zipInStorage(target.stored);
  }
}

/** A browser writes to a hidden copy and renames it on `close`: until then there is no zip. */
async function zipOnDisk(handle: FileSystemFileHandle): Promise<Output> {
  const stream = await handle.createWritable();
  let waiting: Uint8Array[] = [];
  return {
    unwritten: [],
    sink: { put: (bytes) => void waiting.push(bytes) },
    async flush() {
      const batch = waiting;
      waiting = [];
      if (batch.length > 0) await stream.write(new Blob(batch as Uint8Array<ArrayBuffer>[]));
    },
    async close() {
      await stream.close();
      return null;
    },
    abort: () => quietly(() => stream.abort()),
  };
}

/** In the browser's own storage, under a name of this tab's own. The page removes it when the download has it. */
async function zipInStorage(name: string): Promise<Output> {
  const store = await (await navigator.storage.getDirectory()).getDirectoryHandle(DOWNLOADS, { create: true });
  const handle = await store.getFileHandle(name, { create: true });
  const access = await handle.createSyncAccessHandle();
  let at = 0;
  let refusal: unknown = null;
  return {
    unwritten: [],
    sink: {
      put(bytes) {
        if (refusal !== null) return; // a throw would reach the page as the core's words, without its name
        try {
          const written = access.write(bytes as Uint8Array<ArrayBuffer>, { at });
          if (written !== bytes.length) throw new DOMException('', 'QuotaExceededError');
          at += written;
        } catch (error) {
          refusal = error;
        }
      },
    },
    async flush() {
      if (refusal !== null) throw refusal;
    },
    async close() {
      access.flush();
      access.close();
      return handle.getFile();
    },
    async abort() {
      await quietly(async () => access.close());
      await quietly(() => store.removeEntry(name));
    },
  };
}

/** A zip in memory is larger than it may be. */
class OverLimit extends Error {}

/** In memory that is the browser's, not this worker's: blocks become parts of a `Blob` as they come. */
export function zipInMemory(limit: number): Output {
  let waiting: Uint8Array[] = [];
  let parts: Blob[] = [];
  let size = 0;
  return {
    unwritten: [],
    sink: {
      put(bytes) {
        size += bytes.length;
        if (size <= limit) waiting.push(bytes);
      },
    },
    async flush() {
      if (size > limit) throw new OverLimit(`a zip in memory may have ${limit} bytes`);
      if (waiting.length > 0) parts.push(new Blob(waiting as Uint8Array<ArrayBuffer>[]));
      waiting = [];
    },
    close: async () => new File(parts, 'heirloom.zip', { type: 'application/zip' }),
    async abort() {
      parts = [];
      waiting = [];
    },
  };
}

/** Whether the browser stores files for this page: it may be a private window, blocked, without space, or too old. */
export async function hasStorage(): Promise<boolean> {
  if (navigator.locks === undefined) return false; // without them a tab could remove what another writes
  try {
    const store = await (await navigator.storage.getDirectory()).getDirectoryHandle(DOWNLOADS, { create: true });
    const name = crypto.randomUUID() + PROBE;
    return await navigator.locks.request(downloadLock(name), () => takesByte(store, name));
  } catch {
    return false;
  }
}

async function takesByte(store: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  const access = await (await store.getFileHandle(name, { create: true })).createSyncAccessHandle();
  const written = access.write(new Uint8Array(1), { at: 0 });
  access.close();
  await store.removeEntry(name);
  return written === 1;
}

const CAUSES: Record<string, OutputCause> = {
  QuotaExceededError: 'full',
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NoModificationAllowedError: 'denied',
  NotFoundError: 'gone',
};

/** Why a place refused. */
export function causeOf(error: unknown): OutputCause {
  if (error instanceof OverLimit) return 'limit';
  return (error instanceof DOMException ? CAUSES[error.name] : undefined) ?? 'other';
}
