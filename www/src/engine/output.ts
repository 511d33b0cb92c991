// Where the bundle's bytes go: a zip on disk, a folder on disk, or a zip in the browser's own storage to be
// downloaded. The core calls synchronously; what must wait is queued and done by `flush` after each batch.

import type { SaveTarget } from './protocol';
import type { ByteSink, FolderSink } from './wasm';

export interface Output {
  sink: ByteSink | FolderSink;
  /** Waits until the disk took everything so far. */
  flush(): Promise<void>;
  /** Makes the result appear. A download's file is returned. */
  close(): Promise<File | null>;
  /** Removes what was written, so that nothing half-written looks whole. */
  abort(): Promise<void>;
}

/** Opens the place the user chose. */
export function openOutput(target: SaveTarget): Promise<Output> {
  switch (target.how) {
    case 'zip':
      return zipOnDisk(target.handle);
    case 'folder':
      return folderOnDisk(target.handle);
    case 'download':
      return zipToDownload();
  }
}

/** A browser writes to a hidden copy and renames it on `close`: until then there is no zip. */
async function zipOnDisk(handle: FileSystemFileHandle): Promise<Output> {
  const stream = await handle.createWritable();
  let waiting: Uint8Array[] = [];
  return {
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

/** Each file is written as a hidden copy and appears when it is whole. */
async function folderOnDisk(root: FileSystemDirectoryHandle): Promise<Output> {
  const folders = new Map<string, Promise<FileSystemDirectoryHandle>>([['', Promise.resolve(root)]]);
  let waiting: (() => Promise<void>)[] = [];
  let stream: FileSystemWritableFileStream | null = null;

  function folder(path: string): Promise<FileSystemDirectoryHandle> {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const cut = path.lastIndexOf('/');
    const parent = folder(path.slice(0, Math.max(cut, 0)));
    const made = parent.then((handle) => handle.getDirectoryHandle(path.slice(cut + 1), { create: true }));
    folders.set(path, made);
    return made;
  }

  async function begin(path: string): Promise<void> {
    const cut = path.lastIndexOf('/');
    const place = await folder(path.slice(0, Math.max(cut, 0)));
    const handle = await place.getFileHandle(path.slice(cut + 1), { create: true });
    stream = await handle.createWritable();
    undo = () => place.removeEntry(path.slice(cut + 1));
  }
  let undo: () => Promise<void> = async () => undefined;

  async function abandon(): Promise<void> {
    const open = stream;
    stream = null;
    if (open === null) return;
    await quietly(() => open.abort());
    await quietly(undo); // the empty file that stood for it
  }

  return {
    sink: {
      begin: (path) => void waiting.push(() => begin(path)),
      write: (bytes) => void waiting.push(async () => stream?.write(bytes as Uint8Array<ArrayBuffer>)),
      end: () =>
        void waiting.push(async () => {
          await stream?.close();
          stream = null;
        }),
      abandon: () => void waiting.push(abandon),
    },
    async flush() {
      const batch = waiting;
      waiting = [];
      for (const step of batch) await step();
    },
    close: async () => null,
    abort: abandon,
  };
}

/** Where finished downloads wait in the browser's own storage; emptied before each. */
const STORE = 'downloads';

async function zipToDownload(): Promise<Output> {
  const root = await navigator.storage.getDirectory();
  await quietly(() => root.removeEntry(STORE, { recursive: true }));
  const store = await root.getDirectoryHandle(STORE, { create: true });
  const handle = await store.getFileHandle('heirloom.zip', { create: true });
  const access = await handle.createSyncAccessHandle();
  let at = 0;
  return {
    sink: {
      put(bytes) {
        const written = access.write(bytes as Uint8Array<ArrayBuffer>, { at });
        if (written !== bytes.length) throw new DOMException('The disk is full.', 'QuotaExceededError');
        at += written;
      },
    },
    flush: async () => undefined,
    async close() {
      access.flush();
      access.close();
      return handle.getFile();
    },
    async abort() {
      await quietly(async () => access.close());
      await quietly(() => store.removeEntry('heirloom.zip'));
    },
  };
}

/** Cleaning up after a failure must not hide that failure. */
async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    // The failure that led here is the one to tell.
  }
}
