// Step 4: where it goes, the writing, and what was written.

import { useMemo } from 'preact/hooks';
import { saveWays } from '../../files/save';
import type { Actions } from '../../state/effects';
import { linkedOriginal, tally } from '../../state/rows';
import { settingsOf } from '../../state/state';
import type { SavePhase, Saving } from '../../state/state';
import { text } from '../../text/en';
import { StepHeading } from '../parts/heading';
import { Icon, Mark } from '../parts/icons';
import { Issues } from '../parts/issues';
import { Problem } from '../parts/problem';
import { Choices } from '../parts/settings';
import { Stages } from '../parts/stages';

const words = text.save;

export function SaveStep({ state, actions }: { state: Saving; actions: Actions }) {
  const { phase } = state;
  if (phase.at === 'writing') return <Writing key="writing" phase={phase} actions={actions} />;
  if (phase.at === 'done') return <Done key="done" phase={phase} actions={actions} />;
  return <Options key="options" state={state} actions={actions} />;
}

function Options({ state, actions }: { state: Saving; actions: Actions }) {
  const { rows, chat } = state.review;
  const counts = useMemo(() => tally(rows), [rows]);
  const settings = settingsOf(state);
  const linked = useMemo(() => rows.map(linkedOriginal).filter((original) => original !== null), [rows]);
  const heics = linked.some((original) => /\.(heic|heif|hif)$/i.test(original.path));
  return (
    <div class="save narrow">
      <StepHeading>{words.title}</StepHeading>
      <p class="lead">{words.lead(linked.length)}</p>
      {counts.unsure > 0 && <p class="note">{words.unsure(counts.unsure)}</p>}
      <Problem text={state.problem} />
      {chat.participants.length > 0 && (
        <label class="field">
          <span>{words.me}</span>
          <select
            value={state.senderIsMe ?? ''}
            onChange={(event) => actions.dispatch({ kind: 'sender', name: event.currentTarget.value || null })}
          >
            <option value="">{words.nobody}</option>
            {chat.participants.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {settings !== null && heics && (
        <Choices
          legend={words.heic}
          name="heic"
          options={text.settings.heics}
          value={settings.heic}
          onPick={(heic) => actions.dispatch({ kind: 'set', settings: { heic } })}
        />
      )}
      <Ways name={words.fileName(chat.title)} actions={actions} />
      <button type="button" class="button quiet" onClick={() => actions.dispatch({ kind: 'to-review' })}>
        <Icon name="back" />
        {words.back}
      </button>
    </div>
  );
}

function Ways({ name, actions }: { name: string; actions: Actions }) {
  const ways = saveWays();
  const download = !ways.zip && !ways.folder;
  return (
    <div class="ways">
      {ways.zip && (
        <button type="button" class="way" onClick={() => void actions.save('zip', `${name}.zip`)}>
          <Icon name="zip" />
          <strong>{words.zip}</strong>
          <span>{words.zipHint}</span>
        </button>
      )}
      {ways.folder && (
        <button type="button" class="way" onClick={() => void actions.save('folder', name)}>
          <Icon name="folder" />
          <strong>{words.folder}</strong>
          <span>{words.folderHint}</span>
        </button>
      )}
      {download && (
        <button type="button" class="way" onClick={() => void actions.save('download', `${name}.zip`)}>
          <Icon name="zip" />
          <strong>{words.download}</strong>
          <span>{words.downloadHint}</span>
        </button>
      )}
    </div>
  );
}

function Writing({ phase, actions }: { phase: SavePhase & { at: 'writing' }; actions: Actions }) {
  return (
    <div class="save narrow">
      <StepHeading>{words.writingTitle}</StepHeading>
      <p class="lead">{words.writingHint}</p>
      <Stages progress={phase.progress} pace={phase.pace} paused={false} first="rebuild" />
      <button type="button" class="button quiet" onClick={actions.restart}>
        {words.cancel}
      </button>
    </div>
  );
}

function Done({ phase, actions }: { phase: SavePhase & { at: 'done' }; actions: Actions }) {
  const { saved, name, how } = phase;
  return (
    <div class="save done narrow">
      <span class="seal">
        <Mark />
      </span>
      <StepHeading>{words.doneTitle}</StepHeading>
      <p class="lead">{words.where[how](name)}</p>
      <p class="note good">
        <strong>{words.done(saved.files, saved.bytes)}</strong> {words.report}
      </p>
      <div class="go">
        {saved.file !== null && (
          <button type="button" class="button primary large" onClick={actions.download}>
            {words.again}
          </button>
        )}
        <button type="button" class="button" onClick={() => actions.dispatch({ kind: 'to-review' })}>
          {words.back}
        </button>
        <button type="button" class="button quiet" onClick={actions.startOver}>
          {words.over}
        </button>
      </div>
      <Issues issues={saved.issues} title={words.issues} />
    </div>
  );
}
