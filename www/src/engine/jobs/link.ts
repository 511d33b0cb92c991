// The chat job in the worker: finds the original of every picture of a chat, takes answers, and writes the new chat.

import { openCatalogue } from '../catalogue';
import { codeOf, isCrash, wordsOf } from '../failure';
import { handFor } from '../hand';
import { inflated } from '../inflate';
import type { AtWork, Loop } from '../loop';
import { batches, listen, loopFor, pause, resume, tellTrouble } from '../loop';
import type { Output } from '../output';
import { causeOf, openOutput } from '../output';
import type { Loaded } from '../package';
import type { InputFile, Need, Progress, StartLink, ToEngine, ToLink } from '../protocol';
import { own, reply, tell } from '../tell';
import type { Job } from '../wasm';

/** One chat job. */
interface Running {
  loop: Loop;
  job: Job;
  decided: boolean;
  /** The files that the page was asked to look into last, by item: it may be asked again about the same two. */
  files: Map<number, Blob>;
  /** Takes the page's answer to what it was asked for. */
  answered: (answer: ToLink & { kind: 'frames' }) => void;
}

/** Makes the job over the files that the page found, and opens what is remembered for it. */
export async function beginLink(engine: Loaded, { job: number, chat, originals, settings, skip }: StartLink): Promise<AtWork> {
  const paths = (files: InputFile[]) => files.map((one) => one.path);
  const handles = (files: InputFile[]) => files.map((one) => one.file);
  const hand = handFor(engine.build, skip);
  const job = new engine.package.Job(settings, paths(chat), handles(chat), paths(originals), handles(originals), hand);
  const memory = await openCatalogue(engine.package);
  if (memory.catalogue !== null) job.remember(memory.catalogue);
  const loop = loopFor(number, hand, memory);
  const running: Running = { loop, job, decided: false, files: new Map(), answered: () => undefined };
  return { loop, run: () => decide(running), command: (msg) => command(running, msg) };
}

/** Runs collect, examine and matching to the end, and has the page do what the engine cannot. */
async function decide(running: Running): Promise<void> {
  const { job, loop } = running;
  tell({ kind: 'catalogue', job: loop.number, troubles: { ...loop.memory.troubles } });
  await batches(
    loop,
    () => job.advance(),
    async ({ progress, done, need }) => {
      tellTrouble(loop);
      const rows = progress.stage === 'matching' || done || need !== null ? job.found() : [];
      if (rows.length > 0) tell({ kind: 'found', job: loop.number, rows });
      if (need !== null) await supply(running, need, progress);
    },
  );
  running.files.clear();
  running.decided = true;
  tell({ kind: 'decided', job: loop.number, review: job.review() });
}

/** Has the page, which can decode videos, take frames of two of them. */
async function supply(running: Running, { id, pair }: Need, { done, total }: Progress): Promise<void> {
  const { job, loop } = running;
  const file = async (item: number) => running.files.get(item) ?? (await inflated(job.blob(item), job.isDeflated(item), 'video/mp4'));
  try {
    const [exported, original] = [await file(pair.exported), await file(pair.original)];
    running.files = new Map([
      [pair.exported, exported],
      [pair.original, original],
    ]);
    tell({ kind: 'look', job: loop.number, need: id, done, total, pair, exported, original });
    const { need, frames } = await new Promise<ToLink & { kind: 'frames' }>((resolve) => (running.answered = resolve));
    if (frames.length > 0) return job.supplyFrames(need, frames);
  } catch (error) {
    if (isCrash(error)) throw error; // a file that cannot be read proves nothing
  }
  job.supplyNothing(id);
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
    case 'frames':
      return running.answered(msg);
    case 'answer':
      return answer(running, msg);
    case 'save':
      return save(running, msg);
  }
}

/** The decision is on disk before it is confirmed: files may have to be hashed for it, a part at a time. */
async function answer(running: Running, msg: ToLink & { kind: 'answer' }): Promise<void> {
  const { job, loop } = running;
  job.answer(msg.medium, msg.answer ?? undefined);
  while (running.decided && !job.advance().done) await listen();
  tellTrouble(loop);
  tell({ kind: 'answered', job: loop.number, row: job.row(msg.medium), review: job.counts() });
}

async function save(running: Running, { target, choices, name }: ToLink & { kind: 'save' }): Promise<void> {
  const { job } = running;
  const { number, hand, memory } = running.loop;
  let output: Output | null = null;
  try {
    output = await openOutput(target);
    hand.copying = true;
    job.choose(choices);
    if ('put' in output.sink) job.saveToZip(output.sink);
    else job.saveToFolder(output.sink);
    const to = output;
    // No batch before the disk took the last: memory stays bounded.
    const progress = await batches(
      running.loop,
      () => job.saveStep(),
      () => to.flush(),
    );
    const file = await output.close();
    const issues = job.issues();
    if (memory.catalogue !== null) job.noteRun(memory.catalogue, Date.now(), name);
    tellTrouble(running.loop);
    const { unwritten } = output;
    const files = job.filesWritten - unwritten.length;
    tell({ kind: 'saved', job: number, file, bytes: progress.bytesWritten, files, issues, unwritten });
  } catch (error) {
    await output?.abort();
    if (isCrash(error)) throw error;
    tell({ kind: 'failed', job: number, code: codeOf(error) ?? 'output', text: wordsOf(error), inHand: null, cause: causeOf(error) });
  } finally {
    hand.copying = false;
  }
}
