// Does what a run of the trash asks for, over the handles of the folders that the user gave. A run is the core's (`TrashRun`):
// it decides, and verifies before and after; this only carries out one act after another, and never writes over anything.

import type { TrashAct, TrashAt, TrashOutcome, TrashRecord } from '../generated/heirloom';
import { TRASH } from '../protocol';
import { quietly } from '../quietly';

/** What came of an act; bytes are handed on as they are. */
export type Answer = TrashOutcome | Uint8Array<ArrayBuffer>;

const RECORDS: Record<TrashRecord, string> = { manifest: 'manifest.json', journal: 'journal.json' };

/** The name of an unfinished copy in the run's own folder. */
const PART = 'unfinished';

/** Bytes copied at once. */
const PIECE = 4 << 20;

/** More runs than anyone begins in one second. */
const MOST_NUMBERS = 1_000;

/** Folders deeper than this are links in a circle. */
const MOST_LEVELS = 64;

/** A run's own folder, which lies in the trash of one of the given folders. */
export interface RunFolder {
  handle: FileSystemDirectoryHandle;
  within: FileSystemDirectoryHandle;
}

/** Makes a folder of its own for a run. */
export async function newRun(given: FileSystemDirectoryHandle, when: string): Promise<RunFolder & { name: string }> {
  const within = await given.getDirectoryHandle(TRASH, { create: true });
  for (let number = 1; number <= MOST_NUMBERS; number += 1) {
    const name = number === 1 ? when : `${when} (${number})`;
    if (await isThere(within, name)) continue;
    return { handle: await within.getDirectoryHandle(name, { create: true }), within, name };
  }
  throw new DOMException('every number is taken', 'InvalidModificationError');
}

/** The folders of earlier runs, the newest first; none where there is no trash. */
export async function earlierRuns(given: FileSystemDirectoryHandle): Promise<(RunFolder & { name: string })[]> {
  const within = await orNull(() => given.getDirectoryHandle(TRASH));
  if (within === null) return [];
  const found: (RunFolder & { name: string })[] = [];
  for await (const child of within.values()) {
    if (child.kind === 'directory') found.push({ handle: child as FileSystemDirectoryHandle, within, name: child.name });
  }
  return found.sort((one, other) => (one.name < other.name ? 1 : -1));
}

/** Whether a run's folder has this record. */
export async function hasRecord({ handle }: RunFolder, record: TrashRecord): Promise<boolean> {
  return (await orNull(() => handle.getFileHandle(RECORDS[record]))) !== null;
}

export class TrashHost {
  /** Folders that were opened, by where they are. */
  private readonly folders = new Map<string, Promise<FileSystemDirectoryHandle>>();
  /** The copy under way. A browser shows its bytes when it is closed. */
  private copy: FileSystemWritableFileStream | null = null;

  constructor(
    private readonly given: (FileSystemDirectoryHandle | null)[],
    private readonly run: RunFolder,
  ) {}

  /** Does one act; `bytes` are those of a record. What a browser throws is an answer. */
  async act(act: TrashAct, bytes: Uint8Array | undefined): Promise<Answer> {
    try {
      return await this.carryOut(act, bytes);
    } catch (error) {
      if (nameOf(error) === 'NotFoundError') return { kind: 'gone' };
      return { kind: 'failed', text: sentenceOf(error) };
    }
  }

  private carryOut(act: TrashAct, bytes: Uint8Array | undefined): Promise<Answer> {
    switch (act.kind) {
      case 'keep':
        return this.keep(act.record, bytes);
      case 'recall':
        return this.recall(act.record, act.most);
      case 'look':
        return this.look(act.place);
      case 'read':
        return this.read(act.place, act.from, act.most);
      case 'move':
        return this.move(act.from, act.to);
      case 'copy':
        return this.copyOn(act.from, act.to, act.at, act.most);
      case 'seal':
        return this.seal();
      case 'date':
        return this.date(act.place, act.modifiedMs);
      case 'remove':
        return this.remove(act.place);
      case 'sync':
        return done(); // a browser has no such call: closing and moving are all there is
      case 'tidy':
        return this.tidy();
    }
  }

  /** A browser writes beside and renames when it closes: the record is the old one or the new one. */
  private async keep(record: TrashRecord, bytes: Uint8Array | undefined): Promise<Answer> {
    const name = RECORDS[record];
    if (bytes === undefined) {
      await orNull(() => this.run.handle.removeEntry(name));
      return done();
    }
    const file = await this.run.handle.getFileHandle(name, { create: true });
    const stream = await file.createWritable();
    try {
      await stream.write(bytes as Uint8Array<ArrayBuffer>);
      await stream.close();
    } catch (error) {
      await quietly(() => stream.abort());
      throw error;
    }
    return done();
  }

  private async recall(record: TrashRecord, most: number): Promise<Answer> {
    const file = await (await this.run.handle.getFileHandle(RECORDS[record])).getFile();
    if (file.size > most) return { kind: 'failed', text: `has ${file.size} bytes, which are too many` };
    return new Uint8Array(await file.arrayBuffer());
  }

  private async look(at: TrashAt): Promise<Answer> {
    try {
      const { size, lastModified } = await (await this.file(at)).getFile();
      return { kind: 'seen', form: 'file', size, modifiedMs: lastModified };
    } catch (error) {
      if (nameOf(error) !== 'TypeMismatchError') throw error;
      return { kind: 'seen', form: 'other', size: 0, modifiedMs: null };
    }
  }

  private async read(at: TrashAt, from: number, most: number): Promise<Answer> {
    const file = await (await this.file(at)).getFile();
    return new Uint8Array(await file.slice(from, from + most).arrayBuffer());
  }

  private async move(from: TrashAt, to: TrashAt): Promise<Answer> {
    const file = (await this.file(from)) as FileSystemFileHandle & { move?(folder: FileSystemDirectoryHandle, name: string): Promise<void> };
    const { folder, name } = await this.place(to, true);
    if (await isThere(folder, name)) return { kind: 'taken' };
    const isCopy = from.kind === 'part' || from.kind === 'beside';
    if (file.move === undefined) return isCopy ? this.rename(from, file, folder, name) : { kind: 'elsewhere' };
    try {
      await file.move(folder, name);
    } catch (error) {
      // Some browsers have the call and not for every folder: then the file is where it was, and is copied.
      if (!CANNOT_MOVE.includes(nameOf(error)) || (await isThere(folder, name))) throw error;
      return isCopy ? this.rename(from, file, folder, name) : { kind: 'elsewhere' };
    }
    return done();
  }

  /** Gives a verified copy its name where a browser can only write: what is written appears whole, when it is closed. */
  private async rename(from: TrashAt, file: FileSystemFileHandle, folder: FileSystemDirectoryHandle, name: string): Promise<Answer> {
    const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
    try {
      const bytes = await file.getFile();
      for (let at = 0; at < bytes.size; at += PIECE) await stream.write(await bytes.slice(at, at + PIECE).arrayBuffer());
      await stream.close();
    } catch (error) {
      await quietly(() => stream.abort());
      await quietly(() => folder.removeEntry(name));
      throw error;
    }
    return this.remove(from);
  }

  private async copyOn(from: TrashAt, to: TrashAt, at: number, most: number): Promise<Answer> {
    const source = await (await this.file(from)).getFile();
    if (at === 0) {
      const { folder, name } = await this.place(to, true);
      if (await isThere(folder, name)) return { kind: 'taken' };
      await this.drop();
      this.copy = await (await folder.getFileHandle(name, { create: true })).createWritable();
    }
    const piece = await source.slice(at, at + most).arrayBuffer();
    await this.copy?.write(piece);
    return { kind: 'copied', bytes: piece.byteLength };
  }

  /** The copy appears. Its time is today's: a page cannot set one. */
  private async seal(): Promise<Answer> {
    const copy = this.copy;
    this.copy = null;
    await copy?.close();
    return done();
  }

  /** A page can set no time; one that is right to the millisecond already is as good. */
  private async date(at: TrashAt, wantedMs: number): Promise<Answer> {
    const { lastModified } = await (await this.file(at)).getFile();
    if (lastModified === Math.floor(wantedMs)) return done();
    return { kind: 'failed', text: 'is in a browser, which sets no times' };
  }

  private async remove(at: TrashAt): Promise<Answer> {
    await this.drop();
    const { folder, name } = await this.place(at, false);
    await folder.removeEntry(name);
    return done();
  }

  /** Empty folders go, from the inside out, and the run's own at last. The trash itself stays. */
  private async tidy(): Promise<Answer> {
    this.folders.clear();
    if (await emptied(this.run.handle, 0)) await quietly(() => this.run.within.removeEntry(this.run.handle.name));
    return done();
  }

  private async drop(): Promise<void> {
    const copy = this.copy;
    this.copy = null;
    if (copy !== null) await quietly(() => copy.abort());
  }

  private async file(at: TrashAt): Promise<FileSystemFileHandle> {
    const { folder, name } = await this.place(at, false);
    return folder.getFileHandle(name);
  }

  /** The folder and the name of a place. */
  private async place(at: TrashAt, create: boolean): Promise<{ folder: FileSystemDirectoryHandle; name: string }> {
    if (at.kind === 'part') return { folder: this.run.handle, name: PART };
    const given = at.kind === 'kept' ? this.run.handle : this.given[at.folder];
    if (given === undefined || given === null) throw new DOMException('no handle', 'NotAllowedError');
    const above = at.path.slice(0, -1);
    const root = at.kind === 'kept' ? 'kept' : String(at.folder);
    const folder = await this.folder(root, given, above, create);
    return { folder, name: at.kind === 'beside' ? at.name : (at.path.at(-1) ?? '') };
  }

  private folder(root: string, given: FileSystemDirectoryHandle, names: string[], create: boolean): Promise<FileSystemDirectoryHandle> {
    const name = names.at(-1);
    if (name === undefined) return Promise.resolve(given);
    const key = `${root}/${names.join('/')}`;
    const known = this.folders.get(key);
    if (known !== undefined) return known;
    const opened = this.folder(root, given, names.slice(0, -1), create).then((parent) => parent.getDirectoryHandle(name, { create }));
    this.folders.set(key, opened);
    opened.catch(() => this.folders.delete(key)); // it may be there the next time
    return opened;
  }
}

/** What browsers throw where a file cannot be moved but copied. */
const CANNOT_MOVE = ['NotSupportedError', 'AbortError', 'InvalidAccessError'];

async function done(): Promise<Answer> {
  return { kind: 'done' };
}

/** Whether a folder is empty, after the empty ones in it were removed. */
async function emptied(folder: FileSystemDirectoryHandle, level: number): Promise<boolean> {
  let empty = true;
  const within: FileSystemDirectoryHandle[] = [];
  for await (const child of folder.values()) {
    if (child.kind === 'directory' && level < MOST_LEVELS) within.push(child as FileSystemDirectoryHandle);
    else empty = false;
  }
  for (const child of within) {
    if (await emptied(child, level + 1)) await quietly(() => folder.removeEntry(child.name));
    else empty = false;
  }
  return empty;
}

/** Whether a file or a folder has this name; how letters compare is the file system's to say. */
async function isThere(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch (error) {
    if (nameOf(error) === 'NotFoundError') return false;
    if (nameOf(error) === 'TypeMismatchError') return true; // a folder
    throw error;
  }
}

async function orNull<T>(open: () => Promise<T>): Promise<T | null> {
  try {
    return await open();
  } catch (error) {
    if (nameOf(error) === 'NotFoundError') return null;
    throw error;
  }
}

function nameOf(error: unknown): string {
  return error instanceof DOMException ? error.name : '';
}

/** The rest of a sentence that begins "it". */
function sentenceOf(error: unknown): string {
  switch (error instanceof TypeError ? 'TypeError' : nameOf(error)) {
    case 'NotAllowedError':
    case 'SecurityError':
    case 'NoModificationAllowedError':
      return 'may not be changed by this page';
    case 'QuotaExceededError':
      return 'has no space left on its disk';
    case 'NotReadableError':
      return 'cannot be read just now';
    case 'TypeError':
      return 'has a name that this browser does not write';
    default:
      return error instanceof Error ? `was refused by the browser: ${error.message}` : 'was refused by the browser';
  }
}
