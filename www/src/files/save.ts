// Ways out: a zip or a folder on disk where the browser can write there, a download everywhere.

import type { SaveTarget } from '../engine/protocol';
import { unlessAborted } from './open';

/** What this browser can write directly. Without it, `{ how: 'download' }` always works. */
export function saveWays(): { zip: boolean; folder: boolean } {
  return { zip: window.showSaveFilePicker !== undefined, folder: window.showDirectoryPicker !== undefined };
}

/** Asks where to save; null: the user thought better of it. Where there is no picker the zip is a download. */
export async function pickSave(how: 'zip' | 'folder', suggestedName: string): Promise<SaveTarget | null> {
  if (!saveWays()[how]) return { how: 'download' };
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
