// The whole job without a mouse, on a page in which axe-core finds nothing, saved through the browser's own file stream.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findings } from './axe.mjs';
import { equip, open, PATIENCE } from './helpers.mjs';
import { pickersOfStorage, savedZip, storeSample } from './storage.mjs';

const stage = equip('keys');

/** What has the focus, in words. */
const focused = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    return at === document.body || at === null ? 'nothing' : `${at.localName}.${at.className} “${at.textContent.trim().slice(0, 40)}”`;
  });

/** The focus may move with the next frame, but not get lost. */
async function holdsFocus(page, where) {
  const held = page.waitForFunction(() => document.activeElement !== null && document.activeElement !== document.body, undefined, { timeout: 1000 });
  await held.catch(() => assert.fail(`${where}: the focus was lost`));
}

/** Presses Tab until the wanted element has the focus, as a person would. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  assert.fail(`Tab never reached ${selector}; the focus is on ${await focused(page)}`);
}

async function press(page, ...keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    await holdsFocus(page, `after ${key}`);
  }
}

const zone = (side) => `section[aria-labelledby="zone-${side}"]`;
const selected = (page) => page.locator('.row.selected').getAttribute('id');
const figure = async (page, filter) => Number(await page.locator(`.count.${filter} .figure`).innerText());

/** The engine counts, a message away: waits until the figure is so, and fails with what it is. */
async function becomes(page, filter, wanted, why) {
  for (let left = 50; left > 0 && (await figure(page, filter)) !== wanted; left -= 1) await page.waitForTimeout(100);
  assert.equal(await figure(page, filter), wanted, why);
}

test('the whole job by keys alone; axe finds nothing on the way; the zip goes straight to disk', async () => {
  const { context, page, foreign, problems } = await open(stage.chromium, stage.site.url, { before: pickersOfStorage });
  await storeSample(page, 'originals/DCIM/101APPLE/');
  const found = [];
  await choose(page, found);
  await watch(page, found);
  await review(page, found);
  await save(page, found);
  assert.deepEqual(found, []);
  assert.deepEqual(foreign, []);
  assert.deepEqual(problems, []);
  const zip = path.join(stage.scratch, 'saved.zip');
  writeFileSync(zip, await savedZip(page));
  execFileSync('unzip', ['-tq', zip]);
  await context.close();
});

async function choose(page, found) {
  await holdsFocus(page, 'choose');
  await tabTo(page, `${zone('chat')} .button:last-of-type`);
  await press(page, 'Enter');
  await page.waitForSelector(`${zone('chat')} .sources li`);
  await holdsFocus(page, 'a chat was chosen');
  await tabTo(page, `${zone('originals')} .button:last-of-type`);
  await press(page, 'Enter');
  await page.waitForSelector(`${zone('originals')} .sources li`);
  // Taken back and chosen again: the button that was pressed is gone then.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${zone('originals')} .sources li`, { state: 'detached' });
  await holdsFocus(page, 'a folder was taken back');
  await tabTo(page, `${zone('originals')} .button:last-of-type`);
  await press(page, 'Enter');
  await page.waitForSelector(`${zone('originals')} .sources li`);
  for (const fold of await page.locator('details').all()) await fold.evaluate((each) => (each.open = true));
  found.push(...(await findings(page, 'choose')));
  await tabTo(page, '.go .primary:enabled');
  await press(page, 'Enter');
}

async function watch(page, found) {
  await page.waitForSelector('[data-step="progress"]');
  await holdsFocus(page, 'progress');
  await tabTo(page, '.progress .go .button');
  await press(page, 'Space');
  await page.waitForSelector('.progress .go .button[aria-pressed="true"]');
  const done = () => page.locator('.figures').innerText();
  await page.waitForTimeout(4_000); // the batch in hand is finished
  const paused = await done();
  found.push(...(await findings(page, 'progress')));
  assert.equal(await done(), paused, 'work went on while it was paused');
  await press(page, 'Space');
  await page.waitForSelector('[data-step="review"]', { timeout: PATIENCE });
  await holdsFocus(page, 'review');
}

async function review(page, found) {
  await press(page, 'Home');
  const first = await selected(page);
  await press(page, 'j', 'ArrowDown', 'k');
  assert.notEqual(await selected(page), first, 'J goes on to the next');
  await page.locator('.count.matched').focus();
  await press(page, 'Enter', 'Home');
  const matched = await figure(page, 'matched');
  await press(page, 'r');
  await becomes(page, 'matched', matched - 1, 'R keeps a picture as it was sent');
  await press(page, 'u');
  await becomes(page, 'matched', matched, 'U takes it back');
  await press(page, 'a');
  await becomes(page, 'mine', 1, 'A is a decision');
  await tabTo(page, '.decide .quiet');
  await press(page, 'Enter');
  await page.waitForSelector('.decide .quiet', { state: 'detached' });
  await holdsFocus(page, 'a decision was taken back');
  await press(page, '1');
  await becomes(page, 'mine', 1, 'a number picks a candidate');
  await press(page, 'u', 's');
  await page.waitForSelector('.stage.swipe .divider');
  await tabTo(page, '.divider');
  await press(page, 'ArrowRight', 'ArrowRight');
  assert.equal(await page.locator('.divider').inputValue(), '52', 'arrows move the divider');
  await press(page, 'z');
  await page.waitForSelector('.stage.zoom');
  found.push(...(await findings(page, 'review, zoomed and swiped')));
  await press(page, 'z', 's', '/');
  await page.keyboard.type('zzzz');
  await page.waitForSelector('.empty');
  for (let letter = 0; letter < 4; letter += 1) await press(page, 'Backspace');
  await page.waitForSelector('.row');
  await press(page, 'Escape');
  await page.locator('.rows').focus();
  await press(page, '?');
  await page.waitForSelector('dialog[open]');
  await press(page, 'Escape');
  await page.waitForSelector('dialog[open]', { state: 'detached' });
  found.push(...(await findings(page, 'review')));
  await narrowReview(page, found);
  await tabTo(page, '.tools .primary');
  await press(page, 'Enter');
}

/** On a narrow screen the pictures cover the list, and give the focus back. */
async function narrowReview(page, found) {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('.rows').focus();
  await press(page, 'Home', 'Enter');
  await page.waitForSelector('.compare .back:focus');
  await page.keyboard.press('Shift+Tab');
  const behind = await page.evaluate(() => document.activeElement.closest('.review') !== null && document.activeElement.closest('.compare') === null);
  assert.equal(behind, false, `the focus went behind the pictures: ${await focused(page)}`);
  await tabTo(page, '.compare .back');
  await page.setViewportSize({ width: 1280, height: 900 });
  found.push(...(await findings(page, 'review, opened')));
  await page.setViewportSize({ width: 390, height: 844 });
  await press(page, 'Escape');
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function save(page, found) {
  await page.waitForSelector('[data-step="save"]');
  await holdsFocus(page, 'save');
  found.push(...(await findings(page, 'save')));
  await tabTo(page, '.way');
  await press(page, 'Enter');
  await page.waitForSelector('.save.done', { timeout: PATIENCE });
  await holdsFocus(page, 'saved');
  assert.match(await page.evaluate(() => window.suggestedName), /with originals\.zip$/);
  found.push(...(await findings(page, 'done')));
}
