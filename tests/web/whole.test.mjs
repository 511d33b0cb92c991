// Whole runs in a real Chromium on real folders, in both builds.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { drop, dropSample, equip, LIGHT, LIGHT_CHAT, open, PATIENCE, SAMPLE, saveAsDownload, search, withoutPickers } from './helpers.mjs';
import { listOutput, pickersOfStorage, savedZip } from './storage.mjs';

const stage = equip('web');

/** A whole run from two dropped folders to a downloaded zip, unpacked; `then` may go on with the page. */
async function bundleOf(query, name, then = (_page) => undefined) {
  const { context, page, foreign, problems } = await open(stage.chromium, stage.site.url, { before: withoutPickers, query });
  await dropSample(page);
  await search(page);
  const zip = await saveAsDownload(page, path.join(stage.scratch, `${name}.zip`));
  await then(page);
  assert.deepEqual(foreign, []);
  assert.deepEqual(problems, []);
  await context.close();
  execFileSync('unzip', ['-tq', zip]);
  const folder = path.join(stage.scratch, name);
  execFileSync('unzip', ['-q', zip, '-d', folder]);
  return { zip, folder };
}

const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

function filesBelow(folder, above = '') {
  return readdirSync(path.join(folder, above)).flatMap((name) => {
    const at = path.join(above, name);
    return statSync(path.join(folder, at)).isDirectory() ? filesBelow(folder, at) : [at];
  });
}

/** Every linked original is in the bundle, byte for byte. */
function checkOriginals(folder) {
  const mapping = JSON.parse(readFileSync(path.join(folder, 'mapping.json'), 'utf8'));
  const matched = mapping.entries.filter((entry) => entry.decision === 'matched');
  assert.ok(matched.length >= 5, `only ${matched.length} matched`);
  for (const { original, bundle_path: placed } of matched) {
    const source = path.join(SAMPLE, 'originals', original);
    assert.equal(digest(path.join(folder, placed)), digest(source), original);
  }
}

test('threads and single give the same bundle, byte for byte, with the originals in it', async () => {
  const threads = await bundleOf('', 'threads');
  checkOriginals(threads.folder);
  const single = await bundleOf('?engine=single', 'single', withoutViews);
  assert.deepEqual(filesBelow(single.folder), filesBelow(threads.folder));
  assert.equal(digest(single.zip), digest(threads.zip));
});

const listed = (zip) => execFileSync('unzip', ['-Z1', zip], { encoding: 'utf8' }).trim().split('\n').sort();

/** Saves once more with another choice for HEICs: the originals are there, the JPEGs beside them are not. */
async function withoutViews(page) {
  await page.locator('.done .button:not(.primary):not(.quiet)').click();
  const zip = path.join(stage.scratch, 'no-views.zip');
  await saveAsDownload(page, zip, () => page.locator('.save input[value="original"]').check());
  const names = listed(zip);
  const without = listed(path.join(stage.scratch, 'single.zip')).filter((name) => !name.endsWith('.view.jpg'));
  assert.ok(without.length < listed(path.join(stage.scratch, 'single.zip')).length, 'there were no views to leave out');
  assert.deepEqual(names, without);
}

test('an isolated page runs on all cores', async () => {
  const { context, page } = await open(stage.chromium, stage.site.url);
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  await assertPool(page);
  await context.close();
});

/** The pool's workers come from `blob:` addresses. */
async function assertPool(page) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (page.workers().some((worker) => worker.url().startsWith('blob:'))) return;
    await page.waitForTimeout(100);
  }
  assert.fail(`no thread pool; workers: ${page.workers().map((worker) => worker.url())}`);
}

test('folders chosen in an input work as dropped ones do', async () => {
  const { context, page, problems } = await open(stage.chromium, stage.site.url, { before: withoutPickers });
  await page.locator('section[aria-labelledby="zone-chat"] input[webkitdirectory]').setInputFiles(LIGHT_CHAT);
  await page.locator('section[aria-labelledby="zone-originals"] input[webkitdirectory]').setInputFiles(LIGHT);
  await page.waitForSelector('section[aria-labelledby="zone-originals"] .sources li');
  await search(page);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a bundle written into a folder holds the same files as the zip', async () => {
  const { context, page, problems } = await open(stage.chromium, stage.site.url, { before: pickersOfStorage });
  await dropSample(page, LIGHT);
  await search(page);
  await page.locator('.tools .primary').click();
  await page.locator('.way').nth(0).click();
  await page.waitForSelector('.save.done', { timeout: PATIENCE });
  const zip = path.join(stage.scratch, 'streamed.zip');
  writeFileSync(zip, await savedZip(page));
  await page.locator('.done .button:not(.quiet)').click();
  await page.locator('.tools .primary').click();
  await page.locator('.way').nth(1).click();
  await page.waitForSelector('.save.done', { timeout: PATIENCE });
  const names = await listOutput(page);
  assert.deepEqual(names.sort(), listed(zip));
  assert.deepEqual(problems, []);
  await context.close();
});

test('cancelling answers at once, and the next run is whole', async () => {
  const { context, page, problems } = await open(stage.chromium, stage.site.url, { before: withoutPickers });
  await dropSample(page, LIGHT);
  await page.locator('.go .primary').click();
  await page.waitForSelector('[data-step="progress"]');
  // A fresh engine may start at once; the ones at work must end.
  const ended = Promise.all(page.workers().map((worker) => new Promise((end) => worker.once('close', end))));
  const took = await page.evaluate(async () => {
    const began = performance.now();
    [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.progress .go button'))].at(-1).click();
    while (document.querySelector('[data-step="choose"]') === null) await new Promise(requestAnimationFrame);
    return performance.now() - began;
  });
  assert.ok(took < 200, `cancelling took ${took} ms`);
  const late = new Promise((resolve) => setTimeout(resolve, 10_000, 'late'));
  assert.notEqual(await Promise.race([ended, late]), 'late', 'the engine lives on');
  await search(page);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a pause in the first moment holds: the engine was still opening what it remembers', async () => {
  const { context, page, problems } = await open(stage.chromium, stage.site.url, { before: withoutPickers });
  await dropSample(page, LIGHT);
  await page.waitForSelector('.go .primary:enabled');
  await page.evaluate(async () => {
    /** @type {HTMLElement} */ (document.querySelector('.go .primary')).click();
    const pause = () => /** @type {HTMLElement | null} */ (document.querySelector('.progress .go button'));
    while (pause() === null) await new Promise((go) => setTimeout(go));
    pause().click();
  });
  const figures = () => page.locator('.figures').innerText({ timeout: 1_000 });
  await page.waitForTimeout(2_000); // the batch in hand is finished
  const paused = await figures();
  await page.waitForTimeout(2_000);
  assert.equal(await figures(), paused, 'work went on while it was paused');
  await page.locator('.progress .go button').first().click();
  await page.waitForSelector('[data-step="review"]', { timeout: PATIENCE });
  assert.deepEqual(problems, []);
  await context.close();
});

test('a folder without a chat is refused with a reason', async () => {
  const { context, page } = await open(stage.chromium, stage.site.url);
  await drop(page, 'chat', path.join(SAMPLE, '..', 'assets'));
  await page.waitForSelector('section[aria-labelledby="zone-chat"] .sources li');
  await page.locator('.go .primary').click();
  await page.waitForSelector('[data-step="stopped"]', { timeout: 30_000 });
  assert.match(await page.locator('.stopped .lead').innerText(), /^There is no chat in what you chose: .*“Export chat”/);
  assert.equal(await page.locator('.stopped .go button').count(), 1, 'searching the same folder again would not help');
  await context.close();
});
