// The place of the duplicates job, by step.

import type { Actions } from '../../state/effects';
import type { State } from '../../state/state';
import { ActStep } from './act';
import { ChooseFolders } from './choose';
import { Looking } from './progress';
import { ReviewGroups } from './review';
import { DuplicatesStoppedStep } from './stopped';

export function DuplicatesPlace({ state, actions }: { state: State; actions: Actions }) {
  const { shared, duplicates: task } = state;
  switch (task.step) {
    case 'choose':
      return <ChooseFolders state={state} task={task} actions={actions} />;
    case 'progress':
      return <Looking shared={shared} task={task} actions={actions} />;
    case 'review':
      return <ReviewGroups shared={shared} task={task} actions={actions} />;
    case 'act':
      return <ActStep shared={shared} task={task} actions={actions} />;
    case 'stopped':
      return <DuplicatesStoppedStep shared={shared} task={task} actions={actions} />;
  }
}
