import { describe, expect, it } from 'vitest';
import { folderOnDisk } from './folder';
import type { Output } from './output';

/** A folder in memory, as far as bundles use one. Names ending in `.lnk` are refused, as Chromium does. */
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
    return found ?? this.add(name, create, new Text());
  }

  async removeEntry(name: string): Promise<void> {
    const found = this.children.get(name);
    if (found instanceof Folder && found.children.size > 0) throw new DOMException('', 'InvalidModificationError');
    this.children.delete(name);
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

class Text {
  readonly kind = 'file';
  text = '';

  async createWritable() {
    let written = '';
    return {
      write: async (bytes: Uint8Array) => {
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

/** A new folder `made` in `chosen`, and the output into it. */
async function begun() {
  const chosen = new Folder('chosen');
  const made = await chosen.getDirectoryHandle('made', { create: true });
  return { chosen, made, output: folderOnDisk(handle(made), handle(chosen)) };
}

function put(output: Output, path: string, text: string): void {
  if ('put' in output.sink) return;
  output.sink.begin(path, undefined);
  output.sink.write(new TextEncoder().encode(text));
  output.sink.end();
}

describe('a bundle in a folder', () => {
  it('opens no file for writing that was there before: it is said of that file, and the others are written', async () => {
    const { made, output } = await begun();
    (await made.getFileHandle('index.html', { create: true })).text = 'mine';
    await (await made.getDirectoryHandle('media', { create: true })).getDirectoryHandle('a.jpg', { create: true });
    for (const path of ['index.html', 'media/a.jpg', 'media/b.lnk', 'media/c.jpg']) put(output, path, 'the bundle’s');
    await output.flush();
    expect(made.texts()).toEqual({ 'index.html': 'mine', 'media/c.jpg': 'the bundle’s' });
    expect(output.unwritten).toEqual([
      { path: 'index.html', why: 'there' },
      { path: 'media/a.jpg', why: 'there' },
      { path: 'media/b.lnk', why: 'name' },
    ]);
  });

  it('leaves nothing behind when it fails, and takes back only what it made', async () => {
    const { chosen, made, output } = await begun();
    put(output, 'index.html', 'the bundle’s');
    put(output, 'media/c.jpg', 'the bundle’s');
    await output.flush();
    await output.abort();
    expect(chosen.children.size).toBe(0);

    const other = await begun();
    put(other.output, 'media/c.jpg', 'the bundle’s');
    await other.output.flush();
    (await (await other.made.getDirectoryHandle('media')).getFileHandle('note.txt', { create: true })).text = 'mine';
    await other.output.abort();
    expect(other.chosen.texts()).toEqual({ 'made/media/note.txt': 'mine' });
    expect(made.children.size).toBe(0);
  });

  it('keeps nothing of a file that was given up in the middle', async () => {
    const { made, output } = await begun();
    if (!('put' in output.sink)) {
      output.sink.begin('media/a.jpg', undefined);
      output.sink.write(new Uint8Array(3));
      output.sink.abandon();
    }
    put(output, 'media/b.jpg', 'whole');
    await output.flush();
    expect(made.texts()).toEqual({ 'media/b.jpg': 'whole' });
  });
});
