// Ways in: pickers where the browser has them, `<input>` and drops everywhere, and the sample.

import type { InputFile } from '../engine/protocol';
import { inTurn, walkEntry, walkHandle, walkList } from './walk';

/** Whether folders can be picked; if not, the page shows `<input webkitdirectory>`. */
export function canPickFolders(): boolean {
  return window.showDirectoryPicker !== undefined;
}

/** What the user gave: its files, and the handles of what was picked or dropped, where the browser gives any. */
export interface Given {
  files: AsyncIterable<InputFile>;
  roots: Promise<FileSystemHandle[]>;
}

/** Asks for a folder; null: the user thought better of it. */
export async function pickFolder(purpose: 'chat' | 'originals' | 'folders' | 'chats'): Promise<Given | null> {
  const startIn = purpose === 'chat' || purpose === 'chats' ? 'downloads' : 'pictures';
  const folder = await unlessAborted(window.showDirectoryPicker?.({ id: purpose, mode: 'read', startIn }));
  return folder && givenHandles([folder]);
}

/** Asks for WhatsApp's zip; null: the user thought better of it. */
export async function pickZip(): Promise<Given | null> {
  if (window.showOpenFilePicker === undefined) return askWithInput();
  const types = [{ description: 'WhatsApp export', accept: { 'application/zip': ['.zip'] } }];
  const files = await unlessAborted(window.showOpenFilePicker({ id: 'chat', types }));
  return files && givenHandles(files);
}

/** What lies in these folders and files. */
export function givenHandles(handles: FileSystemHandle[]): Given {
  return { files: inTurn(handles.map((handle) => walkHandle(handle))), roots: Promise.resolve(handles) };
}

/** Files without handles, one after another. */
export function givenFiles(files: AsyncIterable<InputFile>): Given {
  return { files, roots: Promise.resolve([]) };
}

/** The files chosen in an `<input>`, with or without `webkitdirectory`. */
export function filesOfInput(input: HTMLInputElement): Given {
  return givenFiles(walkList([...(input.files ?? [])]));
}

/** What was dropped. Call it in the drop's own event: afterwards the browser forgets the items. */
export function filesOfDrop(data: DataTransfer): Given {
  const items = [...data.items].filter((item) => item.kind === 'file').map(openItem);
  const roots = Promise.all(items.map((item) => item.root));
  return { files: inTurn(items.map((item) => item.files)), roots: roots.then((found) => found.filter((root) => root !== null)) };
}

/** The sample chat that every copy of the page carries. */
export async function sampleFiles(): Promise<{ chat: InputFile[]; originals: InputFile[] }> {
  const list = (await fetched('list.json').then((response) => response.json())) as Record<'chat' | 'originals', string[]>;
  const files = (paths: string[]) => Promise.all(paths.map(sampleFile));
  return { chat: await files(list.chat), originals: await files(list.originals) };
}

async function sampleFile(path: string): Promise<InputFile> {
  const bytes = await fetched(path).then((response) => response.blob());
  // Times are in the photos; a date from the download would be a false clue.
  return { path, file: new File([bytes], path.slice(path.lastIndexOf('/') + 1), { lastModified: 0 }) };
}

async function fetched(path: string): Promise<Response> {
  const place = path.split('/').map(encodeURIComponent).join('/');
  const response = await fetch(new URL(`sample/${place}`, document.baseURI));
  if (!response.ok) throw new Error(`the sample's ${path} could not be loaded (${response.status})`);
  return response;
}

/** Starts at once, in the drop's event; walks when its turn comes. */
function openItem(item: DataTransferItem): { files: AsyncIterable<InputFile>; root: Promise<FileSystemHandle | null> } {
  const handle = item.getAsFileSystemHandle?.();
  if (handle === undefined) return { files: walkItem(item), root: Promise.resolve(null) };
  const files = later(async () => {
    const found = await handle;
    return found && walkHandle(found);
  });
  return { files, root: handle.catch(() => null) }; // The walk fails with it, when its turn comes.
}

function walkItem(item: DataTransferItem): AsyncIterable<InputFile> {
  const entry = item.webkitGetAsEntry();
  if (entry !== null) return walkEntry(entry);
  const file = item.getAsFile();
  return walkList(file === null ? [] : [file]);
}

async function* later(walk: () => Promise<AsyncIterable<InputFile> | null>): AsyncGenerator<InputFile> {
  const files = await walk();
  if (files !== null) yield* files;
}

function askWithInput(): Promise<Given | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.zip,application/zip';
    input.addEventListener('change', () => resolve(filesOfInput(input)));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

/** Closing a picker is not an error. */
export async function unlessAborted<T>(picking: Promise<T> | undefined): Promise<T | null> {
  try {
    return (await picking) ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}
