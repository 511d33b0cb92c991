// An engine that cannot be loaded, and one that dies over a file: both are said, and neither is the end.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { browser, drop, dropSample, host, LIGHT, LIGHT_CHAT, open, search, withoutPickers } from './helpers.mjs';

let chromium;
let scratch;
const sites = [];

/** A host that `after` ends, also when its test failed. */
async function hosted(change) {
  const site = await host({ change });
  sites.push(site);
  return site.url;
}

before(async () => {
  chromium = await browser();
  scratch = mkdtempSync(path.join(tmpdir(), 'heirloom-engine-'));
});

after(async () => {
  await chromium?.close();
  for (const site of sites) await site.stop();
  rmSync(scratch, { recursive: true, force: true });
});

test('an engine that cannot be loaded is said, and can be tried again', async () => {
  let broken = true;
  const url = await hosted((name, bytes) => (broken && name.endsWith('.wasm') ? null : bytes));
  const { context, page } = await open(chromium, url, { before: withoutPickers });
  await dropSample(page);
  await page.waitForSelector('.problem');
  assert.match(await page.locator('.problem').innerText(), /could not be loaded/);
  assert.ok(await page.locator('.go .primary').isDisabled());
  await page.locator('.problem button').click();
  await page.waitForSelector('.problem', { state: 'detached' });
  await page.waitForSelector('.problem'); // still broken, and said again
  broken = false;
  await page.locator('.problem button').click();
  await page.waitForSelector('.go .primary:enabled');
  // Once more, in the middle: a cancelled engine is loaded anew for the next job.
  await page.locator('.go .primary').click();
  await page.locator('.progress .go .quiet').click();
  await page.waitForSelector('[data-step="choose"]');
  broken = true;
  await page.locator('.go .primary').click();
  await page.waitForSelector('[data-step="stopped"]');
  assert.match(await page.locator('main').innerText(), /could not be loaded/);
  broken = false;
  await page.locator('.stopped .primary').click();
  await page.waitForSelector('.figures');
  await context.close();
});

/** Pages of 64 KiB that the engine may have: enough for the sample, too few for the picture that kills it. */
const PAGES = 3_072;

/** The same module with an upper limit on its memory: when it wants more, it traps. */
function limited(module) {
  let at = 8;
  while (at < module.length) {
    const id = module[at];
    const [size, start] = leb(module, at + 1);
    if (id === 5) {
      const [least] = leb(module, start + 2);
      const section = Buffer.from([1, 1, ...unsigned(least), ...unsigned(PAGES)]);
      return Buffer.concat([module.subarray(0, at), Buffer.from([5, section.length]), section, module.subarray(start + size)]);
    }
    at = start + size;
  }
  throw new Error('the module has no memory of its own');
}

function leb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
  }
}

function unsigned(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** A valid black picture, small on disk and large in memory. */
function hugePng(edge) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(edge, 0);
  head.writeUInt32BE(edge, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(edge * (3 * edge + 1)), { level: 1 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** The sample with the deadly picture, on a host whose engines have little memory. */
async function deadly(query) {
  const originals = path.join(scratch, 'originals');
  cpSync(LIGHT, originals, { recursive: true });
  writeFileSync(path.join(originals, 'deadly.png'), hugePng(7_500));
  const url = await hosted((name, bytes) => {
    if (name === 'engine/single/heirloom_wasm_bg.wasm') return limited(bytes);
    if (name !== 'engine/threads/heirloom_wasm.js') return bytes;
    const changed = String(bytes).replace('maximum:65536', `maximum:${PAGES}`);
    assert.notEqual(changed, String(bytes), 'the memory is made elsewhere');
    return Buffer.from(changed);
  });
  const opened = await open(chromium, url, { before: withoutPickers, query });
  await drop(opened.page, 'chat', LIGHT_CHAT);
  await drop(opened.page, 'originals', originals);
  await opened.page.waitForSelector('section[aria-labelledby="zone-originals"] .sources li');
  return opened;
}

test('a thread that dies is noticed, and the search begins again on one', async () => {
  const { context, page } = await deadly('');
  await page.clock.install();
  const single = page.waitForRequest((request) => request.url().includes('engine/single/'), { timeout: 60_000 });
  await page.locator('.go .primary').click();
  await page.waitForSelector('.figures');
  await page.waitForTimeout(8_000); // the thread dies
  // Where that was not said at once, the others wait for it, and silence tells.
  await page.clock.runFor(250_000);
  await single;
  await page.waitForSelector('[data-step="review"]', { timeout: 60_000 });
  await context.close();
});

test('a file over which the engine dies is left out, said once, and the rest is found', async () => {
  const { context, page } = await deadly('?engine=single');
  let started = 0;
  page.on('worker', () => (started += 1));
  await search(page);
  assert.equal(started, 1, 'the engine was started again once');
  await page.locator('.issues').evaluate((fold) => (fold.open = true));
  const told = (await page.locator('.issues li').allInnerTexts()).filter((each) => each.includes('deadly.png'));
  assert.equal(told.length, 1, `${told}`);
  assert.match(told[0], /the search stopped over it, so it is left out/);
  assert.ok(Number(await page.locator('.count.matched .figure').innerText()) >= 5);
  await context.close();
});
