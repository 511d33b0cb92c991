// What the duplicates job does to the world: talks to the engine, asks for permission, remembers folders.

import type { Engine } from '../../engine/client';
import type { DuplicateDecision, DuplicateList, FromEngine, GivenFolder, InputFile, TrashOrder, TrashPlace } from '../../engine/protocol';
import type { KeptFolder } from '../../files/handles';
import { allowed, dropFolder, keepFolder, keptFolders } from '../../files/handles';
import { offerDownload } from '../../files/save';
import { text } from '../../text/en';
import type { Previews } from '../shared/previews';
import type { Source } from '../shared/state';
import { isRemembering, isSkipped } from '../shared/state';
import type { Store } from '../store';
import type { DuplicatesMsg, DuplicatesTask } from './state';
import { canAct, canLook, chatsGiven, foldersGiven } from './state';

/** After so many crashes it is not the files. */
const MOST_SKIPPED = 20;

const words = text.duplicates;

export type DuplicatesActions = ReturnType<typeof duplicatesActions>;

/** Everything that the buttons and keys of this job do beyond changing the state. `open` walks a folder. */
export function duplicatesActions(
  store: Store,
  engine: Engine,
  previews: Previews,
  { promise, open }: { promise: () => void; open: (handle: FileSystemDirectoryHandle) => Promise<void> },
) {
  const dispatch = (msg: DuplicatesMsg) => store.dispatch({ kind: 'duplicates', msg });
  const job = () => store.get().shared.job;
  const runs = running(store, engine, previews, dispatch);
  const folders = remembering(store, dispatch, open);

  /** Asks for what a group holds, unless it is known. */
  function look(group: string): void {
    const { duplicates: task } = store.get();
    if (task.step === 'review' && !task.details.has(group)) engine.send({ kind: 'details', job: job(), group });
  }

  function decide(decision: DuplicateDecision): void {
    dispatch({ kind: 'deciding', decision });
    promise();
    engine.send({ kind: 'decide', job: job(), decision });
  }

  /** The engine's decisions are taken back there, choices here. */
  function undo(): void {
    const { duplicates: task } = store.get();
    const last = task.step === 'review' ? task.undo.at(-1) : undefined;
    if (last === undefined) return;
    dispatch({ kind: 'undone' });
    if (last.kind === 'decision') engine.send({ kind: 'decide', job: job(), decision: { kind: 'take-back' } });
  }

  /** On to the second question, which names every file. */
  function toAct(): void {
    dispatch({ kind: 'to-act' });
    const { duplicates: task } = store.get();
    if (task.step === 'act') engine.send({ kind: 'order', job: job(), order: orderOf(task) });
  }

  /** The user said yes: the browser asks, too, and then files move. */
  async function trash(): Promise<void> {
    const { shared, duplicates: task } = store.get();
    if (task.step !== 'act' || task.phase.at !== 'question' || !canAct(shared)) return;
    if (!(await allowedAll(foldersGiven(shared)))) return store.dispatch({ kind: 'problem', text: words.act.refused });
    dispatch({ kind: 'moving' });
    engine.send({ kind: 'trash', job: job(), order: orderOf(task), when: whenOf(new Date()) });
  }

  async function restore(): Promise<void> {
    const { shared, duplicates: task } = store.get();
    if (task.step !== 'act' || task.phase.at !== 'done') return;
    if (!(await allowedAll(foldersGiven(shared)))) return store.dispatch({ kind: 'problem', text: words.act.refused });
    const { places } = task.phase.trashed;
    dispatch({ kind: 'restoring' });
    engine.send({ kind: 'restore', job: job(), places });
  }

  /** Puts back what an earlier run moved. */
  async function putBack(place: TrashPlace): Promise<void> {
    const { shared, duplicates: task } = store.get();
    if (task.step !== 'review') return;
    if (!(await allowedAll(foldersGiven(shared)))) return store.dispatch({ kind: 'problem', text: words.act.refused });
    dispatch({ kind: 'putting-back' });
    engine.send({ kind: 'restore', job: job(), places: [place] });
  }

  function savePlan(): void {
    const { duplicates: task } = store.get();
    if (task.step === 'act') engine.send({ kind: 'document', job: job(), order: orderOf(task) });
  }

  function report(): void {
    engine.send({ kind: 'report', job: job() });
  }

  /** What the engine made for the user's downloads. */
  function offer(message: FromEngine): void {
    if (message.job !== job()) return;
    if (message.kind === 'document') offerDownload(message.blob, words.review.planName);
    if (message.kind === 'report') offerDownload(message.blob, words.review.reportName);
  }

  return { ...runs, ...folders, dispatch, look, decide, undo, toAct, trash, restore, putBack, savePlan, report, offer };
}

/** Starting, pausing and ending jobs. */
function running(store: Store, engine: Engine, previews: Previews, dispatch: (msg: DuplicatesMsg) => void) {
  function start(): void {
    const { shared, duplicates: task } = store.get();
    if (!canLook(shared)) return;
    const job = shared.job + 1;
    previews.restart(job);
    dispatch({ kind: 'started', job });
    const lists: DuplicateList[] = task.similar ? ['exact', 'payload', 'shot', 'similar'] : ['exact', 'payload', 'shot'];
    const skip = { files: shared.skipped, why: text.skipped.why };
    engine.send({
      kind: 'start-duplicates',
      job,
      folders: givenFolders(foldersGiven(shared)),
      chats: chatsGiven(shared).flatMap(({ files }) => files),
      lists,
      skip,
    });
  }

  /** Ends the engine's worker if it is this job's, so that it answers at once; the folders stay chosen. */
  function cancel(): void {
    const { shared } = store.get();
    if (shared.owner === 'duplicates') {
      engine.cancel();
      previews.restart(shared.job);
    }
    dispatch({ kind: 'cancelled' });
  }

  function startOver(): void {
    cancel();
    dispatch({ kind: 'over' });
  }

  function restart(): void {
    cancel();
    start();
  }

  function setPaused(paused: boolean): void {
    engine.send({ kind: paused ? 'pause' : 'resume', job: store.get().shared.job });
    dispatch(paused ? { kind: 'paused' } : { kind: 'resumed', at: performance.now() });
  }

  /** After a crash: goes on without the file over which the engine died, as the chat job does. Files that move are never left to a guess. */
  function recover({ job, code, inHand }: FromEngine & { kind: 'failed' }): boolean {
    const { shared, duplicates: task } = store.get();
    if (code !== 'crashed' || shared.job !== job) return false;
    const threads = engine.threads();
    engine.useSingle();
    if (task.step !== 'progress' && !(task.step === 'review' && isRemembering(shared, 'cache'))) return false;
    const fresh = inHand !== null && !isSkipped(shared.skipped, inHand);
    if (fresh && shared.skipped.length < MOST_SKIPPED) store.dispatch({ kind: 'skipped', file: inHand });
    else if (!threads) return false;
    const deciding = task.step === 'review';
    restart();
    if (deciding || task.again) dispatch({ kind: 'stumbled' });
    return true;
  }

  return { start, cancel, startOver, restart, setPaused, recover };
}

/** Folders of before, offered again, and new ones kept. */
function remembering(store: Store, dispatch: (msg: DuplicatesMsg) => void, open: (handle: FileSystemDirectoryHandle) => Promise<void>) {
  let kept: KeptFolder[] = [];
  const noted = new Set<number>();

  async function offerAgain(): Promise<void> {
    kept = await keptFolders();
    dispatch({ kind: 'offered', offered: kept.map(({ id, handle }) => ({ id, name: handle.name })) });
  }

  /** Asks politely, in the click; what is refused is said. */
  async function openOffered(id: string): Promise<void> {
    const found = kept.find((each) => each.id === id);
    if (found === undefined) return;
    if (await mayRead(found.handle)) await open(found.handle);
    else store.dispatch({ kind: 'problem', text: words.choose.refused(found.handle.name) });
  }

  async function forgetOffered(id: string): Promise<void> {
    await dropFolder(id);
    await offerAgain();
  }

  store.subscribe(() => {
    for (const { id, done, roots } of foldersGiven(store.get().shared)) {
      if (!done || noted.has(id)) continue;
      noted.add(id);
      void keep(roots.filter(({ kind }) => kind === 'directory') as FileSystemDirectoryHandle[]);
    }
  });

  /** One after another: the newest stands first. */
  async function keep(roots: FileSystemDirectoryHandle[]): Promise<void> {
    for (const root of roots) await keepFolder(root);
    if (roots.length > 0) await offerAgain();
  }

  void offerAgain();
  return { openOffered, forgetOffered, offerAgain };
}

async function mayRead(handle: FileSystemDirectoryHandle): Promise<boolean> {
  try {
    return await allowed(handle, 'read');
  } catch {
    return false; // the folder is gone, or the browser asks only in a click of its own
  }
}

/** Whether files may be moved in all of them. One after another: the browser shows one question at a time. */
async function allowedAll(sources: Source[]): Promise<boolean> {
  try {
    for (const root of sources.flatMap(({ roots }) => roots)) if (!(await allowed(root, 'readwrite'))) return false;
    return true;
  } catch {
    return false;
  }
}

function orderOf(task: DuplicatesTask & { step: 'act' }): TrashOrder {
  const { units, keepers } = task.plan;
  return { units, keepers };
}

/** The clock on the wall, as every file system takes it for a name: "2026-12-01 09-05-07". */
export function whenOf(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('-')}`;
}

/** The given folders, each by itself. What was dropped at once may be several. */
export function givenFolders(sources: Pick<Source, 'label' | 'files' | 'roots'>[]): GivenFolder[] {
  return sources.flatMap(({ label, files, roots }) => {
    const tops = new Map<string, InputFile[]>();
    for (const { path, file } of files) {
      const at = path.indexOf('/');
      const top = at < 0 ? '' : path.slice(0, at);
      const of = tops.get(top) ?? [];
      tops.set(top, of);
      of.push({ path: path.slice(at + 1), file });
    }
    return [...tops].map(([name, of]) => {
      const handle = roots.find((root) => root.kind === 'directory' && root.name === name);
      return { name: name === '' ? label : name, files: of, handle: (handle as FileSystemDirectoryHandle | undefined) ?? null };
    });
  });
}
