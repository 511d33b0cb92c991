// How long the search of a bundle takes: node tests/web/search-speed.mjs BUNDLE
// Prints the time until the index is read, and for each question the time from the last key to the first results on the
// page, and to all of them counted.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { browser } from './helpers.mjs';

const folder = process.argv[2];
if (folder === undefined) throw new Error('which bundle? node tests/web/search-speed.mjs BUNDLE');
const chromium = await browser();
const page = await chromium.newPage();
const began = performance.now();
await page.goto(String(pathToFileURL(path.resolve(folder, 'search.html'))));
await page.waitForSelector('body[data-ready]', { timeout: 120_000 });
console.log(`the index is read after ${Math.round(performance.now() - began)} ms`);

for (const words of ['harbour', 'cake tomorrow', 'cafe', 'мир', 'غدا', 'PHOTO-2019', 'e']) {
  const [first, all] = await page.evaluate(async (question) => {
    const query = /** @type {HTMLInputElement} */ (document.getElementById('query'));
    const found = document.getElementById('found');
    const frame = () =>
      new Promise((drawn) => {
        requestAnimationFrame(drawn);
      });
    query.value = question;
    found.textContent = '';
    delete found.dataset.ms;
    const start = performance.now();
    query.form.requestSubmit();
    while (found.textContent === '') await frame();
    const answered = performance.now() - start;
    while (found.dataset.ms === undefined) await frame();
    return [answered, performance.now() - start];
  }, words);
  console.log(`${words}: ${Math.round(first)} ms to the first results, ${Math.round(all)} ms to all; ${await page.locator('#found').textContent()}`);
}
const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
console.log(`heap ${Math.round(heap / 1e6)} MB`);
await chromium.close();
