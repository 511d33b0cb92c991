// Step 4: where it goes, the writing, and what was written.

import { useMemo } from 'preact/hooks';
import { MEMORY_LIMIT } from '../../engine/protocol';
import { isDownload, saveWays } from '../../files/save';
import type { Actions } from '../../state/effects';
import { bundledOriginal, leastBytes, tally } from '../../state/link/rows';
import type { SavePhase, Saving } from '../../state/link/state';
import { settingsOf } from '../../state/link/state';
import type { Shared } from '../../state/shared/state';
import { text } from '../../text/en';
import { StepHeading } from '../parts/heading';
import { Icon, Mark } from '../parts/icons';
import { Issues } from '../parts/issues';
import { Problem } from '../parts/problem';
import { Choices } from '../parts/settings';
import { Stages } from '../parts/stages';

const words = text.save;

interface Props {
  shared: Shared;
  task: Saving;
  actions: Actions;
}

export function SaveStep({ shared, task, actions }: Props) {
  const { phase } = task;
  if (phase.at === 'writing') return <Writing key="writing" phase={phase} actions={actions} />;
  if (phase.at === 'done') return <Done key="done" phase={phase} actions={actions} />;
  return <Options key="options" shared={shared} task={task} actions={actions} />;
}

function Options({ shared, task, actions }: Props) {
  const { rows, chat } = task.review;
  const counts = useMemo(() => tally(rows), [rows]);
  const settings = settingsOf(shared, task);
  const linked = useMemo(() => rows.map(bundledOriginal).filter((original) => original !== null), [rows]);
  const heics = linked.some((original) => /\.(heic|heif|hif)$/i.test(original.path));
  return (
    <div class="save narrow">
      <StepHeading>{words.title}</StepHeading>
      <p class="lead">{words.lead(linked.length)}</p>
      {counts.unsure > 0 && <p class="note">{words.unsure(counts.unsure)}</p>}
      <Problem text={shared.problem} />
      {chat.participants.length > 0 && (
        <label class="field">
          <span>{words.me}</span>
          <select value={task.senderIsMe ?? ''} onChange={(event) => actions.dispatch({ kind: 'sender', name: event.currentTarget.value || null })}>
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
      <Ways shared={shared} task={task} actions={actions} />
      <button type="button" class="button quiet" onClick={() => actions.dispatch({ kind: 'to-review' })}>
        <Icon name="back" />
        {words.back}
      </button>
    </div>
  );
}

function Ways({ shared, task, actions }: Props) {
  const { rows } = task.review;
  const ways = saveWays();
  const download = isDownload();
  const inMemory = shared.storage === false;
  const least = useMemo(() => leastBytes(rows), [rows]);
  if (download && inMemory && least > MEMORY_LIMIT) return <p class="note warn">{words.tooLarge(least, MEMORY_LIMIT)}</p>;
  return (
    <div class="ways">
      {ways.zip && (
        <button type="button" class="way" onClick={() => void actions.save('zip')}>
          <Icon name="zip" />
          <strong>{words.zip}</strong>
          <span>{words.zipHint}</span>
        </button>
      )}
      {ways.folder && (
        <button type="button" class="way" onClick={() => void actions.save('folder')}>
          <Icon name="folder" />
          <strong>{words.folder}</strong>
          <span>{words.folderHint}</span>
        </button>
      )}
      {download && (
        <button type="button" class="way" onClick={() => void actions.save('download')}>
          <Icon name="zip" />
          <strong>{words.download}</strong>
          <span>{inMemory ? words.memoryHint(MEMORY_LIMIT) : words.downloadHint}</span>
        </button>
      )}
    </div>
  );
}

function Writing({ phase, actions }: { phase: SavePhase & { at: 'writing' }; actions: Actions }) {
  const { name, within } = phase.place;
  return (
    <div class="save narrow">
      <StepHeading>{words.writingTitle}</StepHeading>
      <p class="lead">{words.writingHint}</p>
      {within !== null && <p class="hint">{words.writingTo(name, within)}</p>}
      <Stages progress={phase.progress} pace={phase.pace} paused={false} first="rebuild" />
      <button type="button" class="button quiet" onClick={actions.restart}>
        {words.cancel}
      </button>
    </div>
  );
}

function Done({ phase, actions }: { phase: SavePhase & { at: 'done' }; actions: Actions }) {
  const { saved, place } = phase;
  return (
    <div class="save done narrow">
      <span class="seal">
        <Mark />
      </span>
      <StepHeading>{words.doneTitle}</StepHeading>
      <p class="lead">{words.where[place.how](place.name, place.within)}</p>
      <p class="note good">
        <strong>{words.done(saved.files, saved.bytes)}</strong> {words.report}
      </p>
      {saved.file !== null && <p class="hint">{words.copy}</p>}
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
      <Issues issues={saved.issues} unwritten={saved.unwritten} title={words.issues} />
    </div>
  );
}
