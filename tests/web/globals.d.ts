// What the tests leave in a page's window to look at later, and what TypeScript's library does not know.

import type AxeCore from 'axe-core';

declare global {
  interface Window {
    axe: typeof AxeCore;
    told: { read: number; decided: number; answered: number };
    engines: Worker[];
    newest: { bytesRead: number; bytesWritten: number };
    suggestedName?: string | undefined;
    __hit?: unknown;
    asked: number[];
    places: Record<string, string>;
    folderAt(path: string): Promise<FileSystemDirectoryHandle>;
    dropped: FileSystemDirectoryHandle[];
    wanted: number;
    showDirectoryPicker?(options?: { id?: string }): Promise<FileSystemDirectoryHandle>;
    showSaveFilePicker?(options?: { suggestedName?: string }): Promise<FileSystemFileHandle>;
  }

  interface DataTransferItem {
    getAsFileSystemHandle(): Promise<FileSystemDirectoryHandle>;
  }

  interface FileSystemFileHandle {
    createSyncAccessHandle(): Promise<unknown>;
  }

  interface Performance {
    memory?: { usedJSHeapSize: number };
  }
}
