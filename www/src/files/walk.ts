// Walks what the user gave, one file after another, so that the page can count, stop and skip meanwhile.
// Every path begins with the name of the chosen folder, as `webkitRelativePath` does.

import type { InputFile } from '../engine/protocol';

/** Folders deeper than this are links in a circle, not photos. */
const MOST_LEVELS = 64;

/** Files that are opened at once: each costs a millisecond of waiting for another process, and little else. */
const AT_ONCE = 64;

/** A file or all files below a folder. */
export async function* walkHandle(handle: FileSystemHandle, above = '', level = 0): AsyncGenerator<InputFile> {
  const path = above + handle.name;
  if (handle.kind === 'file') yield* found([openHandle(handle as FileSystemFileHandle, path)]);
  else if (level < MOST_LEVELS) yield* walkFolder(handle as FileSystemDirectoryHandle, `${path}/`, level + 1);
}

async function* walkFolder(folder: FileSystemDirectoryHandle, above: string, level: number): AsyncGenerator<InputFile> {
  const opening: Promise<InputFile | null>[] = [];
  for await (const child of folder.values()) {
    if (child.kind === 'directory') {
      yield* walkHandle(child, above, level);
      continue;
    }
    const file = openHandle(child as FileSystemFileHandle, above + child.name);
    file.catch(() => undefined); // It is awaited, and fails, when its turn comes.
    opening.push(file);
    if (opening.length >= AT_ONCE) yield* found(opening.splice(0, AT_ONCE / 2));
  }
  yield* found(opening);
}

async function openHandle(handle: FileSystemFileHandle, path: string): Promise<InputFile | null> {
  const file = await opened(() => handle.getFile());
  return file && { path, file };
}

/** One after another, those that are still there. */
async function* found(opening: Promise<InputFile | null>[]): AsyncGenerator<InputFile> {
  for (const file of opening) {
    const one = await file;
    if (one !== null) yield one;
  }
}

/** The same with the older interface, which Firefox and Safari give for drops. */
export async function* walkEntry(entry: FileSystemEntry, above = '', level = 0): AsyncGenerator<InputFile> {
  const path = above + entry.name;
  if (entry.isFile) {
    const open = () => new Promise<File>((found, failed) => (entry as FileSystemFileEntry).file(found, failed));
    const file = await opened(open);
    if (file !== null) yield { path, file };
  } else if (level < MOST_LEVELS) {
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      // A call gives at most a hundred, and none at the end.
      const some = await new Promise<FileSystemEntry[]>((found, failed) => reader.readEntries(found, failed));
      if (some.length === 0) return;
      for (const child of some) yield* walkEntry(child, `${path}/`, level + 1);
    }
  }
}

/** The files of an `<input>`, with or without `webkitdirectory`. */
export async function* walkList(files: Iterable<File>): AsyncGenerator<InputFile> {
  for (const file of files) yield { path: file.webkitRelativePath || file.name, file };
}

/** One walk after another. */
export async function* inTurn(walks: Iterable<AsyncIterable<InputFile>>): AsyncGenerator<InputFile> {
  for (const walk of walks) yield* walk;
}

/** A file that vanished between listing and opening was not there to be used: it is skipped. */
async function opened(open: () => Promise<File>): Promise<File | null> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}
