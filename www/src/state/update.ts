// The only place where the state changes. Pure: no DOM, no clock, no worker.

import type { Answer, DateOrder, FileRef, FromEngine, Row } from '../engine/protocol';
import { keepPace, resumePace } from './pace';
import { comparedOriginal, groupOf, recall, remember, visibleRows } from './rows';
import { isSkipped } from './state';
import type { Kept, Msg, Reviewing, Running, Saving, Source, State } from './state';

/** Pairs on show while the search runs. */
export const GALLERY = 6;
/** A new pair comes into the full gallery at most this often, in milliseconds: its pictures cost the search time. */
const GALLERY_PACE_MS = 4_000;

export function update(state: State, msg: Msg): State {
  switch (msg.kind) {
    case 'engine':
      return fromEngine(state, msg.message, msg.at);
    case 'walking':
      return withSource(state, { ...msg.source, files: [], done: false });
    case 'walked': // nothing, if it was removed while it was being walked
      return state.sources.some((source) => source.id === msg.source.id) ? withSource(state, msg.source) : state;
    case 'unwalked':
      return { ...withoutSource(state, msg.id), problem: msg.problem };
    case 'removed':
      return withoutSource(state, msg.id);
    case 'set':
      return { ...state, chosen: { ...state.chosen, ...msg.settings } };
    case 'ready':
      return { ...state, defaults: msg.defaults, unloaded: null };
    case 'loading':
      return { ...state, unloaded: null };
    case 'unloaded': // what waits for the engine stops; what does not can go on
      if (state.step === 'progress') return { ...shared(state), step: 'stopped', code: 'unloaded', text: msg.text };
      return { ...state, unloaded: msg.text };
    case 'skipped':
      return { ...state, skipped: withSkipped(state.skipped, msg.file) };
    case 'started':
      return started(state, msg.job, msg.unconfirmed);
    case 'stumbled':
      return { ...state, again: true };
    case 'asked':
      return { ...state, kept: { at: 'asked', counts: null, trouble: null } };
    case 'forgotten':
      return forgotten(state, msg.trouble);
    case 'cancelled':
      return { ...shared(state), step: 'choose', problem: null, again: false };
    case 'over':
      return { ...shared(state), step: 'choose', sources: [], remembered: [], skipped: [], problem: null };
    case 'paused':
      return state.step === 'progress' ? { ...state, paused: true } : state;
    case 'resumed':
      return state.step === 'progress' ? { ...state, paused: false, pace: resumePace(state.pace, msg.at) } : state;
    case 'to-save':
      return state.step === 'review' ? toSave(state) : state;
    case 'to-review':
      return state.step === 'save' ? toReview(state) : state;
    case 'sender':
      return state.step === 'save' ? { ...state, senderIsMe: msg.name } : state;
    case 'saving':
      return saving(state, msg.how, msg.name);
    case 'problem':
      return { ...state, problem: msg.text };
    case 'new-version':
      return { ...state, newVersion: true };
    default:
      return state.step === 'review' ? reviewing(state, msg) : state;
  }
}

function fromEngine(state: State, message: FromEngine, at: number): State {
  if (state.job !== message.job) return state; // late message of a cancelled job
  switch (message.kind) {
    case 'progress':
      return progressed(state, message, at);
    case 'found':
      return state.step === 'progress' ? found(state, message.rows, at) : state;
    case 'look':
      return state.step === 'progress' ? { ...state, looking: { done: message.done, total: message.total } } : state;
    case 'decided':
      return state.step === 'progress' ? decided(state, message.review) : state;
    case 'answered':
      return state.step === 'review' || state.step === 'save' ? answered(state, message) : state;
    case 'preview':
      return state; // pictures are kept beside the state, see previews.ts
    case 'saved':
      return saved(state, message);
    case 'catalogue':
      return { ...state, trouble: message.trouble };
    case 'counted':
      return { ...state, kept: { at: 'told', counts: message.counts, trouble: message.trouble } };
    case 'exported': // the file is a download, see effects.ts
      return message.trouble === null ? state : { ...state, kept: { ...state.kept, trouble: message.trouble } };
    case 'failed':
      return failed(state, message);
    default:
      return never(message); // a new message kind must not compile until handled
  }
}

function reviewing(state: Reviewing, msg: Msg): State {
  switch (msg.kind) {
    case 'filtered':
      return keepSelection({ ...state, filter: msg.filter });
    case 'narrowed':
      return keepSelection({ ...state, media: msg.media });
    case 'searched':
      return keepSelection({ ...state, query: msg.query });
    case 'selected':
      return { ...state, selected: msg.medium, looking: null, open: true };
    case 'moved':
      return moved(state, msg.by);
    case 'closed':
      return { ...state, open: false };
    case 'looked':
      return { ...state, looking: msg.item };
    case 'viewed':
      return { ...state, view: msg.view };
    case 'zoomed':
      return { ...state, zoom: !state.zoom };
    case 'answering':
      return answering(state, msg.medium, msg.answer);
    case 'undone':
      return undone(state);
    case 'dates-right':
      return datesRight(state, msg.order);
    default:
      return state;
  }
}

function progressed(state: State, message: FromEngine & { kind: 'progress' }, at: number): State {
  const progress = message.progress;
  if (state.step === 'progress') {
    return { ...state, progress, pace: state.paused ? state.pace : keepPace(state.pace, progress, at) };
  }
  if (state.step === 'save' && state.phase.at === 'writing') {
    return { ...state, phase: { ...state.phase, progress, pace: keepPace(state.phase.pace, progress, at) } };
  }
  return state;
}

function found(state: Running, rows: Row[], at: number): Running {
  const foundCount = state.foundCount + rows.length;
  const pairs = rows.filter((row) => row.original !== null && row.exported !== null && row.kind === 'image');
  const room = GALLERY - state.gallery.length;
  if (room > 0) {
    return { ...state, foundCount, gallery: [...state.gallery, ...pairs.slice(0, room)], galleryAt: at };
  }
  const newest = pairs.at(-1);
  if (newest === undefined || at - state.galleryAt < GALLERY_PACE_MS) return { ...state, foundCount };
  return { ...state, foundCount, gallery: [...state.gallery.slice(1), newest], galleryAt: at };
}

function decided(state: Running, review: Reviewing['review']): Reviewing {
  const rows = recall(review.rows, state.remembered);
  const unsure = rows.find((row) => groupOf(row) === 'unsure');
  const first = unsure ?? rows.find((row) => groupOf(row) === 'matched') ?? rows[0];
  return {
    ...shared(state),
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

function answered<S extends Reviewing | Saving>(state: S, message: FromEngine & { kind: 'answered' }): S {
  const { images, videos, others } = message.review;
  const rows = state.review.rows.map((row) => (row.medium === message.row.medium ? message.row : row));
  return { ...state, review: { ...state.review, images, videos, others, rows } };
}

function saved(state: State, message: FromEngine & { kind: 'saved' }): State {
  if (state.step !== 'save' || state.phase.at !== 'writing') return state;
  const { bytes, files, issues, file } = message;
  const { name } = state.phase;
  return { ...state, phase: { at: 'done', saved: { bytes, files, issues, file }, name, how: state.how } };
}

function failed(state: State, message: FromEngine & { kind: 'failed' }): State {
  if (state.step === 'save' && message.code === 'output') {
    return { ...state, phase: { at: 'options' }, problem: message.text };
  }
  const skipped = message.inHand === null ? state.skipped : withSkipped(state.skipped, message.inHand);
  return { ...shared(state), skipped, step: 'stopped', code: message.code, text: message.text };
}

function withSkipped(skipped: FileRef[], file: FileRef): FileRef[] {
  return isSkipped(skipped, file) ? skipped : [...skipped, file];
}

/** Decisions on their way to the engine go with what they were about. */
function forgotten(state: State, trouble: Kept['trouble']): State {
  if (trouble !== null) return { ...state, kept: { ...state.kept, trouble } };
  return { ...state, remembered: [], kept: { at: 'deleted', counts: null, trouble: null } };
}

/** Decisions that no engine confirmed are the newest. */
function started(state: State, job: number, unconfirmed: State['remembered']): State {
  const before = shared(state);
  return {
    ...before,
    remembered: [...before.remembered, ...unconfirmed],
    trouble: null,
    kept: { at: 'unasked', counts: null, trouble: null },
    again: false,
    step: 'progress',
    job,
    problem: null,
    progress: null,
    pace: null,
    paused: false,
    looking: null,
    foundCount: 0,
    gallery: [],
    galleryAt: 0,
  };
}

function toSave(state: Reviewing): Saving {
  return { ...state, step: 'save', problem: null, senderIsMe: null, how: 'zip', phase: { at: 'options' } };
}

function toReview(state: Saving): Reviewing {
  const { senderIsMe: _sender, how: _how, phase: _phase, ...rest } = state;
  return { ...rest, step: 'review', problem: null };
}

function saving(state: State, how: Saving['how'], name: string): State {
  if (state.step !== 'save') return state;
  return { ...state, how, problem: null, phase: { at: 'writing', progress: null, pace: null, name } };
}

function moved(state: Reviewing, by: number): Reviewing {
  const rows = visibleRows(state.review.rows, state.filter, state.media, state.query);
  if (rows.length === 0) return state;
  const now = rows.findIndex((row) => row.medium === state.selected);
  const next = now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + by));
  return { ...state, selected: rows[next]?.medium ?? null, looking: null };
}

/** A filter that hides the selected row selects the first one it shows. */
function keepSelection(state: Reviewing): Reviewing {
  const rows = visibleRows(state.review.rows, state.filter, state.media, state.query);
  if (rows.some((row) => row.medium === state.selected)) return state;
  return { ...state, selected: rows[0]?.medium ?? state.selected, looking: null };
}

/** Shows the answer at once (the engine confirms it) and goes on to the next row where that helps. */
function answering(state: Reviewing, medium: number, answer: Answer | null): Reviewing {
  const row = state.review.rows.find((each) => each.medium === medium);
  if (row === undefined) return state;
  const before = visibleRows(state.review.rows, state.filter, state.media, state.query);
  const place = before.findIndex((each) => each.medium === medium);
  const next = place < 0 ? undefined : (before[place + 1] ?? before[place - 1]);
  const undo = [...state.undo, { medium, before: row.answer }];
  const changed = { ...withAnswer(state, medium, answer), undo };
  const shown = visibleRows(changed.review.rows, state.filter, state.media, state.query);
  if (next === undefined || shown.some((each) => each.medium === medium)) return { ...changed, looking: null };
  return { ...changed, selected: next.medium, looking: null };
}

function undone(state: Reviewing): Reviewing {
  const last = state.undo.at(-1);
  if (last === undefined) return state;
  const back = withAnswer(state, last.medium, last.before);
  return { ...back, undo: state.undo.slice(0, -1), selected: last.medium, looking: null };
}

/** The user confirmed how the dates were read: the next run need not ask. */
function datesRight(state: Reviewing, dateOrder: DateOrder): Reviewing {
  const chat = { ...state.review.chat, datesDecided: true };
  return { ...state, chosen: { ...state.chosen, dateOrder }, review: { ...state.review, chat } };
}

function withAnswer(state: Reviewing, medium: number, answer: Answer | null): Reviewing {
  const rows = state.review.rows.map((row) => (row.medium === medium ? { ...row, answer } : row));
  return { ...state, review: { ...state.review, rows } };
}

/** A chat replaces the chat; folders of originals add up. */
function withSource(state: State, source: Source): State {
  if (state.step !== 'choose') return state;
  const known = state.sources.some((each) => each.id === source.id);
  if (known) return { ...state, sources: state.sources.map((each) => (each.id === source.id ? source : each)) };
  const others = state.sources.filter((each) => source.side === 'originals' || each.side !== 'chat');
  return { ...state, problem: null, skipped: [], sources: [...others, source] };
}

/** Other inputs may have other files at the same paths: nothing of them is skipped. */
function withoutSource(state: State, id: number): State {
  return { ...state, skipped: [], sources: state.sources.filter((source) => source.id !== id) };
}

function shared(state: State) {
  const { job, defaults, chosen, sources, skipped, unloaded, newVersion, problem, trouble, kept, again } = state;
  const remembered = 'review' in state ? remember(state.review.rows) : state.remembered;
  return { job, defaults, chosen, sources, remembered, skipped, unloaded, newVersion, problem, trouble, kept, again };
}

function never(value: never): never {
  throw new Error(`unknown message: ${JSON.stringify(value)}`);
}

/** The original that the compare view shows for the selected row. */
export function compared(state: Reviewing): { row: Row; original: ReturnType<typeof comparedOriginal> } | null {
  const row = state.review.rows.find((each) => each.medium === state.selected);
  return row === undefined ? null : { row, original: comparedOriginal(row, state.looking) };
}
