// Measures the built page on two given folders, in both builds. Not a test.
//
//   node tests/web/measure.mjs CHAT ORIGINALS [single|threads]
//
// prints, for each build: seconds from the start button to the review, seconds to the saved zip, peak memory of the
// page's process, bytes read and written. `cargo xtask build` first; keep the machine calm.

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { browser, drop, host, open } from './helpers.mjs';

/** Longest a step may take, in milliseconds. */
const LONGEST = 3_600_000;

const [chat, originals, only] = process.argv.slice(2);
if (originals === undefined || !['single', 'threads', undefined].includes(only)) {
  console.error('usage: node tests/web/measure.mjs CHAT ORIGINALS [single|threads]');
  process.exit(2);
}
for (const folder of [chat, originals]) await stat(folder);

const site = await host();
const table = [];
for (const build of only === undefined ? ['threads', 'single'] : [only]) table.push(await measured(build));
console.table(table);
await site.stop();

async function measured(build) {
  const chromium = await browser(); // a new one each time: its memory is then this run's alone
  const { page } = await open(chromium, site.url, { before: watched, query: build === 'single' ? '?engine=single' : '' });
  await drop(page, 'chat', path.resolve(chat));
  await drop(page, 'originals', path.resolve(originals));
  await page.waitForSelector('section[aria-labelledby="zone-originals"] .sources li', { timeout: LONGEST });
  await page.waitForSelector('.go .primary:enabled', { timeout: LONGEST });
  const before = await peakMemory(chromium);
  const review = await seconds(async () => {
    await page.locator('.go .primary').click();
    await page.waitForSelector('[data-step="review"]', { timeout: LONGEST });
  });
  const read = await page.evaluate(() => window.newest.bytesRead);
  const searched = await peakMemory(chromium);
  await page.locator('.tools .primary').click();
  const saved = await seconds(async () => {
    await page.locator('.way').first().click();
    await page.waitForSelector('.save.done', { timeout: LONGEST });
  });
  const written = await page.evaluate(() => window.newest.bytesWritten);
  const whole = await peakMemory(chromium);
  await chromium.close();
  return {
    build,
    'seconds to review': review,
    'seconds to saved': saved,
    'MB read': megabytes(read),
    'MB written': megabytes(written),
    'MB before': megabytes(before),
    'MB peak, search': megabytes(searched),
    'MB peak, whole': megabytes(whole),
  };
}

/** For `before`: notes what the engine says of its progress, and saves into the browser's own storage. */
function watched() {
  const { set, ...rest } = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage');
  Object.defineProperty(Worker.prototype, 'onmessage', {
    ...rest,
    set(heard) {
      const note = (event) => {
        if (event.data?.kind === 'progress') window.newest = event.data.progress;
        heard.call(this, event);
      };
      set.call(this, note);
    },
  });
  const stored = async () => (await navigator.storage.getDirectory()).getFileHandle('saved.zip', { create: true });
  window.showSaveFilePicker = stored;
}

async function seconds(work) {
  const began = performance.now();
  await work();
  return Number(((performance.now() - began) / 1_000).toFixed(1));
}

/** Most bytes in memory so far (`VmHWM`) of the page's process, threads and wasm included. */
async function peakMemory(chromium) {
  const devtools = await chromium.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  let most = 0;
  for (const { type, id } of processInfo) {
    if (type !== 'renderer') continue;
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    most = Math.max(most, Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024);
  }
  return most;
}

function megabytes(bytes) {
  return Number((bytes / 1e6).toFixed(1));
}
