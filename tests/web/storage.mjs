// Pickers cannot be driven from outside: these give folders and files of the browser's own storage, which are real handles.

/** For `before`: the pickers give `chat`, `originals`, `output` and `saved.zip` of the browser's storage. */
export function pickersOfStorage() {
  const root = () => navigator.storage.getDirectory();
  window.showDirectoryPicker = async ({ id }) => {
    const name = id === 'save' ? 'output' : id;
    return (await root()).getDirectoryHandle(name, { create: true });
  };
  window.showSaveFilePicker = async ({ suggestedName }) => {
    window.suggestedName = suggestedName;
    return (await root()).getFileHandle('saved.zip', { create: true });
  };
}

/** Copies the sample into the folders that the pickers give, all in `place`; of the originals, those below `folder`. */
export function storeSample(page, folder = 'originals/', place = '') {
  return page.evaluate(
    async ([wanted, around]) => {
      let root = await navigator.storage.getDirectory();
      if (around !== '') root = await root.getDirectoryHandle(around, { create: true });
      const list = await (await fetch('sample/list.json')).json();
      for (const [side, paths] of Object.entries(list)) {
        for (const path of paths) {
          if (side === 'originals' && !path.startsWith(wanted)) continue;
          const parts = path.split('/');
          let folder = await root.getDirectoryHandle(side, { create: true });
          for (const part of parts.slice(parts[0] === side ? 1 : 0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
          const stream = await (await folder.getFileHandle(parts.at(-1), { create: true })).createWritable();
          await (await fetch(`sample/${path.split('/').map(encodeURIComponent).join('/')}`)).body.pipeTo(stream);
        }
      }
    },
    [folder, place],
  );
}

/** Every file of the bundle in the folder that was saved into. */
export function listOutput(page) {
  return page.evaluate(async () => {
    const names = [];
    async function walk(folder, above) {
      for await (const child of folder.values()) {
        if (child.kind === 'directory') await walk(child, `${above}${child.name}/`);
        else names.push(above + child.name);
      }
    }
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('output'), '');
    // The bundle is a new folder in it, and alone there.
    if (new Set(names.map((name) => name.split('/')[0])).size !== 1) throw new Error(names.join('\n'));
    return names.map((name) => name.slice(name.indexOf('/') + 1));
  });
}

/** The bytes of the saved zip. */
export async function savedZip(page) {
  const text = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle('saved.zip')).getFile();
    return new Promise((read) => {
      const reader = new FileReader();
      reader.onload = () => read(String(reader.result).slice(String(reader.result).indexOf(',') + 1));
      reader.readAsDataURL(file);
    });
  });
  return Buffer.from(text, 'base64');
}
