// What the page asks about what is remembered, between jobs.

import { openCatalogue, removeCache, troubleOf } from './catalogue';
import { isCrash } from './failure';
import type { Remembered, ToCatalogue, Troubles } from './protocol';
import { own, tell } from './tell';
import type { Catalogue, Package } from './wasm';

/** What is remembered, between jobs: the files are opened for it and given back. */
export async function tellRemembered(engine: Package, { kind, job }: ToCatalogue): Promise<void> {
  const { catalogue, troubles, close } = await openCatalogue(engine);
  let open = true;
  const giveBack = () => {
    if (open) close();
    open = false;
  };
  try {
    if (kind === 'count') tell({ kind: 'counted', job, counts: catalogue?.remembered() ?? null, troubles });
    else if (kind === 'export') tell({ kind: 'exported', job, blob: catalogue && exported(catalogue), troubles });
    else tell({ kind: 'forgot', job, counts: await forgotten(catalogue, troubles, giveBack), troubles });
  } catch (error) {
    if (isCrash(error)) throw error;
    const failed: Troubles = { ...troubles, cache: troubleOf(error) };
    if (kind === 'count') tell({ kind: 'counted', job, counts: null, troubles: failed });
    else if (kind === 'export') tell({ kind: 'exported', job, blob: null, troubles: failed });
    else tell({ kind: 'forgot', job, counts: null, troubles: failed });
  } finally {
    giveBack();
  }
}

/** Deletes what was learnt; what is left. Decisions that an older page kept with it were taken over when it was opened. */
async function forgotten(catalogue: Catalogue | null, troubles: Troubles, giveBack: () => void): Promise<Remembered | null> {
  const held = troubles.cache !== null && troubles.cache.why !== 'aside';
  if (catalogue === null || held) return null;
  catalogue.forgetCache();
  const counts = { ...catalogue.remembered(), bytes: 0 };
  giveBack();
  await removeCache();
  return counts;
}

function exported(catalogue: Catalogue): Blob {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  catalogue.export({ put: (bytes) => void pieces.push(own(bytes)) });
  return new Blob(pieces, { type: 'application/json' });
}
