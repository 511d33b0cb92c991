// What the page does to the world: walks folders, talks to the engine, asks where to save.

import type { Engine } from '../engine/client';
import type { Answer, FromEngine, InputFile, Review, Row, SaveTarget } from '../engine/protocol';
import { takeFrames } from '../files/frames';
import { filesOfDrop, filesOfInput, pickFolder, pickZip, sampleFiles } from '../files/open';
import { confirmed, forgetAll, keepUnconfirmed, unconfirmed } from '../files/remember';
import { offerDownload, pickSave } from '../files/save';
import { text } from '../text/en';
import { Previews } from './previews';
import { decisionOf } from './rows';
import { canStart, filesOf, isRemembering, isSkipped, settingsOf } from './state';
import type { Side, State } from './state';
import type { Store } from './store';

/** While a folder is walked, the count on the page changes this often, in milliseconds. */
const COUNT_EVERY_MS = 120;

/** After so many crashes it is not the files. */
const MOST_SKIPPED = 20;

export type Actions = ReturnType<typeof createActions>;

/** Everything the page's buttons and keys do beyond changing the state. */
export function createActions(store: Store, engine: Engine) {
  const { dispatch } = store;
  const previews = new Previews((msg) => engine.send(msg));
  const job = jobs(store, engine, previews);
  const reviewing = answers(store, engine);
  const output = outputs(store, engine);
  engine.onMessage((message) => {
    if (message.kind === 'preview') previews.deliver(message);
    else if (message.kind === 'failed' && job.recover(message)) return;
    else dispatch({ kind: 'engine', at: performance.now(), message });
    if (message.kind === 'look') void job.look(message);
    if (message.kind === 'decided') reviewing.answerAgain(message.review);
    if (message.kind === 'answered') reviewing.confirm(message);
    if (message.kind === 'exported' && message.blob !== null) offerDownload(message.blob, text.kept.fileName);
    // Without a file system of its own the browser takes the finished file as a download, at once.
    if (message.kind === 'saved' && message.job === store.get().job) output.download();
  });
  let whenReady = () => {};
  engine.onLoad((word) => {
    dispatch(word.kind === 'ready' ? { kind: 'ready', defaults: word.settings } : { kind: 'unloaded', text: word.text });
    if (word.kind !== 'ready') return;
    whenReady();
    whenReady = () => {};
  });
  engine.load();
  /** Starts as soon as the engine is there. */
  const startSoon = () => {
    if (store.get().defaults === null) whenReady = job.start;
    else job.start();
  };
  return { dispatch, previews, ...job, ...reviewing, ...output, ...upkeep(store, engine), ...inputs(store, startSoon) };
}

/** Starting, pausing and ending jobs. */
function jobs(store: Store, engine: Engine, previews: Previews) {
  const { dispatch } = store;
  let looking = new AbortController();

  function start(): void {
    const state = store.get();
    const settings = settingsOf(state);
    if (!canStart(state) || settings === null) return;
    const job = state.job + 1;
    previews.restart(job);
    dispatch({ kind: 'started', job, unconfirmed: unconfirmed() });
    const originals = apart(state.sources.filter((source) => source.side === 'originals'));
    const skip = { files: state.skipped, why: text.skipped.why };
    engine.send({ kind: 'start', job, chat: filesOf(state, 'chat'), originals, settings, skip });
  }

  /**
   * After a crash: goes on without the file over which the engine died, or, where that is not known, with the build that will
   * know it. Every try leaves out one file more, and there are only so many tries. In the review or while saving that is quick
   * where the search is remembered; where it is not, the user decides.
   */
  function recover({ job, code, inHand }: FromEngine & { kind: 'failed' }): boolean {
    const state = store.get();
    if (code !== 'crashed' || state.job !== job) return false;
    const threads = engine.threads();
    engine.useSingle();
    const deciding = state.step === 'review' || state.step === 'save';
    if (state.step !== 'progress' && !(deciding && isRemembering(state))) return false;
    const fresh = inHand !== null && !isSkipped(state.skipped, inHand);
    if (fresh && state.skipped.length < MOST_SKIPPED) dispatch({ kind: 'skipped', file: inHand });
    else if (!threads) return false;
    restart();
    if (deciding || state.again) dispatch({ kind: 'stumbled' });
    return true;
  }

  /** Takes the frames that the engine asks for, unless the job ends first. */
  async function look(asked: FromEngine & { kind: 'look' }): Promise<void> {
    const { signal } = looking;
    const frames = await takeFrames(asked, signal);
    if (!signal.aborted && store.get().job === asked.job) engine.send({ kind: 'frames', job: asked.job, frames });
  }

  /** Loads the engine once more. */
  function reload(): void {
    dispatch({ kind: 'loading' });
    engine.load();
  }

  /** Ends the engine's worker, so that it answers at once; the inputs stay chosen. */
  function cancel(): void {
    looking.abort();
    looking = new AbortController();
    engine.cancel();
    previews.restart(store.get().job);
    dispatch({ kind: 'cancelled' });
  }

  /** Forgets the inputs as well. */
  function startOver(): void {
    cancel();
    dispatch({ kind: 'over' });
  }

  /** Starts again with the same inputs. */
  function restart(): void {
    cancel();
    start();
  }

  function setPaused(paused: boolean): void {
    engine.send({ kind: paused ? 'pause' : 'resume', job: store.get().job });
    dispatch(paused ? { kind: 'paused' } : { kind: 'resumed', at: performance.now() });
  }

  return { start, cancel, startOver, restart, recover, reload, setPaused, look };
}

/** The user's decisions. */
function answers(store: Store, engine: Engine) {
  const { dispatch } = store;
  /** How many answers of this job the engine has not confirmed yet, by medium. */
  const pending = new Map<number, number>();
  let job = 0;

  /** Once the state knows an answer: keeps it in the page, at once, until the engine says that it is noted. */
  function pass(medium: number, given: Answer | null): void {
    const state = store.get();
    if (state.step !== 'review') return;
    if (job !== state.job) pending.clear();
    job = state.job;
    const row = state.review.rows.find((each) => each.medium === medium);
    if (row !== undefined) keepUnconfirmed(decisionOf(row));
    pending.set(medium, (pending.get(medium) ?? 0) + 1);
    engine.send({ kind: 'answer', job, medium, answer: given });
  }

  /** The engine knows an answer; where it remembers nothing, the page goes on keeping it. */
  function confirm({ job: of, row }: FromEngine & { kind: 'answered' }): void {
    if (of !== job) return;
    const left = (pending.get(row.medium) ?? 1) - 1;
    if (left > 0) return void pending.set(row.medium, left);
    pending.delete(row.medium);
    if (isRemembering(store.get())) confirmed([decisionOf(row)]);
  }

  function answer(medium: number, given: Answer | null): void {
    dispatch({ kind: 'answering', medium, answer: given });
    pass(medium, given);
  }

  function undo(): void {
    const state = store.get();
    const last = state.step === 'review' ? state.undo.at(-1) : undefined;
    if (last === undefined) return;
    dispatch({ kind: 'undone' });
    pass(last.medium, last.before);
  }

  /** Tells the engine decisions of an earlier job over the same files, which the state recalled. */
  function answerAgain(review: Review): void {
    const state = store.get();
    if (state.step !== 'review') return;
    const recalled = new Map(review.rows.map((row) => [row.medium, row.answer]));
    const same = (row: Row) => isSame(recalled.get(row.medium) ?? null, row.answer);
    if (isRemembering(state)) confirmed(state.review.rows.filter(same).map(decisionOf));
    for (const row of state.review.rows) if (!same(row)) pass(row.medium, row.answer);
  }

  return { answer, undo, answerAgain, confirm };
}

function isSame(one: Answer | null, other: Answer | null): boolean {
  if (one === null || other === null) return one === other;
  return one.kind === other.kind && (one.kind !== 'pick' || other.kind !== 'pick' || one.item === other.item);
}

/** Looking after what is remembered, while no job runs. */
function upkeep(store: Store, engine: Engine) {
  const { dispatch } = store;

  function askKept(): void {
    dispatch({ kind: 'asked' });
    engine.send({ kind: 'count', job: store.get().job });
  }

  function exportKept(): void {
    engine.send({ kind: 'export', job: store.get().job });
  }

  async function forgetKept(): Promise<void> {
    dispatch({ kind: 'forgotten', trouble: await forgetAll() });
  }

  return { askKept, exportKept, forgetKept };
}

/** Ways out. */
function outputs(store: Store, engine: Engine) {
  const { dispatch } = store;

  /** Asks where to save (`how`) and begins writing. */
  async function save(how: SaveTarget['how'], name: string): Promise<void> {
    try {
      const target: SaveTarget | null = how === 'download' ? { how } : await pickSave(how, name);
      const state = store.get();
      if (target === null || state.step !== 'save') return;
      // The user may have changed the name that was proposed.
      dispatch({ kind: 'saving', how: target.how, name: target.how === 'zip' ? target.handle.name : name });
      const look = { me: state.senderIsMe, heic: settingsOf(state)?.heic ?? 'view' };
      engine.send({ kind: 'save', job: state.job, target, look, name });
    } catch (error) {
      dispatch({ kind: 'problem', text: wordsOf(error) });
    }
  }

  /** Hands the finished zip to the browser's downloads, where it was made for that. */
  function download(): void {
    const state = store.get();
    if (state.step !== 'save' || state.phase.at !== 'done' || state.phase.saved.file === null) return;
    offerDownload(state.phase.saved.file, state.phase.name);
  }

  return { save, download };
}

/** Ways in: pickers, the inputs behind them, drops, and the sample. */
function inputs(store: Store, start: () => void) {
  const { dispatch } = store;
  let newest = 0;

  /** Counts while it walks, so that the page can show it; ends early if the source is removed meanwhile. */
  async function walk(side: Side, label: string, files: AsyncIterable<InputFile>): Promise<void> {
    newest += 1;
    const source = { id: newest, side, label, count: 0, bytes: 0 };
    const list: InputFile[] = [];
    const tops = new Set<string>();
    let shownAt = performance.now();
    dispatch({ kind: 'walking', source: { ...source } });
    try {
      for await (const file of files) {
        list.push(file);
        tops.add(topOf(file));
        source.count += 1;
        source.bytes += file.file.size;
        source.label = labelOf(tops, label);
        if (performance.now() - shownAt < COUNT_EVERY_MS) continue;
        if (!store.get().sources.some((each) => each.id === source.id)) return;
        shownAt = performance.now();
        dispatch({ kind: 'walking', source: { ...source } });
      }
      if (list.length === 0) dispatch({ kind: 'unwalked', id: source.id, problem: text.choose.nothing });
      else if (isChosen(store.get(), side, list)) dispatch({ kind: 'unwalked', id: source.id, problem: text.choose.twice(source.label) });
      else dispatch({ kind: 'walked', source: { ...source, files: list, done: true } });
    } catch (error) {
      dispatch({ kind: 'unwalked', id: source.id, problem: wordsOf(error) });
    }
  }

  async function take(side: Side, picked: Promise<AsyncIterable<InputFile> | null> | AsyncIterable<InputFile>): Promise<void> {
    try {
      const files = await picked;
      if (files !== null) await walk(side, side === 'chat' ? text.choose.aChat : text.choose.aFolder, files);
    } catch (error) {
      dispatch({ kind: 'problem', text: wordsOf(error) });
    }
  }

  async function sample(): Promise<void> {
    try {
      const { chat, originals } = await sampleFiles();
      for (const source of store.get().sources) dispatch({ kind: 'removed', id: source.id });
      await walk('chat', text.choose.sampleChat, each(chat));
      await walk('originals', text.choose.sampleOriginals, each(originals));
      start();
    } catch (error) {
      dispatch({ kind: 'problem', text: wordsOf(error) });
    }
  }

  return {
    sample,
    pickFolder: (side: Side) => take(side, pickFolder(side)),
    pickZip: () => take('chat', pickZip()),
    fromInput: (side: Side, input: HTMLInputElement) => take(side, filesOfInput(input)),
    fromDrop: (side: Side, data: DataTransfer) => take(side, filesOfDrop(data)),
  };
}

/** Whether one source already holds exactly these files: the same folder was chosen twice. */
function isChosen(state: State, side: Side, list: InputFile[]): boolean {
  const same = ({ files }: { files: InputFile[] }) => {
    if (files.length !== list.length) return false;
    const known = new Map(files.map((each) => [each.path, each.file]));
    return list.every(({ path, file }) => {
      const other = known.get(path);
      return other !== undefined && other.size === file.size && other.lastModified === file.lastModified;
    });
  };
  return state.sources.some((source) => source.done && source.side === side && same(source));
}

/** The chosen folder's name, or a single file's. */
function topOf(file: InputFile): string {
  return file.path.split('/', 1)[0] ?? file.path;
}

/** The names of what was chosen: few are said, many are counted. */
function labelOf(tops: Set<string>, otherwise: string): string {
  return tops.size > 3 ? otherwise : [...tops].join(', ');
}

/**
 * Paths are unique within a side, and begin with the name of the chosen folder: of two folders of one name, the later gets a
 * number in front.
 */
function apart(sources: { files: InputFile[] }[]): InputFile[] {
  const seen = new Set<string>();
  const all: InputFile[] = [];
  sources.forEach((source, place) => {
    const clash = source.files.some((file) => seen.has(file.path));
    for (const each of source.files) {
      const file = clash ? { ...each, path: `${place + 1}/${each.path}` } : each;
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      all.push(file);
    }
  });
  return all;
}

async function* each(files: InputFile[]): AsyncGenerator<InputFile> {
  yield* files;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
