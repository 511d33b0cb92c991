// The engine's worker: owns the files and the wasm job, does one batch after another, and listens in between.

import { openCatalogue, troubleOf } from './catalogue';
import type { Opened } from './catalogue';
import { inflated } from './inflate';
import { openOutput } from './output';
import type { Output } from './output';
import type { Build, FileRef, FromWorker, LoadEngine, Progress, Skip, ToEngine, ToWorker, VideoFrames, VideoPair } from './protocol';
import type { Catalogue, Failure, Job, Package, Watch } from './wasm';

/** Progress is told this often, in milliseconds: the eye needs no more. */
const TELL_EVERY_MS = 100;

const scope = self as unknown as DedicatedWorkerGlobalScope;

let engine: Promise<Loaded> | null = null;
let current: Running | null = null;

/** A package and which of the two it is. */
interface Loaded {
  build: Build;
  package: Package;
}

/** One job and what the loop must know about it. */
interface Running {
  number: number;
  job: Job;
  paused: boolean;
  decided: boolean;
  hand: Hand;
  memory: Opened;
  /** Wakes the loop after a pause. */
  wake: () => void;
  /** Takes the frames that the page was asked for. */
  frames: (frames: VideoFrames[]) => void;
  toldAt: number;
}

/** Notes the file in hand, and keeps those closed over which the engine died before. */
interface Hand extends Watch {
  /** The file opened last; null: none, or with threads it could be any of several. */
  last: FileRef | null;
  /** Files may be copied into a bundle, however dangerous their pictures are. */
  copying: boolean;
}

scope.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  handle(data).catch((error: unknown) => fail('job' in data ? data.job : 0, error));
};

function handFor(build: Build, { files, why }: Skip): Hand {
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

async function handle(msg: ToWorker): Promise<void> {
  switch (msg.kind) {
    case 'load':
      engine = load(msg);
      return engine.then(
        ({ build, package: found }) => tell({ kind: 'ready', build, settings: found.defaultSettings() }),
        (error: unknown) => tell({ kind: 'unloaded', text: wordsOf(error) }),
      );
    case 'start':
      return start(msg);
    case 'count':
    case 'export':
      return tellRemembered(msg);
    default:
      if (current !== null && current.number === msg.job) await command(current, msg);
  }
}

/** The build asked for; `single` where the browser refuses the memory that `threads` asks for. */
async function load({ build, url, fallback, threads }: LoadEngine): Promise<Loaded> {
  if (build === 'threads') {
    try {
      return { build, package: await loadThreads(url, threads) };
    } catch {
      // What is wrong with both is told by the other.
    }
  }
  return { build: 'single', package: await loadSingle(build === 'threads' ? fallback : url) };
}

async function loadSingle(url: string): Promise<Package> {
  const loaded = (await import(/* @vite-ignore */ url)) as Package;
  await loaded.default();
  return loaded;
}

async function loadThreads(url: string, threads: number): Promise<Package> {
  const loaded = await loadSingle(url);
  await loaded.initThreadPool?.(threads);
  return loaded;
}

async function start({ job: number, chat, originals, settings, skip }: ToEngine & { kind: 'start' }): Promise<void> {
  const loaded = await engine?.catch(() => null);
  if (!loaded) return; // `load` told it
  const paths = (files: typeof chat) => files.map((one) => one.path);
  const handles = (files: typeof chat) => files.map((one) => one.file);
  const hand = handFor(loaded.build, skip);
  const job = new loaded.package.Job(settings, paths(chat), handles(chat), paths(originals), handles(originals), hand);
  const memory = await openCatalogue(loaded.package);
  if (memory.catalogue !== null) job.remember(memory.catalogue);
  const running: Running = { number, job, paused: false, decided: false, hand, memory, wake: () => undefined, frames: () => undefined, toldAt: 0 };
  current = running;
  tell({ kind: 'catalogue', job: number, trouble: memory.trouble });
  await decide(running);
}

/** Runs collect, examine and matching to the end. */
async function decide(running: Running): Promise<void> {
  const { job, number } = running;
  for (;;) {
    running.hand.last = null;
    const batch = job.advance();
    tellProgress(running, batch.progress, batch.done);
    tellTrouble(running);
    const rows = batch.progress.stage === 'matching' || batch.done ? job.found() : [];
    if (rows.length > 0) tell({ kind: 'found', job: number, rows });
    if (batch.done) break;
    await listen();
    await unpaused(running);
  }
  await lookIntoVideos(running);
  running.decided = true;
  tell({ kind: 'decided', job: number, review: job.review() });
}

function unpaused(running: Running): Promise<void> {
  if (!running.paused) return Promise.resolve();
  return new Promise((resolve) => (running.wake = resolve));
}

/** Has the page, which can decode videos, take frames of those that are linked or could be. */
async function lookIntoVideos(running: Running): Promise<void> {
  const pairs = running.job.looks();
  const media = [...new Set(pairs.map((pair) => pair.medium))];
  for (const pair of pairs) {
    await unpaused(running);
    const about = { done: media.indexOf(pair.medium), total: media.length };
    try {
      await lookInto(running, pair, about);
    } catch (error) {
      if (isCrash(error)) throw error; // a file that cannot be read proves nothing
    }
    tellTrouble(running);
  }
}

/** One frame of the original at each moment, and its neighbours where that is not enough. */
async function lookInto(running: Running, pair: VideoPair, about: { done: number; total: number }): Promise<void> {
  const { job, number } = running;
  const file = (item: number) => inflated(job.blob(item), job.isDeflated(item), 'video/mp4');
  const [exported, original] = [await file(pair.exported), await file(pair.original)];
  for (const steps of [[0], [0, ...pair.neighbours]]) {
    tell({ kind: 'look', job: number, ...about, pair, exported, original, steps });
    const taken = await new Promise<VideoFrames[]>((resolve) => (running.frames = resolve));
    const settled = taken.map((each) => job.look(pair.medium, pair.original, each.moment, each.exported, each.originals));
    if (settled.at(-1) ?? true) return;
  }
}

async function command(running: Running, msg: Exclude<ToEngine, { kind: 'start' | 'count' | 'export' }>): Promise<void> {
  switch (msg.kind) {
    case 'pause':
      running.paused = true;
      return;
    case 'resume':
      running.paused = false;
      return running.wake();
    case 'frames':
      return running.frames(msg.frames);
    case 'answer':
      return answer(running, msg);
    case 'preview':
      return reply(msg, () => new Blob([own(running.job.preview(msg.item, msg.longEdge))], { type: 'image/jpeg' }));
    case 'video':
      return reply(msg, () => inflated(running.job.blob(msg.item), running.job.isDeflated(msg.item), 'video/mp4'));
    case 'save':
      return save(running, msg);
  }
}

/** The decision is on disk before it is confirmed. */
function answer(running: Running, msg: ToEngine & { kind: 'answer' }): void {
  const { job, number } = running;
  job.answer(msg.medium, msg.answer ?? undefined);
  tellTrouble(running);
  tell({ kind: 'answered', job: number, row: job.row(msg.medium), review: job.counts() });
}

/** A catalogue that breaks off says so once. */
function tellTrouble({ number, memory }: Running): void {
  const failure = memory.catalogue?.trouble();
  if (failure !== undefined) tell({ kind: 'catalogue', job: number, trouble: troubleOf(failure) });
}

/** What is remembered, between jobs: the file is opened for it and given back. */
async function tellRemembered({ kind, job }: ToEngine & { kind: 'count' | 'export' }): Promise<void> {
  const loaded = await engine?.catch(() => null);
  if (!loaded) return; // `load` told it
  const { catalogue, trouble, close } = await openCatalogue(loaded.package);
  try {
    if (kind === 'count') tell({ kind: 'counted', job, counts: catalogue?.remembered() ?? null, trouble });
    else tell({ kind: 'exported', job, blob: catalogue && exported(catalogue), trouble });
  } catch (error) {
    if (isCrash(error)) throw error;
    if (kind === 'count') tell({ kind: 'counted', job, counts: null, trouble: troubleOf(error) });
    else tell({ kind: 'exported', job, blob: null, trouble: troubleOf(error) });
  } finally {
    close();
  }
}

function exported(catalogue: Catalogue): Blob {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  catalogue.export({ put: (bytes) => void pieces.push(own(bytes)) });
  return new Blob(pieces, { type: 'application/json' });
}

/** Answers a request for one file. What cannot be shown is a problem of that file, not of the job. */
async function reply(msg: { job: number; request: number }, make: () => Blob | Promise<Blob>): Promise<void> {
  const { job, request } = msg;
  try {
    tell({ kind: 'preview', job, request, blob: await make(), problem: null });
  } catch (error) {
    if (isCrash(error)) throw error;
    tell({ kind: 'preview', job, request, blob: null, problem: wordsOf(error) });
  }
}

async function save(running: Running, { target, look, name }: ToEngine & { kind: 'save' }): Promise<void> {
  const { job, number, hand, memory } = running;
  let output: Output | null = null;
  try {
    output = await openOutput(target);
    hand.copying = true;
    job.choose(look);
    if ('put' in output.sink) job.saveToZip(output.sink);
    else job.saveToFolder(output.sink);
    const progress = await writeAll(running, output);
    const file = await output.close();
    const issues = job.issues();
    if (memory.catalogue !== null) job.noteRun(memory.catalogue, Date.now(), name);
    tellTrouble(running);
    tell({ kind: 'saved', job: number, file, bytes: progress.bytesWritten, files: job.filesWritten, issues });
  } catch (error) {
    await output?.abort();
    if (isCrash(error)) throw error;
    tell({ kind: 'failed', job: number, code: codeOf(error) ?? 'output', text: wordsOf(error), inHand: null });
  } finally {
    hand.copying = false;
  }
}

/** One batch at a time, and none before the disk took the last: memory stays bounded. */
async function writeAll(running: Running, output: Output): Promise<Progress> {
  for (;;) {
    running.hand.last = null;
    const batch = running.job.saveStep();
    tellProgress(running, batch.progress, batch.done);
    await output.flush();
    if (batch.done) return batch.progress;
    await listen();
    while (running.paused) await new Promise<void>((resolve) => (running.wake = resolve));
  }
}

function tellProgress(running: Running, progress: Progress, last: boolean): void {
  const now = performance.now();
  if (!last && now - running.toldAt < TELL_EVERY_MS) return;
  running.toldAt = now;
  tell({ kind: 'progress', job: running.number, progress });
}

const channel = new MessageChannel();
let heard: () => void = () => undefined;
channel.port1.onmessage = () => heard();

/** Lets messages in between two batches. A timer would cost 4 ms each time. */
function listen(): Promise<void> {
  return new Promise((resolve) => {
    heard = resolve;
    channel.port2.postMessage(null);
  });
}

function tell(msg: FromWorker): void {
  scope.postMessage(msg);
}

function fail(job: number, error: unknown): void {
  const crashed = isCrash(error);
  const code = crashed ? 'crashed' : (codeOf(error) ?? 'unsupported');
  const inHand = crashed && current?.number === job ? current.hand.last : null;
  tell({ kind: 'failed', job, code, text: wordsOf(error), inHand });
}

/**
 * After a trap or a panic the instance's memory cannot be trusted: the client ends this worker. A stack that overflows, or
 * memory that the browser refuses, is a `RangeError`.
 */
function isCrash(error: unknown): boolean {
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return true;
  return error instanceof Error && error.name === 'PanicError';
}

/** What ends a job; a file or the catalogue never does. */
const JOB_CODES = ['no-chat', 'output', 'too-early', 'unsupported'] as const;

function codeOf(error: unknown): (typeof JOB_CODES)[number] | null {
  const code = (error as Partial<Failure> | null)?.code;
  return JOB_CODES.find((each) => each === code) ?? null;
}

function wordsOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return (error as Partial<Failure> | null)?.text ?? String(error);
}

/** The bytes as their own buffer's: what comes from wasm never is shared memory. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
