// How the chat job changes. Pure: no DOM, no clock, no worker.

import type { Answer, DateOrder, FromEngine, Row } from '../../engine/protocol';
import { keepPace, resumePace } from '../shared/pace';
import type { Shared } from '../shared/state';
import { NO_TROUBLE, ownerOf } from '../shared/state';
import { updateShared, withSkipped } from '../shared/update';
import type { Msg, State } from '../state';
import { comparedOriginal, groupOf, recall, remember, visibleRows } from './rows';
import type { Lasting, LinkTask, Place, Reviewing, Running, Saving } from './state';

/** Pairs on show while the search runs. */
export const GALLERY = 6;
/** A new pair comes into the full gallery at most this often, in milliseconds: its pictures cost the search time. */
const GALLERY_PACE_MS = 4_000;

/** What this job makes of a message; null: what every job makes of it. */
export function updateLink(state: State, msg: Msg): State | null {
  const { shared, task } = state;
  switch (msg.kind) {
    case 'engine':
      return shared.owner === 'chat' ? fromEngine(state, msg.message, msg.at) : null;
    case 'walking':
    case 'walked':
      return task.step === 'choose' || ownerOf(msg.source) !== 'chat' ? null : state; // inputs stay as they are once the job has begun
    case 'unloaded': // what waits for the engine stops; what does not can go on
      return task.step === 'progress' ? { ...state, task: { ...lasting(task), step: 'stopped', code: 'unloaded', text: msg.text } } : null;
    case 'forgotten': // decisions on their way to the engine go with what they were about
      return msg.trouble === null ? { ...state, shared: updateShared(shared, msg), task: { ...task, remembered: [] } } : null;
    case 'set':
      return { ...state, task: { ...task, chosen: { ...task.chosen, ...msg.settings } } };
    case 'started':
      return started(state, msg.job, msg.unconfirmed);
    case 'duplicates': // there is one engine: a job that begins ends the other's
      return msg.msg.kind !== 'started' || task.step === 'choose' ? null : { ...state, task: { ...lasting(task), step: 'choose', again: false } };
    case 'stumbled':
      return { ...state, task: { ...task, again: true } };
    case 'cancelled':
      return { ...state, shared: { ...shared, problem: null }, task: { ...lasting(task), step: 'choose', again: false } };
    case 'over':
      return { ...state, shared: withoutInputs(shared), task: { ...lasting(task), step: 'choose', remembered: [] } };
    default:
      return inStep(state, msg);
  }
}

/** What only one step understands. */
function inStep(state: State, msg: Msg): State | null {
  const { shared, task } = state;
  switch (task.step) {
    case 'progress': {
      const next = searching(task, msg);
      return next && withTask(state, next);
    }
    case 'review': {
      if (msg.kind === 'to-save') return { ...state, shared: { ...shared, problem: null }, task: toSave(task) };
      const next = reviewing(task, msg);
      return next && withTask(state, next);
    }
    case 'save':
      if (msg.kind === 'to-review') return { ...state, shared: { ...shared, problem: null }, task: toReview(task) };
      if (msg.kind === 'sender') return { ...state, task: { ...task, senderIsMe: msg.name } };
      if (msg.kind === 'saving') return { ...state, shared: { ...shared, problem: null }, task: saving(task, msg.place) };
      return null;
    default:
      return null;
  }
}

function searching(task: Running, msg: Msg): Running | null {
  switch (msg.kind) {
    case 'paused':
      return { ...task, paused: true };
    case 'resumed':
      return { ...task, paused: false, pace: resumePace(task.pace, msg.at) };
    default:
      return null;
  }
}

function fromEngine(state: State, message: FromEngine, at: number): State | null {
  const { task } = state;
  switch (message.kind) {
    case 'progress':
      return withTask(state, progressed(task, message, at));
    case 'found':
      return task.step === 'progress' ? { ...state, task: found(task, message.rows, at) } : state;
    case 'look':
      return task.step === 'progress' ? { ...state, task: { ...task, looking: { done: message.done, total: message.total } } } : state;
    case 'decided':
      return task.step === 'progress' ? { ...state, task: decided(task, message.review) } : state;
    case 'answered':
      return task.step === 'review' || task.step === 'save' ? { ...state, task: answered(task, message) } : state;
    case 'saved':
      return withTask(state, saved(task, message));
    case 'failed':
      return failed(state, message);
    case 'preview':
    case 'catalogue':
    case 'counted':
    case 'forgot':
    case 'exported':
    case 'groups': // of another job
    case 'details':
    case 'ordered':
    case 'acting':
    case 'trashed':
    case 'restored':
    case 'recovered':
    case 'trashes':
    case 'document':
    case 'report':
      return null;
    default:
      return never(message); // a new message kind must not compile until handled
  }
}

function withTask(state: State, task: LinkTask): State {
  return task === state.task ? state : { ...state, task };
}

function reviewing(task: Reviewing, msg: Msg): Reviewing | null {
  switch (msg.kind) {
    case 'filtered':
      return keepSelection({ ...task, filter: msg.filter });
    case 'narrowed':
      return keepSelection({ ...task, media: msg.media });
    case 'searched':
      return keepSelection({ ...task, query: msg.query });
    case 'selected':
      return { ...task, selected: msg.medium, looking: null, open: true };
    case 'moved':
      return moved(task, msg.by);
    case 'closed':
      return { ...task, open: false };
    case 'looked':
      return { ...task, looking: msg.item };
    case 'viewed':
      return { ...task, view: msg.view };
    case 'zoomed':
      return { ...task, zoom: !task.zoom };
    case 'answering':
      return answering(task, msg.medium, msg.answer);
    case 'undone':
      return undone(task);
    case 'dates-right':
      return datesRight(task, msg.order);
    default:
      return null;
  }
}

function progressed(task: LinkTask, message: FromEngine & { kind: 'progress' }, at: number): LinkTask {
  const progress = message.progress;
  if (task.step === 'progress') {
    return { ...task, progress, pace: task.paused ? task.pace : keepPace(task.pace, progress, at) };
  }
  if (task.step === 'save' && task.phase.at === 'writing') {
    return { ...task, phase: { ...task.phase, progress, pace: keepPace(task.phase.pace, progress, at) } };
  }
  return task;
}

function found(task: Running, rows: Row[], at: number): Running {
  const foundCount = task.foundCount + rows.length;
  const pairs = rows.filter((row) => row.original !== null && row.exported !== null && row.kind === 'image');
  const room = GALLERY - task.gallery.length;
  if (room > 0) {
    return { ...task, foundCount, gallery: [...task.gallery, ...pairs.slice(0, room)], galleryAt: at };
  }
  const newest = pairs.at(-1);
  if (newest === undefined || at - task.galleryAt < GALLERY_PACE_MS) return { ...task, foundCount };
  return { ...task, foundCount, gallery: [...task.gallery.slice(1), newest], galleryAt: at };
}

function decided(task: Running, review: Reviewing['review']): Reviewing {
  const rows = recall(review.rows, task.remembered);
  const unsure = rows.find((row) => groupOf(row) === 'unsure');
  const first = unsure ?? rows.find((row) => groupOf(row) === 'matched') ?? rows[0];
  return {
    ...lasting(task),
    step: 'review',
    review: { ...review, rows },
    filter: unsure ? 'unsure' : 'all',
    media: 'all',
    query: '',
    selected: first?.medium ?? null,
    looking: null,
    open: false,
    view: 'side',
    zoom: false,
    undo: [],
  };
}

function answered<S extends Reviewing | Saving>(task: S, message: FromEngine & { kind: 'answered' }): S {
  const { images, videos, others } = message.review;
  const rows = task.review.rows.map((row) => (row.medium === message.row.medium ? message.row : row));
  return { ...task, review: { ...task.review, images, videos, others, rows } };
}

function saved(task: LinkTask, message: FromEngine & { kind: 'saved' }): LinkTask {
  if (task.step !== 'save' || task.phase.at !== 'writing') return task;
  const { bytes, files, issues, unwritten, file } = message;
  return { ...task, phase: { at: 'done', saved: { bytes, files, issues, unwritten, file }, place: task.phase.place } };
}

function failed(state: State, message: FromEngine & { kind: 'failed' }): State {
  const { shared, task } = state;
  if (task.step === 'save' && message.code === 'output') {
    return { ...state, shared: { ...shared, problem: message.text }, task: { ...task, phase: { at: 'options' } } };
  }
  const skipped = message.inHand === null ? shared.skipped : withSkipped(shared.skipped, message.inHand);
  return { ...state, shared: { ...shared, skipped }, task: { ...lasting(task), step: 'stopped', code: message.code, text: message.text } };
}

/** Decisions that no engine confirmed are the newest. */
function started(state: State, job: number, unconfirmed: Lasting['remembered']): State {
  const { shared, task } = state;
  const before = lasting(task);
  return {
    ...state,
    shared: { ...shared, job, owner: 'chat', problem: null, troubles: NO_TROUBLE, kept: { at: 'unasked', counts: null, troubles: NO_TROUBLE } },
    task: {
      ...before,
      remembered: [...before.remembered, ...unconfirmed],
      again: false,
      step: 'progress',
      progress: null,
      pace: null,
      paused: false,
      looking: null,
      foundCount: 0,
      gallery: [],
      galleryAt: 0,
    },
  };
}

/** Other jobs' folders stay. */
function withoutInputs(shared: Shared): Shared {
  return { ...shared, sources: shared.sources.filter((source) => ownerOf(source) !== 'chat'), skipped: [], problem: null };
}

function toSave(task: Reviewing): Saving {
  return { ...task, step: 'save', senderIsMe: null, phase: { at: 'options' } };
}

function toReview(task: Saving): Reviewing {
  const { senderIsMe: _sender, phase: _phase, ...rest } = task;
  return { ...rest, step: 'review' };
}

function saving(task: Saving, place: Place): Saving {
  return { ...task, phase: { at: 'writing', progress: null, pace: null, place } };
}

function moved(task: Reviewing, by: number): Reviewing {
  const rows = visibleRows(task.review.rows, task.filter, task.media, task.query);
  if (rows.length === 0) return task;
  const now = rows.findIndex((row) => row.medium === task.selected);
  const next = now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + by));
  return { ...task, selected: rows[next]?.medium ?? null, looking: null };
}

/** A filter that hides the selected row selects the first one it shows. */
function keepSelection(task: Reviewing): Reviewing {
  const rows = visibleRows(task.review.rows, task.filter, task.media, task.query);
  if (rows.some((row) => row.medium === task.selected)) return task;
  return { ...task, selected: rows[0]?.medium ?? task.selected, looking: null };
}

/** Shows the answer at once (the engine confirms it) and goes on to the next row where that helps. */
function answering(task: Reviewing, medium: number, answer: Answer | null): Reviewing {
  const row = task.review.rows.find((each) => each.medium === medium);
  if (row === undefined) return task;
  const before = visibleRows(task.review.rows, task.filter, task.media, task.query);
  const place = before.findIndex((each) => each.medium === medium);
  const next = place < 0 ? undefined : (before[place + 1] ?? before[place - 1]);
  const undo = [...task.undo, { medium, before: row.answer }];
  const changed = { ...withAnswer(task, medium, answer), undo };
  const shown = visibleRows(changed.review.rows, task.filter, task.media, task.query);
  if (next === undefined || shown.some((each) => each.medium === medium)) return { ...changed, looking: null };
  return { ...changed, selected: next.medium, looking: null };
}

function undone(task: Reviewing): Reviewing {
  const last = task.undo.at(-1);
  if (last === undefined) return task;
  const back = withAnswer(task, last.medium, last.before);
  return { ...back, undo: task.undo.slice(0, -1), selected: last.medium, looking: null };
}

/** The user confirmed how the dates were read: the next run need not ask. */
function datesRight(task: Reviewing, dateOrder: DateOrder): Reviewing {
  const chat = { ...task.review.chat, datesDecided: true };
  return { ...task, chosen: { ...task.chosen, dateOrder }, review: { ...task.review, chat } };
}

function withAnswer(task: Reviewing, medium: number, answer: Answer | null): Reviewing {
  const rows = task.review.rows.map((row) => (row.medium === medium ? { ...row, answer } : row));
  return { ...task, review: { ...task.review, rows } };
}

/** What goes on from step to step. */
function lasting(task: LinkTask): Lasting {
  const { chosen, again } = task;
  return { chosen, again, remembered: 'review' in task ? remember(task.review.rows) : task.remembered };
}

function never(value: never): never {
  throw new Error(`unknown message: ${JSON.stringify(value)}`);
}

/** The original that the compare view shows for the selected row. */
export function compared(task: Reviewing): { row: Row; original: ReturnType<typeof comparedOriginal> } | null {
  const row = task.review.rows.find((each) => each.medium === task.selected);
  return row === undefined ? null : { row, original: comparedOriginal(row, task.looking) };
}
