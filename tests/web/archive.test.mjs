// The archive as a person opens it: from a folder, by double click, with and without scripts, by mouse and by keys.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { bundleOf, everyKind, longChat } from './archive.mjs';
import { findings } from './axe.mjs';
import { browser } from './helpers.mjs';

let chromium;
let scratch;
let kinds;
let long;

before(async () => {
  chromium = await browser();
  scratch = mkdtempSync(path.join(tmpdir(), 'heirloom-archive-'));
  kinds = bundleOf(everyKind(path.join(scratch, 'kinds')), path.join(scratch, 'kinds-bundle'));
  long = bundleOf(longChat(path.join(scratch, 'long'), 2500), path.join(scratch, 'long-bundle'));
});

after(async () => {
  await chromium?.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

/** A tab on a page of a bundle; whatever it complains about ends up in `problems`. */
async function visit(address, options = {}) {
  const context = await chromium.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(address);
  return { context, page, problems };
}

/** Whether a person sees it without scrolling, now or soon. */
async function inView(locator) {
  await locator.page().waitForTimeout(150);
  return locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
}

for (const name of ['index.html', 'gallery.html', 'search.html', 'dates.html', 'statistics.html', 'report.html']) {
  test(`axe finds nothing on ${name}`, async () => {
    const { context, page, problems } = await visit(kinds.address(name));
    if (name === 'search.html') {
      await page.fill('#query', 'number');
      await page.waitForSelector('.results li');
    }
    // Later axe itself would be refused: it tries to fetch the style.
    assert.deepEqual(problems, []);
    assert.deepEqual(await findings(page, name), []);
    await context.close();
  });
}

test('axe finds nothing in the calendar, the menu and the lightbox', async () => {
  const { context, page } = await visit(kinds.address('index.html'));
  await page.click('#view summary');
  const found = await findings(page, 'menu');
  await page.click('.top nav a[href^="dates"]');
  await page.waitForSelector('.calendar[open]');
  found.push(...(await findings(page, 'calendar')));
  await page.keyboard.press('Escape');
  await page.click('a[data-view]');
  await page.waitForSelector('.light[open]');
  found.push(...(await findings(page, 'lightbox')));
  assert.deepEqual(found, []);
  await context.close();
});

test('everything can be read where scripts do not run', async () => {
  const { context, page, problems } = await visit(kinds.address('index.html'), { javaScriptEnabled: false });
  for (const words of ['sleep well', 'صباح الخير', 'Where do we eat?', 'This message was deleted', '52.516275']) {
    assert.ok(await page.getByText(words).first().isVisible(), words);
  }
  assert.equal(await page.locator('#view').isVisible(), false, 'a menu that does nothing is shown');
  await page.click('.top nav a[href^="dates"]');
  await page.click('a[aria-label^="2 January 2024"]');
  assert.match(page.url(), /index\.html#m\d+$/);
  assert.ok(await inView(page.getByText('明けまして')));
  await page.click('.top nav a[href="search.html"]');
  assert.equal(await page.locator('#form').isVisible(), false, 'a form that does nothing is shown');
  assert.ok(await page.getByText('Searching needs JavaScript').isVisible());
  await page.click('.top nav a[href="gallery.html"]');
  await page.click('.tile');
  assert.match(page.url(), /media\/.*\.jpg$/);
  assert.deepEqual(problems, []);
  await context.close();
});

test('the search reads all pages, whatever the accents, and finds back', async () => {
  const { context, page, problems } = await visit(long.address('search.html'));
  await page.fill('#query', 'cafe 2417');
  await page.waitForFunction(() => document.querySelectorAll('.results li').length === 1);
  assert.equal(await page.locator('.results mark').first().textContent(), 'Café');
  await page.click('.results a');
  assert.match(page.url(), /messages-3\.html#m2417$/);
  assert.ok(await inView(page.locator('#m2417')));
  await page.goBack();
  await page.waitForFunction(() => document.querySelectorAll('.results li').length === 1);
  assert.equal(await page.inputValue('#query'), 'cafe 2417');
  await page.fill('#query', 'number');
  await page.selectOption('#from', 'Bo');
  await page.waitForFunction(() => document.getElementById('found').textContent === '1,250 messages');
  await page.click('#more');
  await page.waitForTimeout(300); // longer than the search waits for more to be typed: it must not begin anew
  assert.equal(await page.locator('.results li').count(), 200);
  assert.deepEqual(problems, []);
  await context.close();
});

test('whose messages stand right is chosen in the page and remembered', async () => {
  const { context, page, problems } = await visit(long.address('index.html'));
  const right = () => page.locator('article.out').first().getAttribute('aria-label');
  await page.click('#view summary');
  for (const name of ['Ann', 'Bo']) {
    await page.selectOption('#me', { label: name });
    assert.equal(await right(), name);
  }
  await page.selectOption('#me', { label: 'Ann' });
  await page.goto(long.address('messages-2.html'));
  assert.equal(await right(), 'Ann');
  const [left, edge] = await page.evaluate(() => {
    const place = (side) => document.querySelector(`article.${side} .b`).getBoundingClientRect();
    return [place('in').left, place('out').left];
  });
  assert.ok(edge > left, 'the bubble did not move');
  await page.selectOption('#me', { value: '' }, { force: true });
  assert.equal(await page.locator('article.out').count(), 0);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a link to a message leads there from any page', async () => {
  const { context, page, problems } = await visit(long.address('index.html#m1500'));
  await page.waitForURL(/messages-2\.html#m1500$/);
  assert.ok(await inView(page.locator('#m1500')));
  await page.locator('#m1501 .when').click();
  assert.match(page.url(), /messages-2\.html#m1501$/);
  assert.deepEqual(problems, []);
  await context.close();
});

test('the calendar leads to a day by keys alone', async () => {
  const { context, page, problems } = await visit(kinds.address('index.html'));
  await page.locator('.top nav a[href^="dates"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.calendar[open]');
  assert.equal(await page.locator('.calendar select').inputValue(), '2023-03');
  await page.keyboard.press('PageDown');
  assert.equal(await page.locator('.calendar select').inputValue(), '2023-04');
  await page.locator('.calendar select').selectOption('2024-01');
  await page.locator('.calendar td a').first().focus();
  await page.keyboard.press('Enter');
  assert.match(page.url(), /#m\d+$/);
  assert.ok(await inView(page.getByText('明けまして')));
  assert.equal(await page.locator('.calendar[open]').count(), 0);
  assert.deepEqual(problems, []);
  await context.close();
});

test('the lightbox obeys keys and gives the focus back', async () => {
  const { context, page, problems } = await visit(kinds.address('gallery.html'));
  await page.locator('a[data-view]').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.light[open]');
  const shown = () => page.locator('.light img').getAttribute('src');
  const first = await shown();
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await shown(), first);
  assert.equal(await page.locator('.light .place').textContent(), '2 of 2');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await shown(), first);
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.matches('a[data-view]')), true);
  assert.deepEqual(problems, []);
  await context.close();
});

test('on paper there are messages and no buttons', async () => {
  const { context, page } = await visit(kinds.address('index.html'), { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });
  for (const selector of ['.top', '.skip', '.chip', 'audio']) {
    assert.equal(await page.locator(selector).first().isVisible(), false, `${selector} is printed`);
  }
  const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(ground, 'rgb(255, 255, 255)');
  assert.ok((await page.pdf({ format: 'A4', printBackground: true })).length > 20_000);
  await context.close();
});
