// What the page does to the world whatever the job is: walks folders, and looks after what is remembered.

import type { Engine } from '../../engine/client';
import type { InputFile } from '../../engine/protocol';
import type { Downloads } from '../../files/downloads';
import { dropFolders } from '../../files/handles';
import type { Given } from '../../files/open';
import { filesOfDrop, filesOfInput, givenFiles, givenHandles, pickFolder, pickZip, sampleFiles } from '../../files/open';
import { askToKeep, forgetCatalogue } from '../../files/remember';
import { whyOf } from '../../files/why';
import { text } from '../../text/en';
import type { Store } from '../store';
import type { Shared, Side } from './state';
import { isChat, ownerOf } from './state';

/** While a folder is walked, the count on the page changes this often, in milliseconds. */
const COUNT_EVERY_MS = 120;

/** Looking after what is remembered, while no job runs. */
export function upkeep(store: Store, engine: Engine, downloads: Downloads) {
  const { dispatch } = store;

  function askKept(): void {
    dispatch({ kind: 'asked' });
    engine.send({ kind: 'count', job: store.get().shared.job });
  }

  function exportKept(): void {
    engine.send({ kind: 'export', job: store.get().shared.job });
  }

  /** Deletes what was learnt, and zips that wait for a download; about the rest the user is asked. Without an engine nobody knows whether there is any. */
  function forgetKept(): void {
    void downloads.forget();
    if (store.get().shared.defaults === null) dispatch({ kind: 'doubted' });
    else engine.send({ kind: 'forget', job: store.get().shared.job });
  }

  /** The user says so: decisions go as well, and zips that wait for a download. */
  async function forgetForever(): Promise<void> {
    const gone = await downloads.forget();
    await dropFolders();
    const trouble = await forgetCatalogue();
    dispatch({ kind: 'forgotten', trouble: trouble ?? (gone ? null : { why: 'busy', text: '' }) });
  }

  function spareForever(): void {
    dispatch({ kind: 'spared' });
  }

  let promised = false;

  /** Before the first thing is kept forever: the browser is asked not to clear it. Nobody waits for its answer. */
  function promise(): void {
    if (promised) return;
    promised = true;
    void askToKeep().then((kept) => dispatch({ kind: 'unpromised', unpromised: !kept }));
  }

  return { askKept, exportKept, forgetKept, forgetForever, spareForever, promise };
}

/** Ways in: pickers, the inputs behind them, drops, and the sample. */
export function inputs(store: Store, start: () => void) {
  const { dispatch } = store;
  let newest = 0;

  /** Counts while it walks, so that the page can show it; ends early if the source is removed meanwhile. */
  async function walk(side: Side, label: string, { files, roots }: Given): Promise<void> {
    newest += 1;
    const source = { id: newest, side, label, count: 0, bytes: 0 };
    const list: InputFile[] = [];
    const tops = new Set<string>();
    let shownAt = performance.now();
    dispatch({ kind: 'walking', source: { ...source } });
    try {
      for await (const file of files) {
        list.push(file);
        tops.add(topOf(file));
        source.count += 1;
        source.bytes += file.file.size;
        source.label = labelOf(tops, label);
        if (performance.now() - shownAt < COUNT_EVERY_MS) continue;
        if (!store.get().shared.sources.some((each) => each.id === source.id)) return;
        shownAt = performance.now();
        dispatch({ kind: 'walking', source: { ...source } });
      }
      if (list.length === 0) dispatch({ kind: 'unwalked', id: source.id, problem: text.choose.nothing });
      else if (isChosen(store.get().shared, side, list)) dispatch({ kind: 'unwalked', id: source.id, problem: text.choose.twice(source.label) });
      else dispatch({ kind: 'walked', source: { ...source, files: list, roots: await roots, done: true } });
    } catch (error) {
      dispatch({ kind: 'unwalked', id: source.id, problem: text.unread[whyOf(error)] });
    }
  }

  async function take(side: Side, picked: Promise<Given | null> | Given): Promise<void> {
    try {
      const given = await picked;
      if (given !== null) await walk(side, isChat(side) ? text.choose.aChat : text.choose.aFolder, given);
    } catch (error) {
      dispatch({ kind: 'problem', text: text.unread[whyOf(error)] });
    }
  }

  async function sample(): Promise<void> {
    try {
      const { chat, originals } = await sampleFiles();
      for (const source of store.get().shared.sources.filter((each) => ownerOf(each) === 'chat')) dispatch({ kind: 'removed', id: source.id });
      await walk('chat', text.choose.sampleChat, givenFiles(each(chat)));
      await walk('originals', text.choose.sampleOriginals, givenFiles(each(originals)));
      start();
    } catch {
      dispatch({ kind: 'problem', text: text.noSample });
    }
  }

  return {
    sample,
    pickFolder: (side: Side) => take(side, pickFolder(side)),
    pickZip: (side: Side) => take(side, pickZip()),
    fromHandle: (side: Side, handle: FileSystemDirectoryHandle) => take(side, givenHandles([handle])),
    fromInput: (side: Side, input: HTMLInputElement) => take(side, filesOfInput(input)),
    fromDrop: (side: Side, data: DataTransfer) => take(side, filesOfDrop(data)),
  };
}

/** Whether one source already holds exactly these files: the same folder was chosen twice. */
function isChosen({ sources }: Shared, side: Side, list: InputFile[]): boolean {
  const same = ({ files }: { files: InputFile[] }) => {
    if (files.length !== list.length) return false;
    const known = new Map(files.map((each) => [each.path, each.file]));
    return list.every(({ path, file }) => {
      const other = known.get(path);
      return other !== undefined && other.size === file.size && other.lastModified === file.lastModified;
    });
  };
  return sources.some((source) => source.done && source.side === side && same(source));
}

/** The chosen folder's name, or a single file's. */
function topOf(file: InputFile): string {
  return file.path.split('/', 1)[0] ?? file.path;
}

/** The names of what was chosen: few are said, many are counted. */
function labelOf(tops: Set<string>, otherwise: string): string {
  return tops.size > 3 ? otherwise : [...tops].join(', ');
}

/**
 * Paths are unique within a side, and begin with the name of the chosen folder: of two folders of one name, the later gets a
 * number in front.
 */
export function apart(sources: { files: InputFile[] }[]): InputFile[] {
  const seen = new Set<string>();
  const all: InputFile[] = [];
  sources.forEach((source, place) => {
    const clash = source.files.some((file) => seen.has(file.path));
    for (const each of source.files) {
      const file = clash ? { ...each, path: `${place + 1}/${each.path}` } : each;
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      all.push(file);
    }
  });
  return all;
}

async function* each(files: InputFile[]): AsyncGenerator<InputFile> {
  yield* files;
}
