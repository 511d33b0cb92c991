// What the chat job does to the world: talks to the engine, passes answers on, asks where to save.

import type { Engine } from '../../engine/client';
import type { Answer, FromEngine, Review, Row, SaveTarget } from '../../engine/protocol';
import type { Downloads } from '../../files/downloads';
import { takeFrames } from '../../files/frames';
import { inputAround, newFolder } from '../../files/place';
import { confirmed, keepUnconfirmed, unconfirmed } from '../../files/remember';
import { offerDownload, pickSave } from '../../files/save';
import { whyOf } from '../../files/why';
import { text } from '../../text/en';
import { apart } from '../shared/effects';
import type { Previews } from '../shared/previews';
import { filesOf, isRemembering, isSkipped } from '../shared/state';
import type { Store } from '../store';
import { decisionOf } from './rows';
import type { Place } from './state';
import { canStart, settingsOf } from './state';

/** After so many crashes it is not the files. */
const MOST_SKIPPED = 20;

/** Starting, pausing and ending jobs. */
export function jobs(store: Store, engine: Engine, previews: Previews) {
  const { dispatch } = store;
  let looking = new AbortController();

  function start(): void {
    const { shared, task } = store.get();
    const settings = settingsOf(shared, task);
    if (!canStart(shared) || settings === null) return;
    const job = shared.job + 1;
    previews.restart(job);
    dispatch({ kind: 'started', job, unconfirmed: unconfirmed() });
    const originals = apart(shared.sources.filter((source) => source.side === 'originals'));
    const skip = { files: shared.skipped, why: text.skipped.why };
    engine.send({ kind: 'start', job, chat: filesOf(shared, 'chat'), originals, settings, skip });
  }

  /**
   * After a crash: goes on without the file over which the engine died, or, where that is not known, with the build that will
   * know it. Every try leaves out one file more, and there are only so many tries. In the review or while saving that is quick
   * where the search is remembered; where it is not, the user decides.
   */
  function recover({ job, code, inHand }: FromEngine & { kind: 'failed' }): boolean {
    const { shared, task } = store.get();
    if (code !== 'crashed' || shared.job !== job) return false;
    const threads = engine.threads();
    engine.useSingle();
    const deciding = task.step === 'review' || task.step === 'save';
    if (task.step !== 'progress' && !(deciding && isRemembering(shared, 'cache'))) return false;
    const fresh = inHand !== null && !isSkipped(shared.skipped, inHand);
    if (fresh && shared.skipped.length < MOST_SKIPPED) dispatch({ kind: 'skipped', file: inHand });
    else if (!threads) return false;
    restart();
    if (deciding || task.again) dispatch({ kind: 'stumbled' });
    return true;
  }

  /** Takes the frames that the engine asks for, unless the job ends first. */
  async function look(asked: FromEngine & { kind: 'look' }): Promise<void> {
    const { signal } = looking;
    const frames = await takeFrames(asked, signal);
    if (!signal.aborted && store.get().shared.job === asked.job) engine.send({ kind: 'frames', job: asked.job, need: asked.need, frames });
  }

  /** Loads the engine once more. */
  function reload(): void {
    dispatch({ kind: 'loading' });
    engine.load();
  }

  /** Ends the engine's worker unless it is another job's, so that it answers at once; the inputs stay chosen. */
  function cancel(): void {
    looking.abort();
    looking = new AbortController();
    const { owner, job } = store.get().shared;
    if (owner !== 'duplicates') {
      engine.cancel();
      previews.restart(job);
    }
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
    engine.send({ kind: paused ? 'pause' : 'resume', job: store.get().shared.job });
    dispatch(paused ? { kind: 'paused' } : { kind: 'resumed', at: performance.now() });
  }

  return { start, cancel, startOver, restart, recover, reload, setPaused, look };
}

/** The user's decisions. */
export function answers(store: Store, engine: Engine, promise: () => void) {
  const { dispatch } = store;
  /** How many answers of this job the engine has not confirmed yet, by medium. */
  const pending = new Map<number, number>();
  let job = 0;

  /** Once the state knows an answer: keeps it in the page, at once, until the engine says that it is noted. */
  function pass(medium: number, given: Answer | null): void {
    const { shared, task } = store.get();
    if (task.step !== 'review') return;
    if (job !== shared.job) pending.clear();
    job = shared.job;
    const row = task.review.rows.find((each) => each.medium === medium);
    if (row !== undefined) keepUnconfirmed(decisionOf(row));
    pending.set(medium, (pending.get(medium) ?? 0) + 1);
    promise();
    engine.send({ kind: 'answer', job, medium, answer: given });
  }

  /** The engine knows an answer; where it remembers nothing, the page goes on keeping it. */
  function confirm({ job: of, row }: FromEngine & { kind: 'answered' }): void {
    if (of !== job) return;
    const left = (pending.get(row.medium) ?? 1) - 1;
    if (left > 0) return void pending.set(row.medium, left);
    pending.delete(row.medium);
    if (isRemembering(store.get().shared, 'forever')) confirmed([decisionOf(row)]);
  }

  function answer(medium: number, given: Answer | null): void {
    dispatch({ kind: 'answering', medium, answer: given });
    pass(medium, given);
  }

  function undo(): void {
    const { task } = store.get();
    const last = task.step === 'review' ? task.undo.at(-1) : undefined;
    if (last === undefined) return;
    dispatch({ kind: 'undone' });
    pass(last.medium, last.before);
  }

  /** Tells the engine decisions of an earlier job over the same files, which the state recalled. */
  function answerAgain(review: Review): void {
    const { shared, task } = store.get();
    if (task.step !== 'review') return;
    const recalled = new Map(review.rows.map((row) => [row.medium, row.answer]));
    const same = (row: Row) => isSame(recalled.get(row.medium) ?? null, row.answer);
    if (isRemembering(shared, 'forever')) confirmed(task.review.rows.filter(same).map(decisionOf));
    for (const row of task.review.rows) if (!same(row)) pass(row.medium, row.answer);
  }

  return { answer, undo, answerAgain, confirm };
}

function isSame(one: Answer | null, other: Answer | null): boolean {
  if (one === null || other === null) return one === other;
  const item = (answer: Answer) => ('item' in answer ? answer.item : null);
  return one.kind === other.kind && item(one) === item(other);
}

/** Ways out. */
export function outputs(store: Store, engine: Engine, downloads: Downloads, promise: () => void) {
  const { dispatch } = store;
  // A zip for a download is there as long as the page offers it.
  store.subscribe(() => {
    const { task } = store.get();
    if (task.step !== 'save' || task.phase.at === 'options' || task.phase.place.how !== 'download') downloads.drop();
  });

  /** Asks where to save (`how`) and begins writing. */
  async function save(how: SaveTarget['how']): Promise<void> {
    try {
      const opened = how === 'download' ? await openDownload() : await openPicked(how);
      const { shared, task } = store.get();
      if (opened === null || task.step !== 'save') return;
      const { target, place } = opened;
      dispatch({ kind: 'saving', place });
      promise();
      const choices = { me: task.senderIsMe, heic: settingsOf(shared, task)?.heic ?? 'view' };
      engine.send({ kind: 'save', job: shared.job, target, choices, name: place.name });
    } catch (error) {
      const why = whyOf(error);
      dispatch({ kind: 'problem', text: text.save.trouble[why === 'unread' ? 'other' : why] });
    }
  }

  function title(): string {
    const { task } = store.get();
    return 'review' in task ? task.review.chat.title : '';
  }

  async function openDownload(): Promise<Opened> {
    const stored = store.get().shared.storage === true ? await downloads.reserve() : null;
    return { target: { how: 'download', stored }, place: { how: 'download', name: `${text.save.fileName(title())}.zip`, within: null } };
  }

  /** Null: the user thought better of it, or should. */
  async function openPicked(how: 'zip' | 'folder'): Promise<Opened | null> {
    const picked = await pickSave(how, `${text.save.fileName(title())}.zip`);
    const { shared, task } = store.get();
    if (picked === null || task.step !== 'save') return null;
    // The user may have changed the name that was proposed.
    if (picked.how === 'zip') return { target: picked, place: { how, name: picked.handle.name, within: null } };
    const within = picked.handle;
    const inside = await inputAround(
      within,
      shared.sources.flatMap((source) => source.roots),
    );
    if (inside !== null) {
      dispatch({ kind: 'problem', text: text.save.inside(inside) });
      return null;
    }
    const handle = await newFolder(within, text.save.folderName(title()));
    return { target: { how: 'folder', handle, within }, place: { how: 'folder', name: handle.name, within: within.name } };
  }

  /** Hands the finished zip to the browser's downloads, where it was made for that. */
  function download(): void {
    const { task } = store.get();
    if (task.step !== 'save' || task.phase.at !== 'done') return;
    const {
      saved: { file },
      place,
    } = task.phase;
    if (file === null) return;
    downloads.handed(file.size);
    offerDownload(file, place.name);
  }

  return { save, download };
}

/** A place to write to, for the engine and for the user. */
interface Opened {
  target: SaveTarget;
  place: Place;
}
