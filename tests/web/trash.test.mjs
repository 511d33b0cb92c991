// Duplicates found by the real engine and moved by the page: to the trash, back, after a tab that ended in the middle, in the browser's
// own storage and (where there is a screen) in a real folder whose permission a person gives.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { chromium } from '../../www/node_modules/playwright-core/index.mjs';
import { findings } from './axe.mjs';
import { look, pickerOfPhotos, store, toDuplicates, tree } from './duplicates.mjs';
import { drop, equip, host, open, PATIENCE, ROOT } from './helpers.mjs';

const stage = equip('trash');
const PHOTOS = path.join(ROOT, 'tests/fixtures/photos');
const SHOTS = process.env.HEIRLOOM_SHOTS;

/** Two pictures three times, one with its notes, and one alone. */
const LIBRARY = {
  'DCIM/IMG_1.jpg': 'iphone4.jpg',
  'DCIM/IMG_2.jpg': 'htc-desire.jpg',
  'DCIM/alone.jpg': 'bridge.jpg',
  'Backup/old/IMG_1.jpg': 'iphone4.jpg',
  'Backup/old/IMG_2 (1).jpg': 'htc-desire.jpg',
  'Backup/IMG_1 copy.jpg': 'iphone4.jpg',
};

const query = { query: '?engine=single' };

/** Puts the library into the folder that the picker gives. */
async function storeLibrary(page, files = LIBRARY) {
  const bytes = Object.fromEntries(Object.entries(files).map(([to, name]) => [to, readFileSync(path.join(PHOTOS, name)).toString('base64')]));
  await page.evaluate(async (given) => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('photos', { create: true });
    for (const [to, text] of Object.entries(given)) {
      const parts = to.split('/');
      let folder = root;
      for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
      const stream = await (await folder.getFileHandle(parts.at(-1), { create: true })).createWritable();
      await stream.write(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
      await stream.close();
    }
  }, bytes);
}

async function begun({ site = stage.site } = {}) {
  const opened = await open(stage.chromium, site.url, { before: pickerOfPhotos, ...query });
  await storeLibrary(opened.page);
  await toDuplicates(opened.page);
  return opened;
}

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};

async function shot(page, name) {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
}

/** From the review to the end of the act. */
async function trashAll(page) {
  await page.locator('.rows').focus();
  await press(page, 'b', 'b', 't');
  await page.waitForSelector('.paths li');
  await page.locator('.act .go .primary:enabled').click();
  await page.waitForSelector('.act.done', { timeout: PATIENCE });
}

test('copies go to the trash with a manifest, the rest stays, and everything comes back', async () => {
  const { context, page, foreign, problems } = await begun();
  const before = await tree(page);
  await look(page);
  assert.match(await page.locator('h1').innerText(), /^2 groups/);
  await shot(page, 'real-review');
  assert.deepEqual(await tree(page), before, 'looking changes nothing');
  await trashAll(page);
  await shot(page, 'real-done');
  assert.deepEqual(await findings(page, 'done'), []);
  assert.match(await page.locator('h1').innerText(), /^3 files moved/);
  const after = await tree(page);
  const gone = Object.keys(before).filter((name) => after[name] === undefined);
  assert.equal(gone.length, 3);
  for (const name of gone) {
    const there = Object.entries(after).find(([place]) => place.startsWith('Heirloom trash/') && place.endsWith(`/files/${name}`));
    assert.equal(there?.[1], before[name], `${name} lies in the trash, whole`);
  }
  assert.ok(Object.keys(after).some((name) => /^Heirloom trash\/[^/]+\/manifest\.json$/.test(name)));
  assert.ok(!Object.keys(after).some((name) => name.endsWith('journal.json')), 'nothing is under way');
  for (const name of Object.keys(before).filter((each) => !gone.includes(each))) assert.equal(after[name], before[name]);
  await page.locator('.act.done .button:has-text("Put everything back")').click();
  await page.waitForSelector('h1:has-text("put back")', { timeout: PATIENCE });
  await shot(page, 'real-restored');
  assert.deepEqual(await findings(page, 'restored'), []);
  const again = await tree(page);
  for (const [name, what] of Object.entries(before)) assert.equal(again[name], what, `${name} is back`);
  await page.locator('.act.done .primary').click();
  await page.waitForSelector('[data-step="review"]');
  assert.match(await page.locator('h1').innerText(), /^2 groups/);
  assert.deepEqual(foreign, []);
  assert.deepEqual(problems, []);
  await context.close();
});

/** A site whose worker begins with this code: the worker is a world of its own, which no init script reaches. */
async function siteWith(code) {
  const isWorker = (name) => /^assets[\\/]worker-[^\\/]*\.js$/.test(name);
  return host({ change: (name, bytes) => (isWorker(name) ? Buffer.concat([Buffer.from(`${code};`), bytes]) : bytes) });
}

/** Everything but the records of the trash, by content. */
const contents = (files) =>
  Object.entries(files)
    .filter(([name]) => !/manifest\.json$/.test(name))
    .map(([, what]) => what)
    .sort();

test('a browser that cannot move copies, verifies and removes', async () => {
  const site = await siteWith('delete FileSystemFileHandle.prototype.move');
  const { context, page } = await begun({ site });
  await look(page);
  const before = await tree(page);
  await trashAll(page);
  assert.match(await page.locator('h1').innerText(), /^3 files moved/);
  const after = await tree(page);
  assert.equal(Object.keys(after).filter((name) => name.includes('/files/')).length, 3);
  assert.deepEqual(contents(after), contents(before), 'every byte is somewhere, once');
  await context.close();
  await site.stop();
});

test('a file that changed since it was examined stays, and is named', async () => {
  const { context, page } = await begun();
  await look(page);
  await page.locator('.rows').focus();
  await press(page, 'b', 'b', 't');
  await page.waitForSelector('.paths li');
  const named = await page.locator('.paths bdi').allInnerTexts();
  await page.evaluate(async (place) => {
    const parts = place.split('/');
    let folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('photos');
    for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part);
    const stream = await (await folder.getFileHandle(parts.at(-1))).createWritable({ keepExistingData: true });
    await stream.write({ type: 'write', position: 5_000, data: 'changed' });
    await stream.close();
  }, named[0]);
  await page.locator('.act .go .primary:enabled').click();
  await page.waitForSelector('.act.done', { timeout: PATIENCE });
  assert.match(await page.locator('h1').innerText(), /^2 files moved/);
  assert.ok((await page.locator('.issues').innerText()).includes(named[0]));
  await shot(page, 'real-left');
  assert.deepEqual(await findings(page, 'left'), []);
  assert.ok((await tree(page))[named[0]] !== undefined, 'it is where it was');
  await context.close();
});

test('a tab that ends in the middle loses nothing: the next search settles it', async () => {
  // The second file has moved, and nobody ever hears of it.
  const site = await siteWith(`{
    const move = FileSystemFileHandle.prototype.move;
    let moved = 0;
    FileSystemFileHandle.prototype.move = async function (...to) {
      await move.apply(this, to);
      moved += 1;
      if (moved === 2) await new Promise(() => {});
    };
  }`);
  const { context, page } = await begun({ site });
  const before = await tree(page);
  await look(page);
  await page.locator('.rows').focus();
  await press(page, 'b', 'b', 't');
  await page.waitForSelector('.paths li');
  await page.locator('.act .go .primary:enabled').click();
  const under = async (part) => Object.keys(await tree(page)).filter((name) => name.includes(part));
  for (let tries = 0; tries < 100 && (await under('/files/')).length < 2; tries += 1) await page.waitForTimeout(100);
  assert.equal((await under('/files/')).length, 2);
  assert.equal((await under('/journal.json')).length, 1, 'a run is under way');
  const devtools = await context.newCDPSession(page);
  devtools.send('Page.crash').catch(() => undefined);
  await new Promise((passed) => setTimeout(passed, 1_000));
  const next = await context.newPage();
  await next.addInitScript(pickerOfPhotos);
  await next.goto(`${site.url}?engine=single#/duplicates`);
  await next.waitForSelector('[data-place="duplicates"][data-step="choose"]');
  await look(next);
  const after = await tree(next);
  assert.ok(!Object.keys(after).some((name) => name.endsWith('journal.json')), 'it is settled');
  assert.deepEqual(contents(after), contents(before), 'every byte is somewhere, once');
  await context.close();
  await site.stop();
});

test('decisions hold over a reload, and are taken back', async () => {
  const { context, page } = await begun();
  await look(page);
  await page.locator('.rows').focus();
  await press(page, 'x');
  await page.waitForSelector('h1:has-text("One group")');
  await page.evaluate(() => addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true));
  await page.reload();
  await page.waitForSelector('[data-place="duplicates"][data-step="choose"]');
  await look(page);
  assert.match(await page.locator('h1').innerText(), /^One group/);
  await page.locator('.rows').focus();
  await press(page, 's');
  await page.waitForFunction(
    () => document.querySelector('.below summary') !== null || document.querySelector('h1').textContent.startsWith('Nothing'),
  );
  await context.close();
});

test('what a chat shows is named, and all stacks of a kind are taken apart and come back', async () => {
  const { context, page } = await begun();
  const notes = '<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>';
  await store(page, { 'DCIM/IMG_1.jpg.xmp': notes, 'DCIM/IMG_2.jpg.xmp': `${notes} ` });
  const chat = path.join(mkdtempSync(path.join(tmpdir(), 'heirloom-')), 'Chat with Ann');
  mkdirSync(chat);
  copyFileSync(path.join(PHOTOS, LIBRARY['DCIM/IMG_1.jpg']), path.join(chat, 'IMG-20240101-WA0001.jpg'));
  await page.locator('summary', { hasText: 'Do chats show' }).click();
  await drop(page, 'chats', chat);
  await page.waitForSelector('section[aria-labelledby="zone-chats"] .sources li');
  await look(page);
  await page.locator('.row', { hasText: 'IMG_1' }).first().click();
  await page.waitForSelector('.card :text("In a chat: Chat with Ann/IMG-20240101-WA0001.jpg")');
  const stacks = page.locator('summary', { hasText: 'stacks of files that belong together' });
  await stacks.click();
  await page.getByRole('button', { name: 'Take all apart: ' }).click();
  await stacks.waitFor({ state: 'detached' });
  await page.locator('.rows').focus();
  await press(page, 'u');
  await stacks.waitFor();
  await context.close();
  rmSync(path.dirname(chat), { recursive: true });
});

/** A screen without a monitor, and what presses keys on it. */
const canShow = existsSync('/usr/bin/Xvfb') && existsSync('/usr/bin/xdotool');

test('a real folder, with the permission that a person gives', { skip: canShow ? false : 'there is no Xvfb or no xdotool' }, async () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'heirloom-real-')), 'photos');
  const times = {};
  for (const [to, name] of Object.entries(LIBRARY)) {
    const place = path.join(folder, to);
    mkdirSync(path.dirname(place), { recursive: true });
    copyFileSync(path.join(PHOTOS, name), place);
    utimesSync(place, 1_600_000_000, 1_600_000_000 + to.length);
    times[to] = statSync(place).mtimeMs;
  }
  const display = `:${90 + (process.pid % 9)}`;
  const screen = spawn('Xvfb', [display, '-screen', '0', '1200x900x24'], { stdio: 'ignore' });
  let shown;
  try {
    await new Promise((passed) => setTimeout(passed, 1_500));
    shown = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      headless: false,
      env: { ...process.env, DISPLAY: display },
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--window-size=1150,850', '--window-position=0,0'],
    });
    const { page } = await open(shown, stage.site.url, query);
    await toDuplicates(page);
    await drop(page, 'folders', folder);
    await page.waitForSelector('.sources li');
    await page.locator('.go .primary:enabled').click();
    await page.waitForSelector('[data-step="review"]', { timeout: PATIENCE });
    await page.locator('.rows').focus();
    await press(page, 'b', 'b', 't');
    await page.waitForSelector('.paths li');
    await page.locator('.act .go .primary:enabled').click();
    await allow(display, () => page.locator('.act.done').count());
    assert.match(await page.locator('h1').innerText(), /^3 files moved/);
    const trash = path.join(folder, 'Heirloom trash');
    const [run] = readdirSync(trash);
    const manifest = JSON.parse(readFileSync(path.join(trash, run, 'manifest.json'), 'utf8'));
    const moved = manifest.units.flatMap((unit) => unit.files);
    assert.equal(moved.length, 3);
    for (const file of moved) {
      assert.ok(!existsSync(path.join(folder, file.path)), `${file.path} is gone from its place`);
      assert.equal(statSync(path.join(trash, run, file.in)).mtimeMs, times[file.path], 'with its own time');
    }
    await page.locator('.act.done .button:has-text("Put everything back")').click();
    await page.waitForSelector('h1:has-text("put back")', { timeout: PATIENCE });
    for (const [to, name] of Object.entries(LIBRARY)) {
      assert.deepEqual(readFileSync(path.join(folder, to)), readFileSync(path.join(PHOTOS, name)), `${to} is back`);
      assert.equal(statSync(path.join(folder, to)).mtimeMs, times[to], `${to} has its time`);
    }
  } finally {
    await shown?.close();
    screen.kill();
    rmSync(path.dirname(folder), { recursive: true, force: true });
  }
});

/** Answers the browser's own question as a person with a keyboard would, until what was asked for is there. */
async function allow(display, there) {
  for (let tries = 0; tries < 20; tries += 1) {
    await new Promise((passed) => setTimeout(passed, 1_500));
    if ((await there()) > 0) return;
    if (tries % 3 !== 0) continue;
    execFileSync('xdotool', ['key', 'Tab'], { env: { ...process.env, DISPLAY: display } });
    execFileSync('xdotool', ['key', 'Return'], { env: { ...process.env, DISPLAY: display } });
  }
  throw new Error('the browser was not asked, or did not hear the answer');
}
