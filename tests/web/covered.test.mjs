// What somebody hid stays hidden: the review says so, and the saved chat has the original only where the user asked for it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findings } from './axe.mjs';
import { covered } from './covered.mjs';
import { drop, equip, open, ROOT, saveAsDownload, search, withoutPickers } from './helpers.mjs';

const stage = equip('covered');
const PHOTO = path.join(ROOT, 'tests/fixtures/photos/iphone4.jpg');
const SENT = '00000002-PHOTO-2024-05-01-12-00-00.jpg';
const ORIGINAL = 'IMG_0042.jpg';

/** A chat with one photo of whose middle a fifth was hidden, and the photo. */
async function inputs(page) {
  const [chat, originals] = ['chat', 'originals'].map((name) => path.join(stage.scratch, name));
  for (const folder of [chat, originals]) mkdirSync(folder, { recursive: true });
  const part = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 };
  writeFileSync(path.join(chat, SENT), await covered(page, readFileSync(PHOTO), { longEdge: 1600, part, squares: 6 }));
  writeFileSync(path.join(chat, '_chat.txt'), `[01/05/2024, 11:59:00] Nora: Hello\n[01/05/2024, 12:00:00] Nora: \u200e<attached: ${SENT}>\n`);
  copyFileSync(PHOTO, path.join(originals, ORIGINAL));
  return { chat, originals };
}

const listed = (zip) => execFileSync('unzip', ['-Z1', zip], { encoding: 'utf8' }).trim().split('\n');
const read = (zip, name) => execFileSync('unzip', ['-p', zip, name], { encoding: 'utf8', maxBuffer: 1 << 26 });
const originalsIn = (zip) => listed(zip).filter((name) => name.endsWith(ORIGINAL));

test('the original behind a cover is in the saved chat only after the user revealed it', async () => {
  const { context, page, foreign, problems } = await open(stage.chromium, stage.site.url, { before: withoutPickers });
  const { chat, originals } = await inputs(page);
  await drop(page, 'chat', chat);
  await drop(page, 'originals', originals);
  await page.waitForSelector('section[aria-labelledby="zone-originals"] .sources li');
  await search(page);
  await page.locator('.count.all').click();
  await page.keyboard.press('Home');
  const note = page.locator('.note.cover');
  assert.match(await note.innerText(), /Hidden by the sender: the original stays out/);
  assert.deepEqual(await findings(page, 'review of a covered picture'), []);
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });

  const hidden = await saveAsDownload(page, path.join(stage.scratch, 'hidden.zip'));
  assert.deepEqual(originalsIn(hidden), []);
  const [entry] = JSON.parse(read(hidden, 'mapping.json')).entries;
  assert.deepEqual([entry.edits, entry.original], [['cover'], ORIGINAL]);
  for (const name of listed(hidden).filter((each) => each.endsWith('.html') && each !== 'report.html')) {
    assert.ok(!read(hidden, name).includes(ORIGINAL), `${name} leads to what was hidden`);
  }

  await page.locator('.done .button', { hasText: 'Back to the review' }).click();
  await page.waitForSelector('[data-step="review"]');
  await page.locator('.count.all').click();
  await page.keyboard.press('Home');
  await note.locator('input[type=checkbox]').check();
  await page.waitForFunction(() => /you put the original into/.test(document.querySelector('.note.cover').textContent));
  const shown = await saveAsDownload(page, path.join(stage.scratch, 'shown.zip'));
  assert.equal(originalsIn(shown).length, 1);
  assert.deepEqual([...foreign, ...problems], []);
  await context.close();
});
