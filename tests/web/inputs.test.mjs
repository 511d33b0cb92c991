// Inputs as people give them: twice, one inside the other, taken away in the middle; and a page left in the middle.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { drop, dropSample, equip, LIGHT, LIGHT_CHAT, open, PATIENCE, saveAsDownload, search, withoutPickers } from './helpers.mjs';

const stage = equip('inputs');

const sources = (page, side) => page.locator(`section[aria-labelledby="zone-${side}"] .sources li`);
const matched = async (page) => Number(await page.locator('.count.matched .figure').innerText());
const issues = async (page) => {
  await page.locator('.issues').evaluate((fold) => (fold.open = true));
  return page.locator('.issues li').allInnerTexts();
};

test('a page left in the middle starts afresh, a chat chosen twice is one, a folder chosen twice is said', async () => {
  const { context, page, problems } = await open(stage.chromium, stage.site.url, { before: withoutPickers });
  await dropSample(page, LIGHT);
  await page.locator('.go .primary').click();
  await page.waitForSelector('[data-step="progress"]');
  let asked = false;
  page.once('dialog', (dialog) => {
    asked = true;
    return dialog.accept();
  });
  await page.reload();
  await page.waitForSelector('[data-step="choose"]');
  assert.ok(asked, 'leaving in the middle of the work must be asked about');
  assert.equal(await sources(page, 'chat').count(), 0);

  await dropSample(page, LIGHT);
  await drop(page, 'chat', LIGHT_CHAT);
  await drop(page, 'originals', LIGHT);
  await page.waitForSelector('.problem');
  assert.match(await page.locator('.problem').innerText(), /101APPLE is chosen already/);
  assert.equal(await sources(page, 'chat').count(), 1);
  assert.equal(await sources(page, 'originals').count(), 1);
  await search(page);
  const total = Number(await page.locator('.count.all .figure').innerText());
  assert.equal(total, readdirSync(LIGHT_CHAT).length - 1, 'every medium once');
  await saveAsDownload(page, path.join(stage.scratch, 'again.zip'));
  assert.deepEqual(problems, []);
  await context.close();
});

test('originals inside the export, one of them unreadable and one taken away while the search runs', async () => {
  const folder = path.join(stage.scratch, 'WhatsApp Chat - Trip');
  cpSync(LIGHT_CHAT, folder, { recursive: true });
  cpSync(LIGHT, path.join(folder, 'Camera'), { recursive: true });
  mkdirSync(path.join(folder, 'Camera', 'odd'));
  for (const name of ['gone.jpg', 'stays.jpg']) writeFileSync(path.join(folder, 'Camera', 'odd', name), 'no picture');
  const { context, page, problems } = await open(stage.chromium, stage.site.url, { before: withoutPickers });
  await drop(page, 'chat', folder);
  await drop(page, 'originals', path.join(folder, 'Camera'));
  await page.waitForSelector('section[aria-labelledby="zone-originals"] .sources li:not(:has-text("Counting"))');
  await page.waitForSelector('.go .primary:enabled', { timeout: PATIENCE });
  rmSync(path.join(folder, 'Camera', 'odd', 'gone.jpg'));
  await search(page);
  assert.ok((await matched(page)) >= 5, `only ${await matched(page)} matched`);
  const told = await issues(page);
  const about = (name) => told.filter((each) => each.includes(`odd/${name}`) && !each.startsWith('Camera'));
  assert.equal(about('gone.jpg').length, 1, `one sentence about the lost file: ${told}`);
  assert.match(about('gone.jpg')[0], /could not be read/);
  assert.equal(about('stays.jpg').length, 1, `one sentence about the odd file: ${told}`);
  assert.deepEqual(problems, []);
  await context.close();
});
