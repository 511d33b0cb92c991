// Windows in which the browser stores nothing: private ones, blocked storage, older browsers. All is said before the run, all of
// it works, decisions live as long as the tab, and no exception is shown in the browser's own words.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { findings } from './axe.mjs';
import { giveSample, openFirefox, saveFirefox, searchFirefox } from './given.mjs';
import { drop, dropSample, equip, host, LIGHT, open, PATIENCE, SAMPLE, saveAsDownload, search, withoutPickers } from './helpers.mjs';

const stage = equip('nostorage');
const query = '?engine=single';
const sites = [];
after(() => Promise.all(sites.map((site) => site.stop())));

/** How a browser says that there is no storage; each runs in the page and in its worker, before anything else. */
const WAYS = {
  refused: () => {
    const refuse = () => Promise.reject(new DOMException('Security error when calling GetDirectory', 'SecurityError'));
    Object.defineProperty(navigator.storage, 'getDirectory', { value: refuse });
  },
  absent: () => {
    Object.defineProperty(navigator, 'storage', { value: undefined });
    if (globalThis.window === undefined) return;
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get: refuse });
  },
  /** As where a page may list what it has, and create nothing. */
  unwritable: () => {
    const refuse = () => Promise.reject(new DOMException('An unknown error occurred.', 'UnknownError'));
    if (globalThis.FileSystemFileHandle) FileSystemFileHandle.prototype.createSyncAccessHandle = refuse;
  },
};

/** The page in such a window. */
async function visit(way, before = withoutPickers) {
  const inWorker = (name) => /^assets\/worker-.*\.js$/.test(name);
  const script = `(${WAYS[way]})();\n`;
  const site = await host({ change: (name, bytes) => (inWorker(name) ? Buffer.from(script + bytes) : bytes) });
  sites.push(site);
  const opened = await open(stage.chromium, site.url, { query, before });
  await opened.page.addInitScript(WAYS[way]);
  await opened.page.reload();
  await opened.page.waitForSelector('.kept .button:first-child:enabled', { state: 'attached' });
  return opened;
}

const note = (page) => page.locator('.choose > .note').innerText();
const figure = async (page, filter) => Number(await page.locator(`.count.${filter} .figure`).innerText());
const screenshot = async (page, name) => {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
};

for (const way of Object.keys(WAYS)) {
  test(`without storage (${way}) nothing could be saved; now it is said before, decided, and saved from memory`, async () => {
    const { context, page, foreign, problems } = await visit(way);
    assert.match(await note(page), /keeps nothing.*made in memory, so it can have up to 1 GB\. Your decisions stay until this tab is closed/);
    assert.deepEqual(await findings(page, 'choose, without storage'), []);
    await dropSample(page, LIGHT);
    await search(page);
    const matched = await figure(page, 'matched');
    await page.locator('.count.matched').click();
    await page.keyboard.press('Home');
    await page.keyboard.press('r');
    await page.waitForFunction(() => document.querySelector('.count.mine .figure').textContent === '1');

    const zip = await saveAsDownload(page, path.join(stage.scratch, `${way}.zip`), async () => {
      assert.match(await page.locator('.way').innerText(), /makes it in memory: up to 1 GB/);
    });
    await page.waitForSelector('.save.done');
    execFileSync('unzip', ['-tq', zip]);
    const { entries } = JSON.parse(execFileSync('unzip', ['-p', zip, 'mapping.json'], { encoding: 'utf8' }));
    assert.equal(entries.filter((entry) => entry.decision === 'matched').length, matched - 1);

    // The tab still knows what was decided, even from the beginning.
    await page.locator('.done .button', { hasText: 'Start over' }).click();
    await page.waitForSelector('[data-step="choose"]');
    await dropSample(page, LIGHT);
    await search(page);
    assert.deepEqual([await figure(page, 'mine'), await figure(page, 'matched')], [1, matched - 1]);
    assert.deepEqual([...foreign, ...problems], []);
    await context.close();
  });
}

test('what does not fit into memory is said before anything is written', async () => {
  const chat = path.join(stage.scratch, 'large');
  cpSync(path.join(SAMPLE, 'chat'), chat, { recursive: true });
  const name = '00000001-film.mkv';
  writeFileSync(path.join(chat, name), '');
  truncateSync(path.join(chat, name), 1_100_000_000);
  const { context, page, problems } = await visit('refused');
  await drop(page, 'chat', chat);
  await page.waitForSelector('section[aria-labelledby="zone-chat"] .sources li');
  await search(page);
  await page.locator('.tools .primary').click();
  await page.waitForSelector('[data-step="save"]');
  assert.match(await page.locator('.save .note.warn').innerText(), /at least 1\.1 GB.*up to 1 GB/);
  assert.equal(await page.locator('.way').count(), 0);
  await screenshot(page, 'too-large');
  assert.deepEqual(problems, []);
  await context.close();
});

test('where the browser writes to disk itself, no limit is said, and its refusals are words', async () => {
  const refusing = () => {
    window.showSaveFilePicker = () => Promise.reject(new DOMException("Failed to execute 'showSaveFilePicker' on 'Window'", 'SecurityError'));
    window.showDirectoryPicker = () => Promise.reject(new DOMException('An attempt was made to break through', 'NotFoundError'));
  };
  const { context, page, problems } = await visit('refused', refusing);
  assert.match(await note(page), /keeps nothing.*Your decisions stay until/);
  assert.doesNotMatch(await note(page), /GB/);
  await page.locator('section[aria-labelledby="zone-originals"] .button').click();
  await page.waitForFunction(() => document.querySelector('.problem') !== null);
  assert.equal(await page.locator('.problem').innerText(), 'It is not there any more. Please choose it once more.');
  await dropSample(page, LIGHT);
  await search(page);
  await page.locator('.tools .primary').click();
  await page.locator('.way').first().click();
  await page.waitForFunction(() => document.querySelector('.problem') !== null);
  assert.match(await page.locator('.problem').innerText(), /^The browser may not write there\./);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a private window of Firefox saves the chat as well', async () => {
  const downloads = path.join(stage.scratch, 'private');
  mkdirSync(downloads);
  const { browser, page, problems } = await openFirefox(stage.site.url, { downloads, isPrivate: true, query });
  await page.waitForSelector('.kept .button:first-child:not(:disabled)');
  await page.waitForSelector('.choose > .note', { timeout: PATIENCE });
  assert.match(await page.$eval('.choose > .note', (each) => each.textContent), /keeps nothing.*up to 1 GB/);
  await screenshot(page, 'firefox-private-choose');
  await giveSample(page);
  await searchFirefox(page);
  const zip = await saveFirefox(page, downloads);
  await screenshot(page, 'firefox-private-done');
  execFileSync('unzip', ['-tq', zip]);
  assert.ok(
    JSON.parse(execFileSync('unzip', ['-p', zip, 'mapping.json'], { encoding: 'utf8' })).entries.some((entry) => entry.decision === 'matched'),
  );
  assert.deepEqual(problems, []);
  await browser.close();
});
