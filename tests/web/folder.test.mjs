// Saving as a folder: always a new one, never inside an input, and nothing that was there is touched.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropSample, equip, LIGHT, open, PATIENCE, search } from './helpers.mjs';
import { storeSample } from './storage.mjs';

const stage = equip('folder');
const options = { query: '?engine=single' };

/** For `before`: the pickers give folders of the browser's own storage, which are real handles; `window.places` says which. */
function pickersOfPlaces() {
  window.places = { chat: 'disk/chat', originals: 'disk/originals', save: 'disk' };
  window.folderAt = async (path) => {
    let folder = await navigator.storage.getDirectory();
    for (const name of path.split('/')) folder = await folder.getDirectoryHandle(name, { create: true });
    return folder;
  };
  window.showDirectoryPicker = ({ id }) => window.folderAt(window.places[id]);
  window.showSaveFilePicker = () => Promise.reject(new Error('not wanted here'));
}

/** Every file below `disk`, with its size, and what the user's own one says. */
function disk(page) {
  return page.evaluate(async () => {
    const found = {};
    async function walk(folder, above) {
      for await (const child of folder.values()) {
        if (child.kind === 'directory') await walk(child, `${above}${child.name}/`);
        else if (child.name === 'index.html' && above.endsWith('chat/')) found[above + child.name] = await (await child.getFile()).text();
        else found[above + child.name] = (await child.getFile()).size;
      }
    }
    await walk(await window.folderAt('disk'), '');
    return found;
  });
}

/** A chat with a page of the user's own beside it, and its originals, chosen by pickers and searched. */
async function searched() {
  const opened = await open(stage.chromium, stage.site.url, { ...options, before: pickersOfPlaces });
  const { page } = opened;
  await storeSample(page, 'originals/DCIM/101APPLE/', 'disk');
  await page.evaluate(async () => {
    const mine = await (await window.folderAt('disk/chat')).getFileHandle('index.html', { create: true });
    const stream = await mine.createWritable();
    await stream.write('mine');
    await stream.close();
  });
  for (const side of ['chat', 'originals']) {
    await page.locator(`section[aria-labelledby="zone-${side}"] .button:last-of-type`).click();
    await page.waitForSelector(`section[aria-labelledby="zone-${side}"] .sources li`);
  }
  await search(page);
  return opened;
}

const toSave = (page) => page.locator('.tools .primary').click();
const asFolder = (page) => page.locator('.way').last().click();

async function saved(page) {
  await asFolder(page);
  await page.waitForSelector('.save.done', { timeout: PATIENCE });
  return plain(await page.locator('.save.done .lead').innerText());
}

/** Without the marks that keep a name's own direction to itself. */
function plain(text) {
  return text.replace(/[\u2068\u2069]/g, '');
}

/** Waits until the page says that a place is refused. */
async function refused(page, words) {
  for (let tries = 0; tries < 100; tries += 1) {
    const said = await page.locator('.problem').allInnerTexts();
    if (words.test(plain(said.join()))) return;
    await page.waitForTimeout(100);
  }
  assert.fail(`${words} was not said`);
}

test('saving into the chat’s own folder replaced the user’s index.html; every save makes a folder of its own', async () => {
  const { context, page, problems } = await searched();
  const before = await disk(page);
  assert.equal(before['chat/index.html'], 'mine');
  await toSave(page);

  const inside = [
    ['disk/chat', /“chat” is a folder you gave/],
    ['disk/originals/DCIM', /“DCIM” lies in “originals”/],
  ];
  for (const [place, words] of inside) {
    await page.evaluate((chosen) => (window.places.save = chosen), place);
    await asFolder(page);
    await refused(page, words);
    assert.deepEqual(await disk(page), before, `${place} was written to`);
  }

  // Around both: that is where people unpack things.
  await page.evaluate(() => (window.places.save = 'disk'));
  const name = await page.evaluate(() =>
    window.folderAt('disk').then(async (folder) => {
      await folder.getFileHandle('report.html', { create: true });
      return folder.name;
    }),
  );
  const told = await saved(page);
  const bundle = /It is in “(Chat with .+ – Heirloom)”, a new folder in “disk”\. Open index\.html there\./.exec(told)?.[1];
  assert.ok(bundle !== undefined && name === 'disk', told);
  const first = await disk(page);
  const isNew = (file) => file.startsWith(`${bundle}/`);
  assert.ok(first[`${bundle}/index.html`] > 0 && first[`${bundle}/mapping.json`] > 0, Object.keys(first).join('\n'));
  assert.deepEqual(without(first, isNew), { ...before, 'report.html': 0 });

  await page.locator('.done .button', { hasText: 'Back to the review' }).click();
  await toSave(page);
  assert.match(await saved(page), new RegExp(`“${bundle} 2”, a new folder in “disk”`));
  const second = await disk(page);
  assert.deepEqual(
    without(second, (file) => file.startsWith(`${bundle} 2/`)),
    first,
  );
  const below = (files, folder) =>
    Object.entries(files)
      .filter(([file]) => file.startsWith(`${folder}/`))
      .map(([file, size]) => [file.slice(folder.length), size]);
  assert.deepEqual(below(second, `${bundle} 2`), below(second, bundle));
  assert.deepEqual(problems, []);
  await context.close();
});

function without(files, gone) {
  return Object.fromEntries(Object.entries(files).filter(([file]) => !gone(file)));
}

test('a dropped folder is refused as a place as well', async () => {
  const keepHandles = () => {
    window.dropped = [];
    const get = DataTransferItem.prototype.getAsFileSystemHandle;
    DataTransferItem.prototype.getAsFileSystemHandle = function () {
      const handle = get.call(this);
      handle.then((each) => window.dropped.push(each));
      return handle;
    };
    window.showDirectoryPicker = async () => window.dropped[window.wanted];
  };
  const { context, page, problems } = await open(stage.chromium, stage.site.url, { ...options, before: keepHandles });
  await dropSample(page, LIGHT);
  await search(page);
  await toSave(page);
  for (const [wanted, name] of ['chat', '101APPLE'].entries()) {
    await page.evaluate((place) => (window.wanted = place), wanted);
    await asFolder(page);
    await refused(page, new RegExp(`“${name}” is a folder you gave`));
  }
  assert.deepEqual(problems, []);
  await context.close();
});
