// Which file the engine has in hand: the one to leave out, should it die over it.

import type { Build, FileRef, Skip } from './protocol';
import type { Watch } from './wasm';

/** Notes the file in hand, and keeps those closed over which the engine died before. */
export interface Hand extends Watch {
  /** The file opened last; null: none, or with threads it could be any of several. */
  last: FileRef | null;
  /** Files may be copied into a bundle, however dangerous their pictures are. */
  copying: boolean;
}

/** The hand of a job that leaves out the files of `skip`. */
export function handFor(build: Build, { files, why }: Skip): Hand {
  const key = (side: string, path: string) => `${side}/${path}`;
  const closed = new Set(files.map((file) => key(file.side, file.path)));
  return {
    last: null,
    copying: false,
    admit(side, path) {
      if (!this.copying && closed.has(key(side, path))) return why;
      this.last = build === 'single' ? { side, path } : null;
      return undefined;
    },
  };
}
