// Where a zip is saved by download, the copy in the browser's own storage goes when it was handed over; a crash leaves none.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { downloaded, giveSample, openFirefox, saveFirefox, searchFirefox } from './given.mjs';
import { drop, dropSample, equip, LIGHT, open, PATIENCE, SAMPLE, saveAsDownload, search, withoutPickers } from './helpers.mjs';

const stage = equip('downloads');
const options = { before: withoutPickers, query: '?engine=single' };

/** What lies in the browser's own storage for downloads. */
const waiting = (page) =>
  page.evaluate(async () => {
    try {
      const store = await (await navigator.storage.getDirectory()).getDirectoryHandle('downloads');
      const names = [];
      for await (const name of store.keys()) names.push(name);
      return names;
    } catch (error) {
      if (error.name === 'NotFoundError') return [];
      throw error;
    }
  });

/** The same, once there are so many. */
async function waitingUntil(page, count, why) {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await waiting(page)).length === count) return;
    await new Promise((passed) => setTimeout(passed, 100));
  }
  assert.fail(`${why}: ${await waiting(page)}`);
}

/** Puts a file there as an earlier visit that crashed would have. */
const leaveBehind = (page, name) =>
  page.evaluate(async (file) => {
    const store = await (await navigator.storage.getDirectory()).getDirectoryHandle('downloads', { create: true });
    const stream = await (await store.getFileHandle(file, { create: true })).createWritable();
    await stream.write('half a zip');
    await stream.close();
  }, name);

async function saved(page, name) {
  await dropSample(page, LIGHT);
  await search(page);
  const zip = await saveAsDownload(page, path.join(stage.scratch, name));
  await page.waitForSelector('.save.done');
  return zip;
}

const press = (page, words) => page.locator('.done .button', { hasText: words }).click();
const forget = async (page) => {
  await page.waitForSelector('.kept .button:first-child:enabled', { state: 'attached' });
  await page.locator('.kept summary').click();
  await page.locator('.kept button', { hasText: 'Delete all' }).click();
};
/** What was saved is kept forever: it goes after a question. */
const forgetToo = (page) => page.locator('.kept button', { hasText: 'Delete them too' }).click();
async function told(page, words) {
  for (let tries = 0; tries < 100; tries += 1) {
    const said = await page.evaluate(() => document.querySelector('.kept [role=status]').textContent);
    if (said.includes(words)) return;
    await new Promise((passed) => setTimeout(passed, 100));
  }
  assert.fail(`“${words}” was not said`);
}

test('a saved chat stayed behind after “back”, “start over” and a reload', async () => {
  const { context, page, problems } = await open(stage.chromium, stage.site.url, options);
  await saved(page, 'one.zip');
  assert.equal((await waiting(page)).length, 1, 'it is offered once more, so it is there');
  const [again] = await Promise.all([page.waitForEvent('download', { timeout: PATIENCE }), press(page, 'Download again')]);
  execFileSync('unzip', ['-tq', await again.path()]);

  // Right after it was handed over it may still be read; the clock of the page says when that is over.
  await page.clock.install();
  await press(page, 'Back to the review');
  await page.clock.runFor(5_000);
  assert.equal((await waiting(page)).length, 1, 'it went while it may have been read');
  await page.clock.runFor(60_000);
  await waitingUntil(page, 0, 'after “back”');
  await page.clock.resume();

  await saveAsDownload(page, path.join(stage.scratch, 'two.zip'));
  await page.waitForSelector('.save.done');
  const [first] = await waiting(page);
  await press(page, 'Back to the review');
  await saveAsDownload(page, path.join(stage.scratch, 'three.zip'));
  await page.waitForSelector('.save.done');
  await press(page, 'Start over');
  await page.clock.runFor(60_000);
  await waitingUntil(page, 0, 'after “start over”');
  assert.match(first, /\.zip$/);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  assert.deepEqual(problems, []);
  await context.close();
});

test('what a crash left is gone at the next start, and what was just handed over when it can have been read', async () => {
  const { context, page, problems } = await open(stage.chromium, stage.site.url, options);
  page.on('dialog', (dialog) => dialog.accept());
  // The name that an earlier version gave, and one of a run that ended in the middle.
  for (const name of ['heirloom.zip', '2f5b.zip']) await leaveBehind(page, name);
  await page.reload();
  await waitingUntil(page, 0, 'after a crash');

  await saved(page, 'left.zip');
  await page.reload();
  await page.waitForSelector('.kept .button:first-child:enabled', { state: 'attached' });
  assert.equal((await waiting(page)).length, 1, 'a download may still be reading it');
  // As if the time had passed: the page noted until when.
  await page.evaluate(() => localStorage.setItem('heirloom.downloads', localStorage.getItem('heirloom.downloads').replace(/:[\d.]+/, ':1')));
  await page.reload();
  await waitingUntil(page, 0, 'a visit later');
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  assert.deepEqual(problems, []);
  await context.close();
});

test('“Delete all of it” deletes a saved chat as well, and never the one of another tab', async () => {
  const one = await open(stage.chromium, stage.site.url, options);
  await saved(one.page, 'kept.zip');
  const other = await one.context.newPage();
  await other.addInitScript(withoutPickers);
  await other.goto(stage.site.url + options.query);
  await leaveBehind(other, 'left.zip');
  await forget(other);
  await told(other, 'Another tab is using it');
  const [kept, ...more] = await waiting(other);
  assert.deepEqual(more, []);
  assert.notEqual(kept, 'left.zip');
  const [again] = await Promise.all([one.page.waitForEvent('download', { timeout: PATIENCE }), press(one.page, 'Download again')]);
  execFileSync('unzip', ['-tq', await again.path()]);

  // In the same tab, and right after it was handed over: the user's word counts.
  await press(one.page, 'Start over');
  await one.page.waitForSelector('[data-step="choose"]');
  await forget(one.page);
  await forgetToo(one.page);
  await told(one.page, 'All of it is deleted');
  const left = await one.page.evaluate(async () => {
    const names = Object.keys(localStorage);
    for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
    return names;
  });
  assert.deepEqual(left, []);
  assert.deepEqual(one.problems, []);
  await one.context.close();
});

test('a page that is left when its download is over leaves nothing, even if nobody comes back', async () => {
  const { context, page, problems } = await open(stage.chromium, stage.site.url, options);
  page.on('dialog', (dialog) => dialog.accept());
  await saved(page, 'over.zip');
  const quiet = await context.newPage();
  await quiet.goto(`${stage.site.url}manifest.webmanifest`); // not the app: it tidies nothing
  await page.evaluate(() => localStorage.setItem('heirloom.downloads', localStorage.getItem('heirloom.downloads').replace(/:[\d.]+/, ':1')));
  await page.close({ runBeforeUnload: true });
  await waitingUntil(quiet, 0, 'after the tab was closed');
  assert.deepEqual(problems, []);
  await context.close();
});

test('cancelling in the middle leaves no half of a zip', async () => {
  const { context, page, problems } = await open(stage.chromium, stage.site.url, options);
  const chat = path.join(stage.scratch, 'long');
  cpSync(path.join(SAMPLE, 'chat'), chat, { recursive: true });
  const film = path.join(chat, '00000001-film.mkv'); // takes seconds to write
  writeFileSync(film, '');
  truncateSync(film, 600_000_000);
  await drop(page, 'chat', chat);
  await page.waitForSelector('section[aria-labelledby="zone-chat"] .sources li');
  await search(page);
  await page.locator('.tools .primary').click();
  await page.locator('.way').click();
  await waitingUntil(page, 1, 'nothing is written');
  await page.locator('.save:not(.done) .button.quiet').click();
  await page.waitForSelector('[data-step="progress"], [data-step="review"]', { timeout: PATIENCE });
  await waitingUntil(page, 0, 'after a cancel');
  assert.deepEqual(problems, []);
  await context.close();
});

test('in Firefox a download is whole, whatever is done right after it, and nothing stays behind', async () => {
  const downloads = path.join(stage.scratch, 'firefox');
  mkdirSync(downloads);
  const { browser, page, problems } = await openFirefox(stage.site.url, { downloads, query: options.query });
  await giveSample(page);
  await searchFirefox(page);
  execFileSync('unzip', ['-tq', await saveFirefox(page, downloads)]);
  const again = 'Download again';
  await page.evaluate((words) => {
    const buttons = [...document.querySelectorAll('.done .button')];
    const button = (wanted) => /** @type {HTMLElement} */ (buttons.find((each) => each.textContent === wanted));
    button(words).click();
    button('Start over').click();
  }, again);
  execFileSync('unzip', ['-tq', await downloaded(downloads, 2)]);
  await page.waitForSelector('[data-step="choose"]');
  assert.equal((await waiting(page)).length, 1);
  await page.waitForSelector('.kept .button:first-child:enabled');
  await page.$eval('.kept', (fold) => fold.setAttribute('open', ''));
  await page.$$eval('.kept button', (buttons) => buttons.at(-1).click());
  await told(page, 'Nothing can bring them back');
  await page.$$eval('.kept button', (buttons) => buttons.at(-1).click());
  await told(page, 'All of it is deleted');
  assert.deepEqual(await waiting(page), []);
  assert.deepEqual(problems, []);
  await browser.close();
});
