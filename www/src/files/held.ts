// Removing what the browser's own storage holds. An engine that just ended, or a page that was just left, keeps its hand on a
// file a little longer.

/** Tries, and milliseconds between them. */
const TRIES = 24;
const TRY_EVERY_MS = 125;

/** Removes a file or a folder with all that is in it; nothing there is as good. Fails at last with what the browser says. */
export async function removeHeld(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await folder.removeEntry(name, { recursive: true });
    } catch (error) {
      if (nameOf(error) === 'NotFoundError') return;
      if (!isHeld(error) || tries === TRIES) throw error;
      await new Promise((passed) => setTimeout(passed, TRY_EVERY_MS));
    }
  }
}

/** Whether somebody has the file open. */
export function isHeld(error: unknown): boolean {
  return ['NoModificationAllowedError', 'InvalidModificationError'].includes(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof DOMException ? error.name : '';
}
