// Step 1: the chat and the originals.

import { canPickFolders } from '../../files/open';
import type { Actions } from '../../state/effects';
import { canStart, settingsOf } from '../../state/state';
import type { Choose, Side } from '../../state/state';
import { text } from '../../text/en';
import { DropZone } from '../parts/dropzone';
import { StepHeading } from '../parts/heading';
import { Icon } from '../parts/icons';
import { KeptFold } from '../parts/kept';
import { Problem } from '../parts/problem';
import { SettingsForm } from '../parts/settings';

export function ChooseStep({ state, actions }: { state: Choose; actions: Actions }) {
  const words = text.choose;
  const of = (side: Side) => state.sources.filter((source) => source.side === side);
  const settings = settingsOf(state);
  const waiting = state.sources.length > 0 && state.defaults === null && state.unloaded === null;
  const alone = of('originals').length === 0;
  return (
    <div class="choose narrow">
      <StepHeading>{words.title}</StepHeading>
      <p class="lead">{words.lead}</p>
      <div class="zones">
        <DropZone side="chat" sources={of('chat')} actions={actions} pickers={canPickFolders()} />
        <DropZone side="originals" sources={of('originals')} actions={actions} pickers={canPickFolders()} />
      </div>
      <Problem text={state.problem} />
      <Problem text={state.unloaded === null ? null : text.unloaded}>
        <button type="button" class="button small" onClick={actions.reload}>
          {text.tryAgain}
        </button>
      </Problem>
      <div class="go">
        <button type="button" class="button primary large" disabled={!canStart(state)} onClick={actions.start}>
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
        <KeptFold kept={state.kept} loaded={settings !== null} actions={actions} />
        <details class="fold">
          <summary>{words.chatHow}</summary>
          <p>{words.chatHowText}</p>
        </details>
      </div>
    </div>
  );
}
