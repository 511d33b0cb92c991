// The duplicates job in the page, over an engine that says what it is told to: every state, by keys alone, and ten thousand groups.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findings } from './axe.mjs';
import { look, pickerOfPhotos, readingOnly, store, toDuplicates } from './duplicates.mjs';
import { browser, host, open, ROOT } from './helpers.mjs';
import { withStandIn } from './standin.mjs';

const PICTURES = path.join(ROOT, 'tests/fixtures/photos');
/** Where pictures of every state are laid, for people. */
const SHOTS = process.env.HEIRLOOM_SHOTS;

let chromium;
const sites = [];

before(async () => {
  chromium = await browser();
});
after(async () => {
  await chromium?.close();
  for (const site of sites) await site.stop();
});

async function opened(options, before = pickerOfPhotos) {
  const site = await host({ change: withStandIn({ pictures: pictures(), ...options }) });
  sites.push(site);
  const stage = await open(chromium, site.url, { before });
  await store(stage.page, { 'DCIM/IMG_1.jpg': 'one', 'DCIM/IMG_2.jpg': 'two' });
  await toDuplicates(stage.page);
  return stage;
}

function pictures() {
  return ['bridge-small.jpg', 'thompson-springs.jpg', 'htc-desire.jpg', 'sony-hx5v.jpg'].map((name) => path.join(PICTURES, name));
}

async function shot(page, name) {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  for (const [size, viewport] of Object.entries({ wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } })) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(250);
      await page.screenshot({ path: path.join(SHOTS, `${name}-${size}-${colorScheme}.png`) });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const selected = (page) => page.locator('.row.selected').getAttribute('id');
const sofar = (page) => page.locator('.sofar').innerText();

test('every state is clean, in light and dark, wide and narrow, and nothing leaves the page', async () => {
  const { context, page, foreign, problems } = await opened({ count: 60, similar: 6, change: 'STEP_MS = 60;' });
  const found = [];
  const state = async (name) => {
    await shot(page, name);
    found.push(...(await findings(page, name)));
  };
  await state('choose');
  await page.locator('section[aria-labelledby="zone-folders"] .buttons .button').click();
  await page.waitForSelector('.sources li');
  await page.locator('.choice input').check();
  await state('chosen');
  await page.locator('.go .primary:enabled').click();
  await page.waitForSelector('[data-step="progress"]');
  await page.locator('.go .button').first().click();
  await state('progress');
  await page.locator('.go .button').first().click();
  await page.waitForSelector('[data-step="review"]');
  await page.waitForSelector('.card .differs');
  await state('review');
  await page.locator('#tab-shot').click();
  await page.waitForSelector('.tab.shot[aria-selected="true"]');
  await page.waitForSelector('.differs .other');
  await page.locator('.helpers summary').click();
  await state('review-shot');
  for (const view of ['side', 'swipe', 'difference']) {
    await press(page, 'c');
    await page.waitForSelector(`.stage.${view}`);
    await state(`review-${view}`);
  }
  await press(page, 'c');
  await page.locator('.rows').focus();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(300); // the page hears of it
  await press(page, 'Enter');
  await page.waitForSelector('.compare .back:focus');
  await state('group-open');
  await page.setViewportSize({ width: 390, height: 844 });
  await press(page, 'Escape');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.locator('#tab-similar').click();
  await state('review-similar');
  await press(page, '?');
  await page.waitForSelector('dialog[open]');
  await state('keys');
  await press(page, 'Escape');
  await page.locator('#tab-exact').click();
  await page.locator('.rows').focus();
  await press(page, 'b', 'b', 'b');
  await state('review-some');
  await press(page, 't');
  await page.waitForSelector('.paths li');
  await state('act-question');
  await page.locator('.act .go .button:not(.primary):not(.quiet)').click();
  await page.waitForSelector('[data-step="review"]');
  assert.deepEqual(found, []);
  assert.deepEqual(foreign, []);
  assert.deepEqual(problems, []);
  await context.close();
});

test('the whole review by keys alone', async () => {
  const { context, page } = await opened({ count: 40, similar: 4 });
  await look(page);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'the step has the focus');
  const first = await selected(page);
  await press(page, 'j');
  assert.notEqual(await selected(page), first, 'J goes on');
  await press(page, 'k', 'b');
  assert.match(await sofar(page), /^1 group reviewed · 3 files of 1 group would go/);
  assert.notEqual(await selected(page), first, 'B goes on to the next');
  await press(page, 'u');
  assert.match(await sofar(page), /^Nothing is reviewed yet/);
  assert.equal(await selected(page), first, 'U shows what was taken back');
  await press(page, '1');
  assert.match(await page.locator('.group .note').innerText(), /One of them has to stay/);
  const going = () => page.locator('.card.goes').count();
  const all = await going();
  await press(page, '2');
  assert.equal(await going(), all - 1, 'a number marks, and marks no more');
  await press(page, 'ArrowRight', 'Space');
  assert.equal(await going(), all - 2, 'the space bar does so with the copy that arrows lead to');
  await press(page, 'h');
  assert.equal(await page.locator('.card.stays.here').count(), 1, 'H keeps this one');
  await press(page, 'Enter');
  assert.match(await sofar(page), /^1 group reviewed/);
  const groups = async () => Number(await page.locator('#tab-exact .figure').innerText());
  const before = await groups();
  await press(page, 'x');
  await page.waitForFunction((was) => Number(document.querySelector('#tab-exact .figure').textContent) === was - 1, before);
  await press(page, 'u');
  await page.waitForFunction((was) => Number(document.querySelector('#tab-exact .figure').textContent) === was, before);
  await press(page, ']');
  assert.equal(await page.locator('.tab.payload').getAttribute('aria-selected'), 'true');
  await press(page, '[', '/');
  await page.keyboard.type('zzz');
  await page.waitForSelector('.empty');
  await press(page, 'Backspace', 'Backspace', 'Backspace', 'Escape');
  await page.waitForSelector('.row');
  await page.locator('.rows').focus();
  await press(page, 't');
  await page.waitForSelector('.paths li');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
  assert.match(await page.locator('h1').innerText(), /^Move 3 files to the trash\?$/);
  await context.close();
});

test('of a unit whose other halves differ it is asked what goes', async () => {
  const { context, page } = await opened({ count: 40 });
  await look(page);
  await press(page, '/');
  await page.keyboard.type('IMG_1006');
  await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
  await press(page, 'Escape');
  await page.locator('.rows').focus();
  const asked = page.locator('.halves');
  await page.waitForSelector('.card .together');
  assert.equal(await asked.count(), 0, 'what stays needs no question');
  await press(page, 'ArrowRight', 'h');
  await asked.waitFor();
  await shot(page, 'halves');
  assert.deepEqual(await findings(page, 'halves'), []);
  assert.deepEqual(await asked.locator('.button').allInnerTexts(), [
    'All of it: 2 files',
    'Only IMG_1006.HEIC',
    'Only its kind of file, of every one like it (Live Photo)',
  ]);
  const files = () => page.locator('.sofar').innerText();
  await press(page, 'r');
  assert.match(await files(), /2 files of 1 group would go/);
  await asked.locator('.button').nth(1).click();
  await asked.waitFor({ state: 'detached' });
  await page.waitForFunction(() => /1 file of 1 group would go/.test(document.querySelector('.sofar').textContent));
  await press(page, 'u');
  await asked.waitFor();
  await asked.locator('.button').nth(2).click();
  await asked.waitFor({ state: 'detached' });
  await context.close();
});

test('where folders can only be read, all but the act is there, and the plan is a file', async () => {
  const { context, page } = await opened({ count: 20 }, readingOnly);
  await page.locator('section[aria-labelledby="zone-folders"] input[webkitdirectory]').setInputFiles(path.join(ROOT, 'tests/cases'));
  await page.waitForSelector('.sources li');
  await page.locator('.go .primary:enabled').click();
  await page.waitForSelector('[data-step="review"]');
  await press(page, 'b', 't');
  await page.waitForSelector('.act .note');
  await shot(page, 'act-read-only');
  assert.deepEqual(await findings(page, 'reading only'), []);
  assert.equal(await page.locator('.act .go .button:has-text("Move")').count(), 0);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.act .go .primary').click()]);
  assert.equal(download.suggestedFilename(), 'heirloom-plan.json');
  await context.close();
});

test('the folder is offered again at the next visit', async () => {
  const { context, page } = await opened({ count: 4 });
  await look(page);
  await page.evaluate(() => addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true));
  await page.reload();
  await page.waitForSelector('.offered li');
  await shot(page, 'choose-offered');
  assert.deepEqual(await findings(page, 'offered'), []);
  await page.locator('.offered .button').first().click();
  await page.waitForSelector('.sources li');
  await page.locator('.offered .icon-only').first().click();
  await page.waitForSelector('.offered', { state: 'detached' });
  await context.close();
});

test('of ten thousand groups only what is on screen exists, and a key answers within one frame', async () => {
  const { context, page } = await opened({ count: 10_000 });
  await look(page);
  assert.match(await page.locator('h1').innerText(), /^10,000 groups/);
  const most = await page.evaluate(async () => {
    const rows = document.querySelector('.rows');
    let most = 0;
    for (let frame = 0; frame < 60; frame += 1) {
      rows.scrollTop += 900;
      await new Promise((drawn) => requestAnimationFrame(() => drawn(undefined)));
      most = Math.max(most, document.querySelectorAll('.row').length);
    }
    return most;
  });
  assert.ok(most > 0 && most < 60, `${most} rows were on the page at once`);
  const onShow = () => page.locator('.group .card .file .label').first().textContent();
  const before = await onShow();
  // How long a frame takes is measured by the benchmark (`bench/review.mjs`); here what a decision touches is counted.
  const { now, touched } = await page.evaluate(async () => {
    let touched = 0;
    const watcher = new MutationObserver((records) => {
      for (const { addedNodes, removedNodes } of records) touched += 1 + addedNodes.length + removedNodes.length;
    });
    watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    dispatchEvent(new KeyboardEvent('keydown', { key: 'b', bubbles: true }));
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    watcher.disconnect();
    return { now: document.querySelector('.group .card .file .label').textContent, touched };
  });
  assert.notEqual(now, before, 'the next group is on show in the same frame');
  assert.ok(touched < 600, `a decision touched ${touched} places of the page`);
  await context.close();
});
