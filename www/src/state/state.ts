// Everything the page knows: what every job shares, and where each job is.

import type { FromEngine } from '../engine/protocol';
import type { DuplicatesMsg, DuplicatesTask } from './duplicates/state';
import { initialDuplicates } from './duplicates/state';
import type { LinkMsg, LinkTask } from './link/state';
import { initialLink } from './link/state';
import type { Shared, SharedMsg } from './shared/state';
import { initialShared } from './shared/state';

/** What the user is doing in the chat job. */
export type Task = LinkTask;

/** Only one job has the engine (`shared.owner`); the others are where nothing is going on. */
export interface State {
  shared: Shared;
  task: Task;
  duplicates: DuplicatesTask;
}

/** Everything that can change the state. `at`: milliseconds, only ever compared with each other. */
export type Msg = SharedMsg | LinkMsg | { kind: 'duplicates'; msg: DuplicatesMsg } | { kind: 'engine'; at: number; message: FromEngine };

export const initialState: State = { shared: initialShared, task: initialLink, duplicates: initialDuplicates };

/** Whether nothing is going on that a new version of the page would end. */
export function isIdle({ task, duplicates }: State): boolean {
  return [task.step, duplicates.step].every((step) => step === 'choose' || step === 'stopped');
}
