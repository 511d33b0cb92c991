// How the duplicates job changes. Pure: no DOM, no clock, no worker.

import type { FromDuplicates, FromEngine, GroupDetails, GroupRow } from '../../engine/protocol';
import { keepPace, resumePace } from '../shared/pace';
import type { Shared } from '../shared/state';
import { NO_TROUBLE, ownerOf } from '../shared/state';
import { withSkipped } from '../shared/update';
import type { Msg, State } from '../state';
import type { Choice, Keep } from './choices';
import { carried, changed, lockedBy, planOf, toggled, without } from './choices';
import { LISTS, merged, NO_FILTER, visibleGroups, withoutUnits } from './groups';
import type {
  ActPhase,
  DuplicatesActing,
  DuplicatesLasting,
  DuplicatesMsg,
  DuplicatesReviewing,
  DuplicatesRunning,
  DuplicatesTask,
  Scope,
} from './state';

/** Groups whose details are kept: those around the one on show. */
const MOST_DETAILS = 40;

/** What this job makes of a message; null: what every job makes of it. */
export function updateDuplicates(state: State, msg: Msg): State | null {
  const { shared, duplicates: task } = state;
  switch (msg.kind) {
    case 'engine':
      return shared.owner === 'duplicates' ? fromEngine(state, msg.message, msg.at) : null;
    case 'walking':
    case 'walked':
      return ownerOf(msg.source) !== 'duplicates' || task.step === 'choose' ? null : state; // inputs stay once the job has begun
    case 'unloaded':
      return task.step === 'progress' ? withTask(state, { ...lasting(task), step: 'stopped', code: 'unloaded', text: msg.text }) : null;
    case 'started': // the chat's job: there is one engine
      return task.step === 'choose' ? null : { ...state, duplicates: ended(task) };
    case 'forgotten':
      return msg.trouble === null && task.offered.length > 0 ? withTask(state, { ...task, offered: [] }) : null;
    case 'duplicates':
      return own(state, msg.msg);
    default:
      return null;
  }
}

function own(state: State, msg: DuplicatesMsg): State {
  const { shared, duplicates: task } = state;
  switch (msg.kind) {
    case 'offered':
      return withTask(state, { ...task, offered: msg.offered });
    case 'similar':
      return withTask(state, { ...task, similar: msg.similar });
    case 'started':
      return started(state, msg.job);
    case 'stumbled':
      return withTask(state, { ...task, again: true });
    case 'cancelled':
      return { ...state, shared: { ...shared, problem: null }, duplicates: ended(task) };
    case 'over': {
      const sources = shared.sources.filter((source) => ownerOf(source) !== 'duplicates');
      return { ...state, shared: { ...shared, sources, skipped: [], problem: null }, duplicates: ended(task) };
    }
    default:
      return inStep(state, msg);
  }
}

function inStep(state: State, msg: DuplicatesMsg): State {
  const { shared, duplicates: task } = state;
  switch (task.step) {
    case 'progress':
      return withTask(state, searching(task, msg));
    case 'review':
      if (msg.kind === 'to-act') return toAct(state, task);
      if (msg.kind === 'putting-back') return withTask(state, puttingBack(task));
      return withTask(state, reviewing(task, msg));
    case 'act':
      if (msg.kind === 'to-review') return { ...state, shared: { ...shared, problem: null }, duplicates: toReview(task) };
      return { ...state, shared: { ...shared, problem: null }, duplicates: acting(task, msg) };
    default:
      return state;
  }
}

function searching(task: DuplicatesRunning, msg: DuplicatesMsg): DuplicatesRunning {
  if (msg.kind === 'paused') return { ...task, paused: true };
  if (msg.kind === 'resumed') return { ...task, paused: false, pace: resumePace(task.pace, msg.at) };
  return task;
}

function fromEngine(state: State, message: FromEngine, at: number): State | null {
  const { duplicates: task } = state;
  switch (message.kind) {
    case 'progress':
      if (task.step !== 'progress') return state;
      return withTask(state, { ...task, progress: message.progress, pace: task.paused ? task.pace : keepPace(task.pace, message.progress, at) });
    case 'failed':
      return failed(state, message);
    case 'groups':
      return withTask(state, grouped(task, message));
    case 'details':
      return task.step === 'review' || task.step === 'act'
        ? withTask(state, { ...task, details: withDetails(task.details, message.details) })
        : state;
    case 'recovered':
      return task.step === 'progress'
        ? withTask(state, { ...task, recovered: { runs: message.runs, waiting: message.waiting, left: message.left } })
        : state;
    case 'trashes':
      return 'trashes' in task ? withTask(state, { ...task, trashes: message.places }) : state;
    case 'ordered':
    case 'acting':
    case 'trashed':
    case 'restored':
      return task.step === 'act' ? withTask(state, acted(task, message)) : state;
    default:
      return null;
  }
}

function withTask(state: State, task: DuplicatesTask): State {
  return task === state.duplicates ? state : { ...state, duplicates: task };
}

/** The first pages fill the review; later ones follow a decision. */
function grouped(task: DuplicatesTask, { rows, gone, summary, stacks, more }: FromDuplicates & { kind: 'groups' }): DuplicatesTask {
  if (task.step === 'progress') {
    const groups = [...task.groups, ...rows];
    return more ? { ...task, groups } : opened(task, groups, { summary, stacks });
  }
  if (task.step !== 'review' && task.step !== 'act') return task;
  const groups = withoutUnits(merged(task.groups, rows, gone), [...task.went]);
  // What changed is asked for again.
  const other = new Set([...rows.map(({ id }) => id), ...gone]);
  const details = other.size === 0 ? task.details : new Map([...task.details].filter(([id]) => !other.has(id)));
  const choices = carried(task.groups, groups, rows, task.choices);
  const next = { ...task, groups, summary, stacks, details, choices };
  return next.step === 'review' && !more ? keepSelection(task as DuplicatesReviewing, next) : next;
}

function opened(task: DuplicatesRunning, groups: GroupRow[], found: Pick<DuplicatesReviewing, 'summary' | 'stacks'>): DuplicatesReviewing {
  const list = LISTS.find((each) => groups.some((group) => group.list === each)) ?? 'exact';
  const choices = new Map<string, Choice>();
  const first = visibleGroups(groups, list, NO_FILTER, 'saved', choices)[0];
  return {
    ...lasting(task),
    ...found,
    step: 'review',
    groups,
    trashes: task.trashes,
    went: new Set(),
    choices,
    list,
    filters: NO_FILTER,
    sort: 'saved',
    selected: first?.id ?? null,
    place: 0,
    open: false,
    view: 'cards',
    zoom: false,
    details: new Map(),
    undo: [],
    told: null,
  };
}

/** The groups that the list shows. */
export function shownGroups({ groups, list, filters, sort, choices }: Omit<DuplicatesReviewing, 'step'>): GroupRow[] {
  return visibleGroups(groups, list, filters, sort, choices);
}

/** The group on show. */
export function selectedGroup({ groups, selected }: Omit<DuplicatesReviewing, 'step'>): GroupRow | null {
  return groups.find(({ id }) => id === selected) ?? null;
}

function reviewing(task: DuplicatesReviewing, msg: DuplicatesMsg): DuplicatesReviewing {
  const quiet = task.told === null ? task : { ...task, told: null };
  switch (msg.kind) {
    case 'listed':
      return keepSelection(task, { ...quiet, list: msg.list, place: 0 });
    case 'filtered':
      return keepSelection(task, { ...quiet, filters: { ...task.filters, ...msg.filters } });
    case 'sorted':
      return { ...quiet, sort: msg.sort };
    case 'selected':
      return { ...quiet, selected: msg.group, place: msg.group === task.selected ? task.place : 0, open: true };
    case 'moved':
      return moved(quiet, msg.by);
    case 'placed':
      return { ...quiet, place: Math.max(0, Math.min(msg.place, (selectedGroup(task)?.units.length ?? 1) - 1)) };
    case 'closed':
      return task.view === 'cards' ? { ...quiet, open: false } : { ...quiet, view: 'cards', zoom: false };
    case 'viewed': // a keeper is not compared with itself
      return { ...quiet, view: msg.view, place: msg.view === 'cards' ? task.place : Math.max(1, task.place) };
    case 'zoomed':
      return { ...quiet, zoom: !task.zoom };
    case 'undone':
      return undone(quiet);
    case 'deciding':
      return { ...quiet, undo: msg.decision.kind === 'take-back' ? task.undo : [...task.undo, { kind: 'decision', selected: task.selected }] };
    default:
      return choosing(quiet, msg);
  }
}

/** What changes what is marked, or what counts as reviewed. */
function choosing(task: DuplicatesReviewing, msg: DuplicatesMsg): DuplicatesReviewing {
  const group = selectedGroup(task);
  switch (msg.kind) {
    case 'kept':
      return choose(task, msg.scope, (each, before) => ({ ...before, trash: without(each, msg.keep, before.trash) }), msg.keep);
    case 'reviewed':
      return choose(task, msg.scope, (_each, before) => ({ ...before, reviewed: msg.reviewed }));
    case 'toggled': {
      if (group === null) return task;
      const why = lockedBy(task.groups, task.choices, group, msg.unit);
      if (why !== null) return { ...task, told: { kind: 'locked', why } };
      const choice = toggled(task.groups, task.choices, group, msg.unit);
      return choose(task, 'group', () => choice);
    }
    case 'keep-one':
      return choose(task, 'group', (each, before) => ({
        ...before,
        trash: each.units.filter(({ unit }) => unit !== msg.unit).map(({ unit }) => unit),
      }));
    case 'keep-best':
      return onward(
        task,
        choose(task, 'group', (each) => ({ trash: without(each, 'suggested', []), reviewed: true })),
      );
    case 'done-with':
      return onward(
        task,
        choose(task, 'group', (_each, before) => ({ ...before, reviewed: true })),
      );
    default:
      return task;
  }
}

/** Changes the choice of the group on show, or of all that are shown; what may not go stays, and that is said. */
function choose(task: DuplicatesReviewing, scope: Scope, change: (group: GroupRow, before: Choice) => Choice, keep?: Keep): DuplicatesReviewing {
  const group = selectedGroup(task);
  const these = scope === 'shown' ? shownGroups(task) : group === null ? [] : [group];
  const fresh = changed(task.groups, task.choices, these, change);
  if (fresh.size === 0) return scope === 'shown' || keep !== undefined ? { ...task, told: { kind: 'changed', groups: 0 } } : task;
  const before = [...fresh.keys()].map((id): [string, Choice | null] => [id, task.choices.get(id) ?? null]);
  const choices = new Map([...task.choices, ...fresh]);
  const told = scope === 'shown' ? { kind: 'changed' as const, groups: fresh.size } : null;
  const next: DuplicatesReviewing = { ...task, choices, told, undo: [...task.undo, { kind: 'choices', selected: task.selected, before }] };
  return keepSelection(task, next);
}

/** Shows the next group, as the list was before. */
function onward(before: DuplicatesReviewing, after: DuplicatesReviewing): DuplicatesReviewing {
  if (after.selected !== before.selected) return after; // the filter hid it, and the next is on show
  const shown = shownGroups(before);
  const at = shown.findIndex(({ id }) => id === before.selected);
  const next = shown[at + 1];
  return next === undefined ? after : { ...after, selected: next.id, place: 0, view: 'cards', zoom: false };
}

function moved(task: DuplicatesReviewing, by: number): DuplicatesReviewing {
  const shown = shownGroups(task);
  if (shown.length === 0) return task;
  const at = shown.findIndex(({ id }) => id === task.selected);
  const place = at < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, at + by));
  const next = shown[place];
  return next === undefined || next.id === task.selected ? task : { ...task, selected: next.id, place: 0, zoom: false };
}

/** The group on show stays as long as it is in the list; else what stands in its place is shown. */
function keepSelection(before: DuplicatesReviewing, after: DuplicatesReviewing): DuplicatesReviewing {
  const shown = shownGroups(after);
  if (shown.some(({ id }) => id === after.selected)) {
    const units = selectedGroup(after)?.units.length ?? 1;
    return after.place < units ? after : { ...after, place: 0 };
  }
  const at = shownGroups(before).findIndex(({ id }) => id === before.selected);
  const next = shown[Math.min(Math.max(at, 0), shown.length - 1)];
  return { ...after, selected: next?.id ?? null, place: 0, view: 'cards', zoom: false, open: next !== undefined && after.open };
}

/** Choices come back here; what the engine decided comes back with its answer. */
function undone(task: DuplicatesReviewing): DuplicatesReviewing {
  const last = task.undo.at(-1);
  if (last === undefined) return task;
  const undo = task.undo.slice(0, -1);
  if (last.kind === 'decision') return { ...task, undo };
  const choices = new Map(task.choices);
  for (const [id, before] of last.before) {
    if (before === null) choices.delete(id);
    else choices.set(id, before);
  }
  const back = task.groups.find(({ id }) => id === last.selected);
  const next = { ...task, undo, choices };
  if (back === undefined) return next;
  const place = back.id === task.selected ? task.place : 0;
  return { ...next, selected: back.id, list: back.list, place, filters: isShown(next, back) ? next.filters : NO_FILTER };
}

function isShown(task: DuplicatesReviewing, group: GroupRow): boolean {
  return visibleGroups([group], group.list, task.filters, task.sort, task.choices).length > 0;
}

function withDetails(known: DuplicatesReviewing['details'], details: GroupDetails): DuplicatesReviewing['details'] {
  const all = new Map(known);
  all.delete(details.id);
  all.set(details.id, details);
  for (const id of all.keys()) {
    if (all.size <= MOST_DETAILS) break;
    all.delete(id);
  }
  return all;
}

function toAct(state: State, task: DuplicatesReviewing): State {
  const plan = planOf(task.groups, task.choices);
  if (plan.units.length === 0) return withTask(state, { ...task, told: { kind: 'nothing-reviewed' } });
  const phase: ActPhase = { at: 'question', files: null };
  return { ...state, shared: { ...state.shared, problem: null }, duplicates: { ...task, step: 'act', plan, phase, view: 'cards', told: null } };
}

/** What lies in the trash from earlier goes back: files that nobody knows here, so the review stays as it is. */
function puttingBack(task: DuplicatesReviewing): DuplicatesActing {
  const plan = { groups: 0, units: [], files: 0, bytes: 0, keepers: [] };
  return { ...task, step: 'act', plan, phase: { at: 'restoring', done: 0, total: 0 }, told: null };
}

function acting(task: DuplicatesActing, msg: DuplicatesMsg): DuplicatesActing {
  const { phase, plan } = task;
  if (msg.kind === 'moving' && phase.at === 'question') return { ...task, phase: { at: 'moving', done: 0, total: plan.files, bytes: 0 } };
  if (msg.kind === 'restoring' && phase.at === 'done') {
    return { ...task, phase: { at: 'restoring', done: 0, total: phase.trashed.files } };
  }
  return task;
}

function acted(task: DuplicatesActing, message: FromDuplicates & { kind: 'ordered' | 'acting' | 'trashed' | 'restored' }): DuplicatesActing {
  const { phase } = task;
  switch (message.kind) {
    case 'ordered':
      return phase.at === 'question' ? { ...task, phase: { at: 'question', files: message.files } } : task;
    case 'acting':
      if (phase.at === 'moving') return { ...task, phase: { at: 'moving', done: message.done, total: message.total, bytes: message.bytes } };
      return phase.at === 'restoring' ? { ...task, phase: { ...phase, done: message.done, total: message.total } } : task;
    case 'trashed': {
      if (phase.at !== 'moving') return task;
      const { units, files, bytes, places, left, cause } = message;
      return { ...task, phase: { at: 'done', trashed: { units, files, bytes, places, left, cause } } };
    }
    case 'restored':
      return phase.at === 'restoring' ? { ...task, phase: { at: 'restored', files: message.files, left: message.left, cause: message.cause } } : task;
  }
}

/** What went is no more in any group; what was put back is. What was taken back before an act is not taken back after it. */
function toReview(task: DuplicatesActing): DuplicatesReviewing {
  const { plan: _plan, phase, ...rest } = task;
  const before: DuplicatesReviewing = { ...rest, step: 'review' };
  if (phase.at !== 'done') return before;
  const groups = withoutUnits(task.groups, phase.trashed.units);
  const there = new Set(groups.map(({ id }) => id));
  const went = new Set([...task.went, ...phase.trashed.units]);
  const choices = new Map<string, Choice>();
  for (const [id, choice] of task.choices) {
    if (there.has(id)) choices.set(id, { ...choice, trash: choice.trash.filter((unit) => !went.has(unit)) });
  }
  return keepSelection(before, { ...before, groups, choices, went, details: new Map(), undo: [] });
}

function failed(state: State, message: FromEngine & { kind: 'failed' }): State {
  const { shared, duplicates: task } = state;
  if (task.step === 'act' && message.code === 'output') {
    return { ...state, shared: { ...shared, problem: message.text }, duplicates: { ...task, phase: { at: 'question', files: null } } };
  }
  const skipped = message.inHand === null ? shared.skipped : withSkipped(shared.skipped, message.inHand);
  return { ...state, shared: { ...shared, skipped }, duplicates: { ...lasting(task), step: 'stopped', code: message.code, text: message.text } };
}

function started(state: State, job: number): State {
  const { shared, duplicates: task } = state;
  const fresh: Shared = {
    ...shared,
    job,
    owner: 'duplicates',
    problem: null,
    troubles: NO_TROUBLE,
    kept: { at: 'unasked', counts: null, troubles: NO_TROUBLE },
  };
  const running: DuplicatesRunning = {
    ...lasting(task),
    again: false,
    step: 'progress',
    progress: null,
    pace: null,
    paused: false,
    recovered: null,
    trashes: [],
    groups: [],
  };
  return { ...state, shared: fresh, duplicates: running };
}

function ended(task: DuplicatesTask): DuplicatesTask {
  return { ...lasting(task), step: 'choose', again: false };
}

/** What goes on from step to step. */
function lasting({ similar, offered, again }: DuplicatesTask): DuplicatesLasting {
  return { similar, offered, again };
}
