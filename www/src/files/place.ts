// Where a bundle is written on disk: a new folder inside the chosen one, and never inside an input.

/** A folder that was chosen lies in an input, or is one. */
export interface Within {
  place: string;
  input: string;
}

/** More folders of one name than anyone makes. */
const MOST_NUMBERS = 1_000;

/** The input in which everything written into `place` would lie; null: none. A place around an input takes nothing from it. */
export async function inputAround(place: FileSystemDirectoryHandle, inputs: FileSystemHandle[]): Promise<Within | null> {
  for (const input of inputs) {
    if (await holds(input, place)) return { place: place.name, input: input.name };
  }
  return null;
}

async function holds(input: FileSystemHandle, place: FileSystemDirectoryHandle): Promise<boolean> {
  if (await input.isSameEntry(place)) return true;
  return input.kind === 'directory' && (await (input as FileSystemDirectoryHandle).resolve(place)) !== null;
}

/** Makes a folder that was not there: `wanted`, or with the first number after it that is free. */
export async function newFolder(within: FileSystemDirectoryHandle, wanted: string): Promise<FileSystemDirectoryHandle> {
  for (let number = 1; number <= MOST_NUMBERS; number += 1) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    if (await isThere(within, name)) continue;
    const made = await within.getDirectoryHandle(name, { create: true });
    if (await isEmpty(made)) return made; // else it was made, and filled, in the same moment
  }
  throw new DOMException('every number is taken', 'InvalidModificationError');
}

/** Whether a folder or a file has this name; how letters compare is the file system's to say. */
async function isThere(within: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await within.getDirectoryHandle(name);
    return true;
  } catch (error) {
    const why = error instanceof DOMException ? error.name : '';
    if (why === 'NotFoundError') return false;
    if (why === 'TypeMismatchError') return true; // a file
    throw error;
  }
}

async function isEmpty(folder: FileSystemDirectoryHandle): Promise<boolean> {
  for await (const _child of folder.keys()) return false;
  return true;
}
