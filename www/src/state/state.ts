// Everything the page knows: what every job shares, and the task at hand.

import type { FromEngine } from '../engine/protocol';
import type { LinkMsg, LinkTask } from './link/state';
import { initialLink } from './link/state';
import type { Shared, SharedMsg } from './shared/state';
import { initialShared } from './shared/state';

/** What the user is doing: the chat job. Another job adds its own to the union. */
export type Task = LinkTask;

export interface State {
  shared: Shared;
  task: Task;
}

/** Everything that can change the state. `at`: milliseconds, only ever compared with each other. */
export type Msg = SharedMsg | LinkMsg | { kind: 'engine'; at: number; message: FromEngine };

export const initialState: State = { shared: initialShared, task: initialLink };
