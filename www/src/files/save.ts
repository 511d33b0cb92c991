// Ways out: a zip or a folder on disk where the browser can write there, a download everywhere.

import { unlessAborted } from './open';

/** A place on disk that the user chose. */
export type Picked = { how: 'zip'; handle: FileSystemFileHandle } | { how: 'folder'; handle: FileSystemDirectoryHandle };

/** What this browser can write directly. Without it, `{ how: 'download' }` always works. */
export function saveWays(): { zip: boolean; folder: boolean } {
  return { zip: window.showSaveFilePicker !== undefined, folder: window.showDirectoryPicker !== undefined };
}

/** Whether the browser's downloads are the only way out. */
export function isDownload(): boolean {
  const ways = saveWays();
  return !ways.zip && !ways.folder;
}

/** Asks where to save; null: the user thought better of it. Only where `saveWays` has this way. */
export async function pickSave(how: Picked['how'], suggestedName: string): Promise<Picked | null> {
  if (how === 'zip') {
    const types = [{ description: 'Zip', accept: { 'application/zip': ['.zip'] } }];
    const options = { id: 'save', suggestedName, startIn: 'downloads' as const, types };
    const handle = await unlessAborted(window.showSaveFilePicker?.(options));
    return handle && { how, handle };
  }
  const options = { id: 'save', mode: 'readwrite' as const, startIn: 'downloads' as const };
  const handle = await unlessAborted(window.showDirectoryPicker?.(options));
  return handle && { how, handle };
}

/** Hands a finished file to the browser's downloads. */
export function offerDownload(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser reads the address after this event; a minute is ample, and the file stays where it is.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
