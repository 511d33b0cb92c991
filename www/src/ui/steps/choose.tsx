// Step 1: the chat and the originals.

import { MEMORY_LIMIT } from '../../engine/protocol';
import { canPickFolders } from '../../files/open';
import { isDownload } from '../../files/save';
import type { Actions } from '../../state/effects';
import type { Choose } from '../../state/link/state';
import { canStart, settingsOf } from '../../state/link/state';
import type { Shared, Side } from '../../state/shared/state';
import { text } from '../../text/en';
import { DropZone } from '../parts/dropzone';
import { StepHeading } from '../parts/heading';
import { Icon } from '../parts/icons';
import { KeptFold } from '../parts/kept';
import { Problem } from '../parts/problem';
import { SettingsForm } from '../parts/settings';

export function ChooseStep({ shared, task, actions }: { shared: Shared; task: Choose; actions: Actions }) {
  const words = text.choose;
  const of = (side: Side) => shared.sources.filter((source) => source.side === side);
  const settings = settingsOf(shared, task);
  const waiting = of('chat').length + of('originals').length > 0 && shared.defaults === null && shared.unloaded === null;
  const alone = of('originals').length === 0;
  return (
    <div class="choose narrow">
      <StepHeading>{words.title}</StepHeading>
      <p class="lead">{words.lead}</p>
      <div class="zones">
        <DropZone side="chat" sources={of('chat')} actions={actions} pickers={canPickFolders()} />
        <DropZone side="originals" sources={of('originals')} actions={actions} pickers={canPickFolders()} />
      </div>
      {shared.storage === false && <p class="note">{words.noStorage(isDownload() ? MEMORY_LIMIT : null)}</p>}
      <Problem text={shared.problem} />
      <Problem text={shared.unloaded === null ? null : text.unloaded}>
        <button type="button" class="button small" onClick={actions.reload}>
          {text.tryAgain}
        </button>
      </Problem>
      <div class="go">
        <button type="button" class="button primary large" disabled={!canStart(shared)} onClick={actions.start}>
          {alone ? words.startAlone : words.start}
        </button>
        {waiting && <span class="hint">{text.loading}</span>}
        <button type="button" class="button quiet" onClick={() => void actions.sample()}>
          {words.sample}
        </button>
      </div>
      <p class="private">
        <Icon name="lock" />
        <span>{words.private}</span>
      </p>
      <div class="folds">
        {settings !== null && <SettingsForm settings={settings} onChange={(change) => actions.dispatch({ kind: 'set', settings: change })} />}
        <KeptFold kept={shared.kept} loaded={settings !== null} actions={actions} />
        <details class="fold">
          <summary>{words.chatHow}</summary>
          <p>{words.chatHowText}</p>
        </details>
        <details class="fold">
          <summary>{words.madeOf}</summary>
          <p>
            {words.madeOfText} <a href="licences.txt">{words.licences}</a>
          </p>
        </details>
      </div>
    </div>
  );
}
