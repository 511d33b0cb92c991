// The duplicates job in the worker: finds files that are one picture, takes decisions, and moves what the user wants moved.

import { openCatalogue } from '../catalogue';
import { isCrash, wordsOf } from '../failure';
import { handFor } from '../hand';
import { inflated } from '../inflate';
import type { AtWork, Loop } from '../loop';
import { batches, listen, loopFor, pause, resume, tellTrouble } from '../loop';
import { causeOf } from '../output';
import type { Loaded } from '../package';
import type { DuplicateDecision, GroupRow, StartDuplicates, ToDuplicates, ToEngine, TrashOrder } from '../protocol';
import { PAGE } from '../protocol';
import { own, reply, tell } from '../tell';
import type { Came } from '../trash/runs';
import { fromTrash, recoverAll, toTrash, trashesOf } from '../trash/runs';
import type { Duplicates, Package } from '../wasm';

/** Progress of an act is told this often, in milliseconds. */
const TELL_EVERY_MS = 100;

/** One duplicates job. */
interface Running {
  loop: Loop;
  engine: Package;
  job: Duplicates;
  /** Of each folder; null: it can only be read. */
  given: (FileSystemDirectoryHandle | null)[];
  /** The groups that the page knows: their units, by id. */
  told: Map<string, string>;
  decided: boolean;
}

/** Makes the job over the folders that the page found, and opens what is remembered for it. */
export async function beginDuplicates(engine: Loaded, { job: number, folders, chats, lists, skip }: StartDuplicates): Promise<AtWork> {
  const hand = handFor(engine.build, skip);
  const files = [...folders.flatMap((folder) => folder.files), ...chats];
  const job = new engine.package.Duplicates(
    folders.map(({ name }) => name),
    Uint32Array.from(folders, (folder) => folder.files.length),
    files.map(({ path }) => path),
    files.map(({ file }) => file),
    lists,
    hand,
  );
  const memory = await openCatalogue(engine.package);
  if (memory.catalogue !== null) job.remember(memory.catalogue);
  const loop = loopFor(number, hand, memory);
  const given = folders.map(({ handle }) => handle);
  const running: Running = { loop, engine: engine.package, job, given, told: new Map(), decided: false };
  return { loop, run: () => search(running), command: (msg) => command(running, msg) };
}

/** Settles what was ended in the middle, then examines and compares to the end. */
async function search(running: Running): Promise<void> {
  const { job, loop, engine, given } = running;
  tell({ kind: 'catalogue', job: loop.number, troubles: { ...loop.memory.troubles } });
  const recovered = await recoverAll(engine, given);
  if (recovered.runs + recovered.waiting > 0) tell({ kind: 'recovered', job: loop.number, ...recovered });
  tell({ kind: 'trashes', job: loop.number, places: await trashesOf(given) });
  await batches(
    loop,
    () => job.advance(),
    () => tellTrouble(loop),
  );
  running.decided = true;
  await tellGroups(running);
}

/** New and changed groups, in pages, and the ids of those that are gone. The page may speak in between. */
async function tellGroups({ job, loop, told }: Running): Promise<void> {
  const now = new Map<string, string>();
  const fresh: GroupRow[] = [];
  const count = job.groups();
  for (let from = 0; from < count; from += PAGE) {
    for (const row of job.rows(from, Math.min(count, from + PAGE))) {
      const units = row.units.map(({ unit }) => unit).join();
      now.set(row.id, units);
      if (told.get(row.id) !== units) fresh.push(row);
    }
  }
  const gone = [...told.keys()].filter((id) => !now.has(id));
  told.clear();
  for (const [id, units] of now) told.set(id, units);
  const [summary, stacks] = [job.summary(), job.stacks()];
  for (let from = 0; from === 0 || from < fresh.length; from += PAGE) {
    const more = from + PAGE < fresh.length;
    tell({ kind: 'groups', job: loop.number, rows: fresh.slice(from, from + PAGE), gone: from === 0 ? gone : [], summary, stacks, more });
    if (more) await listen();
  }
}

async function command(running: Running, msg: ToEngine): Promise<void> {
  const { job, loop } = running;
  switch (msg.kind) {
    case 'pause':
      return pause(loop);
    case 'resume':
      return resume(loop);
    case 'preview':
      return reply(msg, () => new Blob([own(job.preview(msg.item, msg.longEdge))], { type: 'image/jpeg' }));
    case 'video':
      return reply(msg, () => inflated(job.blob(msg.item), job.isDeflated(msg.item), 'video/mp4'));
    case 'details':
      return tell({ kind: 'details', job: loop.number, details: job.details(msg.group) });
    case 'decide':
      return decide(running, msg.decision);
    case 'order':
      return tell({ kind: 'ordered', job: loop.number, files: job.order(Uint32Array.from(msg.order.units)) });
    case 'trash':
      return trash(running, msg);
    case 'restore':
      return restore(running, msg);
    case 'document':
      return tell({ kind: 'document', job: loop.number, blob: json(document(job, msg.order)) });
    case 'report':
      return tell({ kind: 'report', job: loop.number, blob: new Blob([job.report()], { type: 'text/html' }) });
  }
}

/** The decision is on disk before the page hears what came of it. */
async function decide(running: Running, decision: DuplicateDecision): Promise<void> {
  const { job, loop } = running;
  switch (decision.kind) {
    case 'stack':
      job.stack(Uint32Array.from(decision.units));
      break;
    case 'unstack':
      job.unstack(decision.unit);
      break;
    case 'unstack-all':
      job.unstackAll(decision.rule);
      break;
    case 'not-a-duplicate':
      job.notDuplicates(Uint32Array.from(decision.units));
      break;
    case 'take-back':
      job.takeBack();
      break;
  }
  while (running.decided && !job.advance().done) await listen();
  tellTrouble(loop);
  await tellGroups(running);
}

function document(job: Duplicates, { units, keepers }: TrashOrder): string {
  return job.document(Uint32Array.from(units), keepers);
}

function json(text: string): Blob {
  return new Blob([text], { type: 'application/json' });
}

async function trash({ engine, job, loop, given }: Running, { order, when }: ToDuplicates & { kind: 'trash' }): Promise<void> {
  const came = await ended(() => toTrash(engine, job, given, order, when, telling(loop)));
  const units = [...job.unitsOf(came.moved)];
  const { moved, bytes, places, left } = came;
  tell({ kind: 'trashed', job: loop.number, units, files: moved.length, bytes, places, left, cause: came.cause });
  tell({ kind: 'trashes', job: loop.number, places: await trashesOf(given) });
}

async function restore({ engine, loop, given }: Running, { places }: ToDuplicates & { kind: 'restore' }): Promise<void> {
  const { moved, left, cause } = await ended(() => fromTrash(engine, given, places, telling(loop)));
  tell({ kind: 'restored', job: loop.number, files: moved.length, left, cause });
  tell({ kind: 'trashes', job: loop.number, places: await trashesOf(given) });
}

/** What a browser throws ends the act, not the job: what was not moved is where it was. */
async function ended(work: () => Promise<Came>): Promise<Came & { cause: ReturnType<typeof causeOf> | null }> {
  try {
    const came = await work();
    if (came.trouble !== null) came.left.push({ path: '', text: came.trouble });
    return { ...came, cause: came.trouble === null ? null : 'other' };
  } catch (error) {
    if (isCrash(error)) throw error;
    return { moved: [], bytes: 0, left: [{ path: '', text: wordsOf(error) }], places: [], trouble: wordsOf(error), cause: causeOf(error) };
  }
}

function telling({ number }: Loop): (done: number, total: number) => void {
  let toldAt = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - toldAt < TELL_EVERY_MS) return;
    toldAt = now;
    tell({ kind: 'acting', job: number, done, total, bytes: 0 });
  };
}
