// What the worker uses of a wasm package. The types are generated from `crate/wasm`.

import type * as Generated from './generated/heirloom';

/** One of the two packages, loaded. */
export interface Package {
  default(options?: { module_or_path?: unknown }): Promise<unknown>;
  defaultSettings: typeof Generated.defaultSettings;
  Job: typeof Generated.Job;
  Duplicates: typeof Generated.Duplicates;
  TrashRun: typeof Generated.TrashRun;
  Volume: typeof Generated.Volume;
  Catalogue: typeof Generated.Catalogue;
  /** Only in the `threads` build. */
  initThreadPool?(threads: number): Promise<unknown>;
}

export type Job = Generated.Job;
export type Duplicates = Generated.Duplicates;
export type TrashRun = Generated.TrashRun;
export type Volume = Generated.Volume;
export type Catalogue = Generated.Catalogue;
export type { Batch, ByteSink, Failure, FolderSink, Watch } from './generated/heirloom';
