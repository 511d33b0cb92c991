// What the page does to the world: what every job needs, and what the job at hand does.

import type { Engine } from '../engine/client';
import type { FromEngine } from '../engine/protocol';
import { createDownloads } from '../files/downloads';
import { offerDownload } from '../files/save';
import { text } from '../text/en';
import { duplicatesActions } from './duplicates/effects';
import { answers, jobs, outputs } from './link/effects';
import { inputs, upkeep } from './shared/effects';
import { Previews } from './shared/previews';
import type { Route } from './shared/route';
import { isEmpty } from './shared/update';
import type { Store } from './store';

export type Actions = ReturnType<typeof createActions>;

/** Everything the page's buttons and keys do beyond changing the state. */
export function createActions(store: Store, engine: Engine) {
  const { dispatch } = store;
  const previews = new Previews((msg) => engine.send(msg));
  const job = jobs(store, engine, previews);
  const downloads = createDownloads();
  void downloads.sweep();
  addEventListener('pagehide', (event) => {
    if (!event.persisted) downloads.leave(); // else it may come back as it was
  });
  const keeping = upkeep(store, engine, downloads);
  const reviewing = answers(store, engine, keeping.promise);
  const output = outputs(store, engine, downloads, keeping.promise);
  let whenReady = () => {};
  /** Starts as soon as the engine is there. */
  const startSoon = () => {
    if (store.get().shared.defaults === null) whenReady = job.start;
    else job.start();
  };
  const ways = inputs(store, startSoon);
  const open = (handle: FileSystemDirectoryHandle) => ways.fromHandle('folders', handle);
  const duplicates = duplicatesActions(store, engine, previews, { promise: keeping.promise, open });
  engine.onMessage((message) => {
    if (message.kind === 'preview') previews.deliver(message);
    else if (message.kind === 'failed' && (store.get().shared.owner === 'duplicates' ? duplicates : job).recover(message)) return;
    else dispatch({ kind: 'engine', at: performance.now(), message: inWords(message, store.get().shared.owner) });
    if (message.kind === 'look') void job.look(message);
    if (message.kind === 'decided') reviewing.answerAgain(message.review);
    if (message.kind === 'answered') reviewing.confirm(message);
    if (message.kind === 'forgot' && isEmpty(message)) void keeping.forgetForever();
    duplicates.offer(message);
    if (message.kind === 'exported' && message.blob !== null) offerDownload(message.blob, text.kept.fileName);
    // Without a file system of its own the browser takes the finished file as a download, at once.
    if (message.kind === 'saved' && message.job === store.get().shared.job) output.download();
  });
  engine.onLoad((word) => {
    if (word.kind === 'unloaded') return dispatch({ kind: 'unloaded', text: word.text });
    dispatch({ kind: 'ready', defaults: word.settings, storage: word.storage });
    whenReady();
    whenReady = () => {};
  });
  engine.load();
  return { dispatch, previews, duplicates, ...job, ...reviewing, ...output, ...keeping, ...ways };
}

/** The engine's messages with what the page itself has words for. */
function inWords(message: FromEngine, owner: Route | null): FromEngine {
  if (message.kind !== 'failed' || message.code !== 'output') return message;
  const words = owner === 'duplicates' ? text.duplicates.act.causes : text.save.trouble;
  return { ...message, text: words[message.cause ?? 'other'] };
}
