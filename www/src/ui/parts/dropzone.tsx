// A place to drop folders or a zip on, with buttons that do the same.

import { useRef, useState } from 'preact/hooks';
import type { Actions } from '../../state/effects';
import type { Side, Source } from '../../state/shared/state';
import { isChat } from '../../state/shared/state';
import { text } from '../../text/en';
import type { IconName } from './icons';
import { Icon } from './icons';

interface Props {
  side: Side;
  sources: Source[];
  actions: Actions;
  /** Whether the browser can pick folders itself; else an `<input>` does. */
  pickers: boolean;
}

const words = text.choose;

const ZONES: Record<Side, { title: string; hint: string; icon: IconName }> = {
  chat: { title: words.chat, hint: words.chatHint, icon: 'chat' },
  originals: { title: words.originals, hint: words.originalsHint, icon: 'photos' },
  folders: { title: text.duplicates.choose.zone, hint: text.duplicates.choose.zoneHint, icon: 'photos' },
  chats: { title: text.duplicates.choose.chats, hint: text.duplicates.choose.chatsHint, icon: 'chat' },
};

export function DropZone({ side, sources, actions, pickers }: Props) {
  const [over, setOver] = useState(false);
  const { title, hint, icon } = ZONES[side];
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer !== null) void actions.fromDrop(side, event.dataTransfer);
  };
  return (
    <section
      class={`zone ${over ? 'over' : ''} ${sources.length > 0 ? 'filled' : ''}`}
      aria-labelledby={`zone-${side}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span class="badge">
        <Icon name={icon} />
      </span>
      <h2 id={`zone-${side}`}>{title}</h2>
      {sources.length === 0 ? (
        <>
          <p>{hint}</p>
          <p class="drop">{isChat(side) ? words.drop : words.dropMany}</p>
        </>
      ) : (
        <SourceList sources={sources} onRemove={(id) => actions.dispatch({ kind: 'removed', id })} />
      )}
      <Buttons side={side} actions={actions} pickers={pickers} more={sources.length > 0} />
      {side === 'originals' && sources.length === 0 && <p class="hint">{words.originalsOptional}</p>}
    </section>
  );
}

function SourceList({ sources, onRemove }: { sources: Source[]; onRemove: (id: number) => void }) {
  return (
    <ul class="sources">
      {sources.map((source) => (
        <li key={source.id}>
          <Icon name={/\.zip$/i.test(source.label) ? 'zip' : 'folder'} />
          <span class="what">
            <bdi class="label">{source.label}</bdi>
            <span class="hint">{(source.done ? words.counted : words.counting)(source.count, source.bytes)}</span>
          </span>
          <button type="button" class="button icon-only" aria-label={words.remove(source.label)} onClick={() => onRemove(source.id)}>
            <Icon name="cross" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Buttons({ side, actions, pickers, more }: Pick<Props, 'side' | 'actions' | 'pickers'> & { more: boolean }) {
  const folder = isChat(side) ? words.pickFolder : more ? words.anotherFolder : words.addFolder;
  if (pickers) {
    return (
      <div class="buttons">
        {isChat(side) && (
          <button type="button" class="button" onClick={() => void actions.pickZip(side)}>
            {words.pickZip}
          </button>
        )}
        <button type="button" class="button" onClick={() => void actions.pickFolder(side)}>
          {folder}
        </button>
      </div>
    );
  }
  return (
    <div class="buttons">
      {isChat(side) && <FileButton side={side} actions={actions} label={words.pickZip} folder={false} />}
      <FileButton side={side} actions={actions} label={folder} folder />
    </div>
  );
}

/** The fallback: a hidden file input behind a button. */
function FileButton({ side, actions, label, folder }: { side: Side; actions: Actions; label: string; folder: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const take = () => {
    if (input.current === null || input.current.files?.length === 0) return;
    // The input is emptied only after its files were read, so that the same folder can be chosen again.
    const taken = input.current;
    void actions.fromInput(side, taken).finally(() => {
      taken.value = '';
    });
  };
  return (
    <>
      <button type="button" class="button" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        class="unseen"
        type="file"
        tabIndex={-1}
        aria-label={label}
        onChange={take}
        {...(folder ? { webkitdirectory: true } : { accept: '.zip,application/zip' })}
      />
    </>
  );
}
