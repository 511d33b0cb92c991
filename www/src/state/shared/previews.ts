// Small pictures for the screen. The engine makes them; this keeps their object URLs, and revokes what is no longer needed.

import type { FromEngine, ToEngine } from '../../engine/protocol';

/** A picture that may still be on its way. */
export type Preview = { state: 'waiting' } | { state: 'ready'; url: string } | { state: 'none' };

/** The file itself instead of a picture of it (videos). */
export const WHOLE = 0;

interface Entry {
  item: number;
  /** Pixels of the long edge, or `WHOLE`. */
  edge: number;
  preview: Preview;
  asked: boolean;
  bytes: number;
  users: Set<(preview: Preview) => void>;
}

/** Requests the engine has at a time: few, so that what comes on screen next does not wait long. */
const IN_FLIGHT = 3;
/** Unused pictures are kept up to this many bytes. */
const KEPT_BYTES = 48 << 20;

export class Previews {
  private entries = new Map<string, Entry>();
  private flying = new Map<number, Entry>();
  private request = 0;
  private job = 0;

  constructor(private send: (msg: ToEngine) => void) {}

  /** A new job: pictures of the old one are dropped. */
  restart(job: number): void {
    for (const entry of this.entries.values()) revoke(entry);
    this.entries.clear();
    this.flying.clear();
    this.job = job;
  }

  /** Asks for a picture and calls back at every change; the returned function ends the interest. */
  want(item: number, edge: number, user: (preview: Preview) => void): () => void {
    const key = `${item}/${edge}`;
    const entry = this.entries.get(key) ?? { item, edge, preview: { state: 'waiting' }, asked: false, bytes: 0, users: new Set() };
    this.entries.delete(key); // the map is in order of use
    this.entries.set(key, entry);
    entry.users.add(user);
    user(entry.preview);
    this.ask();
    return () => {
      entry.users.delete(user);
      if (entry.users.size === 0 && !entry.asked && this.entries.get(key) === entry) this.entries.delete(key);
      this.trim();
    };
  }

  /** Takes the engine's answer. */
  deliver(message: FromEngine & { kind: 'preview' }): void {
    const entry = this.flying.get(message.request);
    if (message.job !== this.job || entry === undefined) return;
    this.flying.delete(message.request);
    entry.preview = message.blob === null ? { state: 'none' } : { state: 'ready', url: URL.createObjectURL(message.blob) };
    entry.bytes = entry.edge === WHOLE ? 0 : (message.blob?.size ?? 0); // a whole file stays on its disk
    for (const user of entry.users) user(entry.preview);
    this.trim();
    this.ask();
  }

  /** The largest first (it is what the user looks at), then the newest. */
  private ask(): void {
    while (this.flying.size < IN_FLIGHT) {
      let next: Entry | null = null;
      for (const entry of this.entries.values()) {
        if (!entry.asked && entry.users.size > 0 && (next === null || rank(entry) >= rank(next))) next = entry;
      }
      if (next === null) return;
      this.send(this.message(next));
    }
  }

  private message(entry: Entry): ToEngine {
    entry.asked = true;
    this.request += 1;
    this.flying.set(this.request, entry);
    const common = { job: this.job, request: this.request, item: entry.item };
    return entry.edge === WHOLE ? { kind: 'video', ...common } : { kind: 'preview', ...common, longEdge: entry.edge };
  }

  private trim(): void {
    let bytes = 0;
    for (const entry of this.entries.values()) bytes += entry.bytes;
    for (const [key, entry] of this.entries) {
      if (bytes <= KEPT_BYTES) return;
      if (entry.users.size > 0 || entry.preview.state !== 'ready') continue;
      bytes -= entry.bytes;
      revoke(entry);
      this.entries.delete(key);
    }
  }
}

function rank(entry: Entry): number {
  return entry.edge === WHOLE ? Infinity : entry.edge;
}

function revoke(entry: Entry): void {
  if (entry.preview.state === 'ready') URL.revokeObjectURL(entry.preview.url);
}
