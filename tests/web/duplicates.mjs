// What the tests of the duplicates job share: folders of the browser's own storage that the picker gives, and ways through the page.

import { PATIENCE } from './helpers.mjs';

/** For `before`: the picker gives the folder `photos` of the browser's own storage, which is a real handle. */
export function pickerOfPhotos() {
  window.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('photos', { create: true });
}

/** For `before`: as Firefox and Safari are, where nothing can be moved. */
export function readingOnly() {
  for (const name of ['showDirectoryPicker', 'showOpenFilePicker', 'showSaveFilePicker']) delete window[name];
}

/** Puts files into the folder that the picker gives: a text, or the sample's file of this address. */
export function store(page, files) {
  return page.evaluate(async (given) => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('photos', { create: true });
    for (const [path, what] of Object.entries(given)) {
      const parts = path.split('/');
      let folder = root;
      for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
      const bytes = what.startsWith('sample/') ? await (await fetch(what)).blob() : new Blob([what]);
      const stream = await (await folder.getFileHandle(parts.at(-1), { create: true })).createWritable();
      await stream.write(bytes);
      await stream.close();
    }
  }, files);
}

/** Every file of that folder, with its length, its time and how it begins. */
export function tree(page) {
  return page.evaluate(async () => {
    const found = {};
    async function walk(folder, above) {
      for await (const child of folder.values()) {
        if (child.kind === 'directory') await walk(child, `${above}${child.name}/`);
        else {
          const file = await child.getFile();
          const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
          found[above + child.name] = `${file.size} ${[...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
        }
      }
    }
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('photos'), '');
    return found;
  });
}

/** To the place of this job. */
export async function toDuplicates(page) {
  await page.locator('.places a[href="#/duplicates"]').click();
  await page.waitForSelector('[data-place="duplicates"][data-step="choose"]');
}

/** Chooses the folder and looks through it. */
export async function look(page) {
  await page.locator('section[aria-labelledby="zone-folders"] .buttons .button').click();
  await page.waitForSelector('section[aria-labelledby="zone-folders"] .sources li');
  await page.locator('.go .primary:enabled').click();
  await page.waitForSelector('[data-step="review"]', { timeout: PATIENCE });
}
