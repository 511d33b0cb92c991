// Two searches over a library in one Chromium, whose profile lies on the disk as a person's does:
// `node bench/browser.mjs WORLD` prints both times in seconds.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drop, host, open, profiled } from '../tests/web/helpers.mjs';

/** The longest a search may take, in milliseconds. */
const PATIENCE = 3_600_000;

const world = path.resolve(process.argv[2]);
const folder = mkdtempSync(path.join(tmpdir(), 'heirloom-bench-'));
const chromium = await profiled(folder);
const site = await host();
const seconds = [];
const { page } = await open(chromium, site.url);
for (let run = 0; run < 2; run += 1) {
  if (run > 0) {
    await page.reload();
    await page.waitForSelector('[data-step="choose"]');
  }
  await drop(page, 'chat', path.join(world, 'chat'));
  await drop(page, 'originals', path.join(world, 'originals'));
  await page.waitForSelector('section[aria-labelledby="zone-originals"] .sources li', { timeout: PATIENCE });
  const start = performance.now();
  await page.locator('.go .primary').click({ timeout: PATIENCE });
  await page.waitForSelector('[data-step="review"]', { timeout: PATIENCE });
  seconds.push((performance.now() - start) / 1000);
}
await chromium.context.close();
await site.stop();
rmSync(folder, { recursive: true, force: true });
console.log(JSON.stringify(seconds));
