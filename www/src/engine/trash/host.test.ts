import { beforeEach, describe, expect, it } from 'vitest';
import type { TrashAct, TrashAt } from '../generated/heirloom';
import { earlierRuns, hasRecord, newRun, TrashHost } from './host';

/** A folder in memory, as far as the trash uses one. `moves` says how its files move. */
class Folder {
  readonly kind = 'directory';
  readonly children = new Map<string, Folder | Text>();
  constructor(readonly name: string) {}

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<Folder> {
    const found = this.children.get(name);
    if (found instanceof Text) throw new DOMException('', 'TypeMismatchError');
    return found ?? this.add(name, create, new Folder(name));
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<Text> {
    if (name.endsWith('.lnk')) throw new TypeError('Name is not allowed.');
    const found = this.children.get(name);
    if (found instanceof Folder) throw new DOMException('', 'TypeMismatchError');
    return found ?? this.add(name, create, new Text(this, name));
  }

  async removeEntry(name: string): Promise<void> {
    const found = this.children.get(name);
    if (found === undefined) throw new DOMException('', 'NotFoundError');
    if (found instanceof Folder && found.children.size > 0) throw new DOMException('', 'InvalidModificationError');
    this.children.delete(name);
  }

  async *values(): AsyncGenerator<Folder | Text> {
    yield* [...this.children.values()];
  }

  private add<T extends Folder | Text>(name: string, create: boolean, child: T): T {
    if (!create) throw new DOMException('', 'NotFoundError');
    this.children.set(name, child);
    return child;
  }

  /** Every file below, with what it holds. */
  texts(above = ''): Record<string, string> {
    const each = [...this.children].map(([name, child]) =>
      child instanceof Text ? { [above + name]: child.text } : child.texts(`${above}${name}/`),
    );
    return Object.assign({}, ...each) as Record<string, string>;
  }
}

/** How files move here: as they should, in no way, or with what a browser throws. */
let moving: 'well' | 'never' | DOMException = 'well';

class Text {
  readonly kind = 'file';
  text = '';
  constructor(
    private folder: Folder,
    readonly name: string,
  ) {}

  get move() {
    if (moving === 'never') return undefined;
    return async (to: Folder, name: string) => {
      if (moving instanceof DOMException) throw moving;
      this.folder.children.delete(this.name);
      const moved = new Text(to, name);
      moved.text = this.text;
      to.children.set(name, moved);
    };
  }

  async getFile() {
    return new File([this.text], this.name, { lastModified: 1_700_000_000_123 });
  }

  async createWritable() {
    let written = '';
    return {
      write: async (bytes: BufferSource) => {
        written += new TextDecoder().decode(bytes);
      },
      close: async () => {
        this.text = written;
      },
      abort: async () => undefined,
    };
  }
}

const handle = (folder: Folder) => folder as unknown as FileSystemDirectoryHandle;
const home = (...path: string[]): TrashAt => ({ kind: 'given', folder: 0, path });
const kept = (...path: string[]): TrashAt => ({ kind: 'kept', path });

let root: Folder;
let host: TrashHost;

async function fill(path: string, text: string): Promise<void> {
  const names = path.split('/');
  let folder = root;
  for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
  (await folder.getFileHandle(names.at(-1) ?? '', { create: true })).text = text;
}

const does = (act: TrashAct, bytes?: Uint8Array) => host.act(act, bytes);

beforeEach(async () => {
  moving = 'well';
  root = new Folder('photos');
  await fill('DCIM/a.jpg', 'picture');
  host = new TrashHost([handle(root)], await newRun(handle(root), 'now'));
});

describe('moving', () => {
  it('makes the folders that are missing, and tells of nothing and of something in the way', async () => {
    expect(await does({ kind: 'move', from: home('DCIM', 'a.jpg'), to: kept('files', 'DCIM', 'a.jpg') })).toEqual({ kind: 'done' });
    expect(root.texts()).toEqual({ 'Heirloom trash/now/files/DCIM/a.jpg': 'picture' });
    expect(await does({ kind: 'move', from: home('DCIM', 'a.jpg'), to: kept('files', 'b.jpg') })).toEqual({ kind: 'gone' });
    await fill('DCIM/a.jpg', 'another');
    expect(await does({ kind: 'move', from: home('DCIM', 'a.jpg'), to: kept('files', 'DCIM', 'a.jpg') })).toEqual({ kind: 'taken' });
    expect(root.texts()).toEqual({ 'Heirloom trash/now/files/DCIM/a.jpg': 'picture', 'DCIM/a.jpg': 'another' });
  });

  it('takes a folder of that name for something in the way', async () => {
    await fill('Heirloom trash/now/files/a.jpg/x', '');
    expect(await does({ kind: 'move', from: home('DCIM', 'a.jpg'), to: kept('files', 'a.jpg') })).toEqual({ kind: 'taken' });
  });

  it.each(['never', new DOMException('', 'NotSupportedError')] as const)('has it copied where a browser cannot: %s', async (how) => {
    moving = how;
    expect(await does({ kind: 'move', from: home('DCIM', 'a.jpg'), to: kept('files', 'a.jpg') })).toEqual({ kind: 'elsewhere' });
    expect(root.texts()).toEqual({ 'DCIM/a.jpg': 'picture' });
  });

  it('says why it is not allowed', async () => {
    moving = new DOMException('', 'NotAllowedError');
    expect(await does({ kind: 'move', from: home('DCIM', 'a.jpg'), to: kept('a.jpg') })).toEqual({
      kind: 'failed',
      text: 'may not be changed by this page',
    });
    expect(await does({ kind: 'move', from: home('DCIM', 'a.jpg'), to: kept('a.lnk') })).toMatchObject({ kind: 'failed' });
  });
});

describe('copying', () => {
  it('goes on where it was, appears when it is sealed, and never over anything', async () => {
    const from = home('DCIM', 'a.jpg');
    const part: TrashAt = { kind: 'part' };
    expect(await does({ kind: 'copy', from, to: part, at: 0, most: 4 })).toEqual({ kind: 'copied', bytes: 4 });
    expect(await does({ kind: 'copy', from, to: part, at: 4, most: 4 })).toEqual({ kind: 'copied', bytes: 3 });
    expect(root.texts()['Heirloom trash/now/unfinished']).toBe('');
    await does({ kind: 'seal' });
    expect(root.texts()['Heirloom trash/now/unfinished']).toBe('picture');
    expect(await does({ kind: 'copy', from, to: part, at: 0, most: 4 })).toEqual({ kind: 'taken' });
    expect(await does({ kind: 'remove', place: part })).toEqual({ kind: 'done' });
    expect(await does({ kind: 'remove', place: part })).toEqual({ kind: 'gone' });
    expect(root.texts()).toEqual({ 'DCIM/a.jpg': 'picture' });
  });

  it.each(['never', new DOMException('', 'NotSupportedError')] as const)('gets its name also where nothing can be moved: %s', async (how) => {
    moving = how;
    await does({ kind: 'copy', from: home('DCIM', 'a.jpg'), to: { kind: 'part' }, at: 0, most: 99 });
    await does({ kind: 'seal' });
    expect(await does({ kind: 'move', from: { kind: 'part' }, to: kept('files', 'a.jpg') })).toEqual({ kind: 'done' });
    expect(root.texts()).toEqual({ 'DCIM/a.jpg': 'picture', 'Heirloom trash/now/files/a.jpg': 'picture' });
  });

  it('lies beside its place on the way back', async () => {
    const beside: TrashAt = { kind: 'beside', folder: 0, path: ['DCIM', 'a.jpg'], name: '.part' };
    await does({ kind: 'copy', from: home('DCIM', 'a.jpg'), to: beside, at: 0, most: 99 });
    await does({ kind: 'seal' });
    expect(root.texts()).toEqual({ 'DCIM/a.jpg': 'picture', 'DCIM/.part': 'picture' });
  });
});

describe('looking and reading', () => {
  it('tells size, time and kind', async () => {
    expect(await does({ kind: 'look', place: home('DCIM', 'a.jpg') })).toEqual({
      kind: 'seen',
      form: 'file',
      size: 7,
      modifiedMs: 1_700_000_000_123,
    });
    expect(await does({ kind: 'look', place: home('DCIM') })).toMatchObject({ kind: 'seen', form: 'other' });
    expect(await does({ kind: 'look', place: home('DCIM', 'b.jpg') })).toEqual({ kind: 'gone' });
    expect(await does({ kind: 'look', place: home('none', 'b.jpg') })).toEqual({ kind: 'gone' });
    expect(await does({ kind: 'read', place: home('DCIM', 'a.jpg'), from: 2, most: 3 })).toEqual(new TextEncoder().encode('ctu'));
  });

  it('has no way into a folder without a handle', async () => {
    host = new TrashHost([null, handle(root)], await newRun(handle(root), 'now'));
    expect(await does({ kind: 'look', place: home('DCIM', 'a.jpg') })).toMatchObject({ kind: 'failed' });
  });

  it('believes a time that is right to the millisecond, and can set none', async () => {
    const place = home('DCIM', 'a.jpg');
    expect(await does({ kind: 'date', place, modifiedMs: 1_700_000_000_123 })).toEqual({ kind: 'done' });
    expect(await does({ kind: 'date', place, modifiedMs: 1_700_000_000_122 })).toMatchObject({ kind: 'failed' });
  });
});

describe('records and folders of runs', () => {
  it('are kept, read, found again and removed', async () => {
    await does({ kind: 'keep', record: 'journal' }, new TextEncoder().encode('{}'));
    await does({ kind: 'keep', record: 'manifest' }, new TextEncoder().encode('[]'));
    expect(await does({ kind: 'recall', record: 'manifest', most: 2 })).toEqual(new TextEncoder().encode('[]'));
    expect(await does({ kind: 'recall', record: 'manifest', most: 1 })).toMatchObject({ kind: 'failed' });
    const [run] = await earlierRuns(handle(root));
    expect([run?.name, await hasRecord(run!, 'journal')]).toEqual(['now', true]);
    await does({ kind: 'keep', record: 'journal' });
    await does({ kind: 'keep', record: 'journal' }); // what is not there need not be removed
    expect(await hasRecord(run!, 'journal')).toBe(false);
    expect(await does({ kind: 'recall', record: 'journal', most: 9 })).toEqual({ kind: 'gone' });
  });

  it('have a name of their own, also within one second', async () => {
    expect((await newRun(handle(root), 'now')).name).toBe('now (2)');
    expect((await earlierRuns(handle(root))).map(({ name }) => name)).toEqual(['now (2)', 'now']);
    expect(await earlierRuns(handle(new Folder('empty')))).toEqual([]);
  });

  it('go when they are empty, and only then', async () => {
    await fill('Heirloom trash/now/files/x/y/z', 'left');
    await fill('Heirloom trash/now/files/empty/deep/z', 'gone');
    await does({ kind: 'remove', place: kept('files', 'empty', 'deep', 'z') });
    await does({ kind: 'tidy' });
    expect(Object.keys(root.texts())).toEqual(['DCIM/a.jpg', 'Heirloom trash/now/files/x/y/z']);
    expect((await root.getDirectoryHandle('Heirloom trash')).children.get('now')).toBeDefined();
    await does({ kind: 'remove', place: kept('files', 'x', 'y', 'z') });
    await does({ kind: 'tidy' });
    expect((await root.getDirectoryHandle('Heirloom trash')).children.size).toBe(0);
  });
});
