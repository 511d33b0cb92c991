// A bundle as a new folder on disk. No file that was there before is opened for writing: not even one that somebody else puts
// there in the meantime.

import type { Output } from './output';
import type { Unwritten } from './protocol';
import { quietly } from './quietly';

/** Something of the file's name is there already, or no file may have it. */
class Refused extends Error {
  constructor(readonly why: Unwritten['why']) {
    super(why);
  }
}

/** Each file is written as a hidden copy and appears when it is whole. `root` was just made in `within`. */
export function folderOnDisk(root: FileSystemDirectoryHandle, within: FileSystemDirectoryHandle): Output {
  const unwritten: Unwritten[] = [];
  /** How to take back what was made; the newest last. Folders go only if nothing else was put into them. */
  const made: (() => Promise<void>)[] = [() => within.removeEntry(root.name)];
  const folders = new Map<string, Promise<FileSystemDirectoryHandle>>([['', Promise.resolve(root)]]);
  let waiting: (() => Promise<void>)[] = [];
  let stream: FileSystemWritableFileStream | null = null;

  function folder(path: string): Promise<FileSystemDirectoryHandle> {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const opened = folder(above(path)).then(async (parent) => {
      const handle = await named(() => parent.getDirectoryHandle(last(path), { create: true }));
      made.push(() => parent.removeEntry(last(path)));
      return handle;
    });
    folders.set(path, opened);
    return opened;
  }

  async function begin(path: string): Promise<void> {
    try {
      const place = await folder(above(path));
      const handle = await newFile(place, last(path));
      made.push(() => place.removeEntry(last(path)));
      stream = await handle.createWritable();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      unwritten.push({ path, why: error.why }); // its bytes go nowhere
    }
  }

  async function end(): Promise<void> {
    await stream?.close();
    stream = null;
  }

  async function abandon(): Promise<void> {
    const open = stream;
    stream = null;
    if (open === null) return;
    await quietly(() => open.abort());
    const undo = made.pop(); // of the empty file that stood for it
    if (undo !== undefined) await quietly(undo);
  }

  return {
    unwritten,
    sink: {
      begin: (path) => void waiting.push(() => begin(path)),
      write: (bytes) => void waiting.push(async () => stream?.write(bytes as Uint8Array<ArrayBuffer>)),
      end: () => void waiting.push(end),
      abandon: () => void waiting.push(abandon),
    },
    async flush() {
      const batch = waiting;
      waiting = [];
      for (const step of batch) await step();
    },
    close: async () => null,
    async abort() {
      await abandon();
      for (const undo of made.reverse()) await quietly(undo);
    },
  };
}

/** A file that was not there before. */
async function newFile(place: FileSystemDirectoryHandle, name: string): Promise<FileSystemFileHandle> {
  try {
    await named(() => place.getFileHandle(name));
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'NotFoundError') throw error;
    return named(() => place.getFileHandle(name, { create: true }));
  }
  throw new Refused('there');
}

/** What a name itself is refused for. */
async function named<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof TypeError) throw new Refused('name');
    if (error instanceof DOMException && error.name === 'TypeMismatchError') throw new Refused('there');
    throw error;
  }
}

function above(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function last(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
