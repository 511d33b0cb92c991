// On a plain host below a path, as on GitHub Pages: isolated by the service worker, and usable offline.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, dropSample, host, LIGHT, open, search, withoutPickers } from './helpers.mjs';

let chromium;
let site;

before(async () => {
  chromium = await browser();
});

after(async () => {
  await chromium?.close();
  await site?.stop();
});

test('after one visit the page works without its host, on all cores', async () => {
  site = await host({ base: '/heirloom/', isolated: false });
  const { context, page, foreign } = await open(chromium, site.url, { before: withoutPickers });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 });
  await page.waitForFunction(() => crossOriginIsolated, undefined, { timeout: 30_000 });
  await site.stop();
  await page.reload();
  await page.waitForSelector('[data-step="choose"]');
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  await dropSample(page, LIGHT);
  await search(page);
  assert.deepEqual(foreign, []);
  await context.close();
});
