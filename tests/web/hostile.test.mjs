// A hostile chat, opened from a folder: nothing runs, nothing is asked of the network, and the layout holds.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundleOf } from './archive.mjs';
import { browser } from './helpers.mjs';
import { hostileChat, NAMES, RUNS, TEXTS } from './hostile.mjs';

let chromium;
let scratch;
let bundle;

before(async () => {
  chromium = await browser();
  scratch = mkdtempSync(path.join(tmpdir(), 'heirloom-hostile-'));
  bundle = bundleOf(hostileChat(path.join(scratch, 'chat')), path.join(scratch, 'bundle'));
});

after(async () => {
  await chromium?.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

/** Opens a page with a watch on everything that it should not do. */
async function watched(name, width) {
  const context = await chromium.newContext({ viewport: { width, height: 800 } });
  const page = await context.newPage();
  const wrong = [];
  page.on('dialog', (dialog) => {
    wrong.push(`dialog ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('pageerror', (error) => wrong.push(`error ${error}`));
  context.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) wrong.push(`request ${request.url()}`);
  });
  context.on('page', () => wrong.push('a window was opened'));
  page.on('framenavigated', (frame) => {
    if (!frame.url().startsWith(bundle.address(name))) wrong.push(`went to ${frame.url()}`);
  });
  page.on('console', (message) => {
    if (/Content Security Policy|Refused/.test(message.text())) wrong.push(`policy ${message.text()}`);
  });
  await page.goto(bundle.address(name));
  return { context, page, wrong };
}

/** What of a page's structure a chat must never reach. */
function intruders() {
  const found = [];
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (/^on|^style$|^srcdoc$|^formaction$/i.test(name)) found.push(`${element.localName} has ${name}`);
      const address = ['href', 'src', 'action', 'poster'].includes(name) && /^\s*([a-z][a-z\d+.-]*):/i.exec(value);
      if (address && !['https', 'http', 'file'].includes(address[1].toLowerCase())) found.push(`${element.localName} ${name} ${value.slice(0, 60)}`);
    }
    if (/^(iframe|object|embed|base|style|math|animate)$/.test(element.localName)) found.push(element.localName);
    if (element instanceof HTMLScriptElement && !/\/assets\/[a-z]+(-\d+)?\.js$/.test(element.src)) found.push(`script ${element.src}`);
  }
  return found;
}

/** Everything a person could touch without leaving the page. */
function touchAll() {
  for (const element of document.querySelectorAll('*')) {
    for (const kind of ['mouseover', 'pointerenter', 'focus', 'toggle', 'animationstart', 'load', 'error', 'play']) {
      element.dispatchEvent(new Event(kind));
    }
    if (!element.closest('a, button, form, summary')) element.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  }
}

/** Messages whose bubble leaves the screen, and messages whose ink could cover their neighbours. */
function broken() {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const bubble of document.querySelectorAll('.b, .sys, .tile, .results a, .plot, .fact, .cover')) {
    const { left, right } = bubble.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1) found.push(`${bubble.className} from ${left} to ${right}`);
  }
  for (const message of document.querySelectorAll('.m')) {
    if (getComputedStyle(message).overflowX !== 'clip') found.push(`${message.id} can be painted over`);
  }
  return found;
}

const PAGES = ['index.html', 'gallery.html', 'search.html', 'dates.html', 'statistics.html', 'report.html'];

for (const name of PAGES) {
  for (const width of [390, 1280]) {
    test(`nothing runs on ${name}, and it keeps its shape at ${width} pixels`, async () => {
      assert.ok(existsSync(path.join(bundle.folder, name)), readdirSync(bundle.folder).join(' '));
      const { context, page, wrong } = await watched(name, width);
      await page.evaluate(touchAll);
      await page.waitForTimeout(300);
      assert.deepEqual(await page.evaluate(intruders), []);
      assert.deepEqual(await page.evaluate(broken), []);
      assert.equal(await page.evaluate(() => window.__hit), undefined);
      assert.deepEqual(wrong, []);
      await context.close();
    });
  }
}

test('every text and name stands there as it was written', async () => {
  const { context, page } = await watched('index.html', 1280);
  const there = await page.evaluate(() => document.querySelector('main').textContent.replace(/\s+/g, ' '));
  // WhatsApp's marks become elements; control characters and invisible marks cannot be shown.
  const plain = (text) =>
    text
      .replace(/[\0-\x08\x0B\x0E-\x1F\x7F-\x9F]/g, '\uFFFD')
      .replace(/\s+/g, ' ')
      .trim();
  for (const text of TEXTS.filter((text) => /script|onerror|style|javascript:/.test(text) && !/[*~`]|^> |\u202E|\0/.test(text))) {
    assert.ok(there.includes(plain(text)), `${text.slice(0, 60)} is not on the page`);
  }
  assert.ok(there.includes(NAMES[1]));
  assert.match(there, /after number 0 /);
  await context.close();
});

test('a document that would run opens as plain text, whole', async () => {
  const { context, page } = await watched('index.html', 1280);
  for (const [name, content] of Object.entries(RUNS)) {
    const shown = name.slice(9);
    const card = page.locator('a.card').filter({ has: page.locator('.card-name', { hasText: shown }) });
    assert.match(await card.locator('.card-about').textContent(), /plain text/, shown);
    const address = new URL(await card.getAttribute('href'), page.url());
    assert.equal(readFileSync(fileURLToPath(address), 'utf8'), content);
    const opened = await context.newPage();
    await opened.goto(String(address));
    await opened.waitForTimeout(100);
    const [kind, hit, text] = await opened.evaluate(() => [document.contentType, window.__hit, document.body.innerText]);
    assert.deepEqual([kind, hit], ['text/plain', undefined], shown);
    assert.equal(text.trim(), content);
    await opened.close();
  }
  await context.close();
});

test('the search finds hostile texts and shows them as text', async () => {
  const { context, page, wrong } = await watched('search.html', 390);
  for (const words of ['onerror', '</script>', '"]);', `<img src=x onerror=window.__hit=1>`, 'marks', 'WWWW']) {
    await page.fill('#query', words);
    await page.waitForFunction((asked) => location.hash === `#${encodeURIComponent(asked)}`, words);
    assert.ok((await page.locator('.results li').count()) > 0, `${words} is not found`);
    assert.deepEqual(await page.evaluate(intruders), []);
    assert.deepEqual(await page.evaluate(broken), []);
  }
  assert.equal(await page.evaluate(() => window.__hit), undefined);
  // The question stands in the address, which is no other page.
  assert.deepEqual(
    wrong.filter((what) => !what.startsWith('went to file:')),
    [],
  );
  await context.close();
});

test('a hostile name can be chosen as the one on the right', async () => {
  const { context, page, wrong } = await watched('index.html', 390);
  await page.click('#view summary');
  for (const option of ['0', '2', '4']) {
    await page.selectOption('#me', option);
    assert.ok((await page.locator('article.out').count()) > 0);
    assert.deepEqual(await page.evaluate(broken), []);
  }
  assert.equal(await page.evaluate(() => window.__hit), undefined);
  assert.deepEqual(wrong, []);
  await context.close();
});
