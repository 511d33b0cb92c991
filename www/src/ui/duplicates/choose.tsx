// Step 1: folders to look through; those of before are offered again.

import { canPickFolders } from '../../files/open';
import type { DuplicatesChoose, Offered } from '../../state/duplicates/state';
import { canLook, chatsGiven, foldersGiven } from '../../state/duplicates/state';
import type { Actions } from '../../state/effects';
import type { State } from '../../state/state';
import { text } from '../../text/en';
import { DropZone } from '../parts/dropzone';
import { StepHeading } from '../parts/heading';
import { Icon } from '../parts/icons';
import { KeptFold } from '../parts/kept';
import { Problem } from '../parts/problem';

const words = text.duplicates.choose;

export function ChooseFolders({ state, task, actions }: { state: State; task: DuplicatesChoose; actions: Actions }) {
  const { shared } = state;
  const given = foldersGiven(shared);
  const chats = chatsGiven(shared);
  const waiting = given.length > 0 && shared.defaults === null && shared.unloaded === null;
  const busy = ['progress', 'review', 'save'].includes(state.task.step);
  return (
    <div class="choose narrow">
      <StepHeading>{words.title}</StepHeading>
      <p class="lead">{words.lead}</p>
      <div class="zones">
        <DropZone side="folders" sources={given} actions={actions} pickers={canPickFolders()} />
      </div>
      <details class="fold" open={chats.length > 0}>
        <summary>{words.withChats}</summary>
        <DropZone side="chats" sources={chats} actions={actions} pickers={canPickFolders()} />
      </details>
      {task.offered.length > 0 && <OfferedFolders offered={task.offered} actions={actions} />}
      <Problem text={shared.problem} />
      <Problem text={shared.unloaded === null ? null : text.unloaded}>
        <button type="button" class="button small" onClick={actions.reload}>
          {text.tryAgain}
        </button>
      </Problem>
      <label class="choice">
        <input
          type="checkbox"
          checked={task.similar}
          onChange={(event) => actions.duplicates.dispatch({ kind: 'similar', similar: event.currentTarget.checked })}
        />
        <span>
          <strong>{words.similar}</strong>
          <span class="hint">{words.similarHint}</span>
        </span>
      </label>
      {busy && <p class="note">{words.busy}</p>}
      <div class="go">
        <button type="button" class="button primary large" disabled={!canLook(shared)} onClick={actions.duplicates.start}>
          {words.start}
        </button>
        {waiting && <span class="hint">{text.loading}</span>}
      </div>
      <p class="private">
        <Icon name="lock" />
        <span>{words.private}</span>
      </p>
      <div class="folds">
        <details class="fold">
          <summary>{words.how}</summary>
          <p>{words.howText}</p>
          {!canPickFolders() && <p>{words.readOnly}</p>}
        </details>
        <KeptFold kept={shared.kept} loaded={shared.defaults !== null} actions={actions} />
      </div>
    </div>
  );
}

function OfferedFolders({ offered, actions }: { offered: Offered[]; actions: Actions }) {
  return (
    <section class="offered" aria-labelledby="offered">
      <h2 id="offered">{words.offered}</h2>
      <ul>
        {offered.map(({ id, name }) => (
          <li key={id}>
            <button type="button" class="button" aria-label={words.offer(name)} onClick={() => void actions.duplicates.openOffered(id)}>
              <Icon name="folder" />
              <bdi>{name}</bdi>
            </button>
            <button
              type="button"
              class="button icon-only"
              aria-label={words.withdraw(name)}
              onClick={() => void actions.duplicates.forgetOffered(id)}
            >
              <Icon name="cross" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
