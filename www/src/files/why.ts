// What went wrong with a file or a folder, as far as the browser's exceptions say. They are in no language of the user's.

import type { OutputCause } from '../engine/protocol';

/** `unread`: it is there, and cannot be read just now. */
export type Why = Exclude<OutputCause, 'limit'> | 'unread';

const NAMES: Record<string, Why> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NoModificationAllowedError: 'denied',
  NotFoundError: 'gone',
  QuotaExceededError: 'full',
  NotReadableError: 'unread',
};

export function whyOf(error: unknown): Why {
  return (error instanceof DOMException ? NAMES[error.name] : undefined) ?? 'other';
}
