// The keys of the review of groups.

import type { GroupRow } from '../../engine/protocol';
import { isReviewed } from '../../state/duplicates/choices';
import type { DuplicatesReviewing, DuplicatesView } from '../../state/duplicates/state';
import type { Actions } from '../../state/effects';
import { usePresses } from '../parts/keys';

interface Openers {
  help: () => void;
  search: () => void;
  /** The list before or behind the one on show. */
  list: (by: number) => void;
}

const VIEWS: DuplicatesView[] = ['cards', 'side', 'swipe', 'difference'];

export function useGroupKeys(task: DuplicatesReviewing, group: GroupRow | null, actions: Actions, openers: Openers): void {
  usePresses((key) => walking(key, task, actions, openers) || (group !== null && deciding(key, task, group, actions)));
}

/** Going about. */
function walking(key: string, task: DuplicatesReviewing, actions: Actions, openers: Openers): boolean {
  const { dispatch } = actions.duplicates;
  const by: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
  const name = key.length === 1 ? key.toLowerCase() : key;
  if (by[name] !== undefined) {
    dispatch({ kind: 'moved', by: by[name] });
    return true;
  }
  switch (name) {
    case '[':
    case ']':
      openers.list(name === ']' ? 1 : -1);
      return true;
    case 'u':
      actions.duplicates.undo();
      return true;
    case 't':
      actions.duplicates.toAct();
      return true;
    case 'z':
      dispatch({ kind: 'zoomed' });
      return true;
    case '/':
      openers.search();
      return true;
    case '?':
      openers.help();
      return true;
    case 'Escape':
      dispatch({ kind: 'closed' });
      return true;
    case 'ArrowLeft':
    case 'ArrowRight':
      dispatch({ kind: 'placed', place: task.place + (name === 'ArrowRight' ? 1 : -1) });
      return true;
    default:
      return false;
  }
}

/** Deciding about the group on show. */
function deciding(key: string, task: DuplicatesReviewing, group: GroupRow, actions: Actions): boolean {
  const { dispatch, decide } = actions.duplicates;
  const units = group.units.map(({ unit }) => unit);
  const here = units[task.place];
  if (/^[1-9]$/.test(key)) {
    const unit = units[Number(key) - 1];
    if (unit === undefined) return true;
    dispatch({ kind: 'placed', place: Number(key) - 1 });
    dispatch({ kind: 'toggled', unit });
    return true;
  }
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case ' ':
      if (here !== undefined) dispatch({ kind: 'toggled', unit: here });
      return true;
    case 'h':
      if (here !== undefined) dispatch({ kind: 'keep-one', unit: here });
      return true;
    case 'b':
      dispatch({ kind: 'keep-best' });
      return true;
    case 'Enter':
      dispatch({ kind: 'done-with' });
      return true;
    case 'r':
      dispatch({ kind: 'reviewed', reviewed: !isReviewed(group, task.choices), scope: 'group' });
      return true;
    case 'a':
      dispatch({ kind: 'kept', keep: 'all', scope: 'group' });
      return true;
    case 'o':
      dispatch({ kind: 'kept', keep: 'oldest', scope: 'group' });
      return true;
    case 'n':
      dispatch({ kind: 'kept', keep: 'newest', scope: 'group' });
      return true;
    case 'l':
      dispatch({ kind: 'kept', keep: 'largest', scope: 'group' });
      return true;
    case 's':
      decide({ kind: 'stack', units });
      return true;
    case 'x':
      decide({ kind: 'not-a-duplicate', units });
      return true;
    case 'c':
      dispatch({ kind: 'viewed', view: VIEWS[(VIEWS.indexOf(task.view) + 1) % VIEWS.length] ?? 'cards' });
      return true;
    default:
      return false;
  }
}
