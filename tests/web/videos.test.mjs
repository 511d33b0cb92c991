// Videos that time and length link: the browser's own player looks into both, and their frames confirm it or undo it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { drop, equip, open, ROOT, saveAsDownload, search, withoutPickers } from './helpers.mjs';
import { sent, VP9 } from './video.mjs';

const stage = equip('videos');
const fixture = (name) => path.join(ROOT, 'tests/fixtures/videos', name);

/** The size of a video that was sent, and a bitrate as chats use it for that; in a coding that only the player reads. */
const AS_SENT = { width: 480, height: 848, bitrate: 1_500_000, codec: VP9 };
/** The same of a video as a phone takes it. */
const AS_TAKEN = { width: 720, height: 1272, bitrate: 6_000_000, codec: VP9 };
const ORIGINAL = 'VID_20190212_152700.mp4';

/** The original was taken at 15:27, as its name says. Both were sent minutes later and are as long within half a second. */
const CHAT = `[28/01/2019, 09:00:00] Nora: Hello
[12/02/2019, 15:31:00] Nora: \u200e<attached: 00000002-VIDEO-2019-02-12-15-31-00.mp4>
[12/02/2019, 15:32:00] Nora: \u200e<attached: 00000003-VIDEO-2019-02-12-15-32-00.mp4>
`;

/** A chat with two videos: the one original's, truly encoded again, and another one. */
async function inputs(page) {
  const [chat, originals] = ['chat', 'originals'].map((name) => path.join(stage.scratch, name));
  for (const folder of [chat, originals]) mkdirSync(folder, { recursive: true });
  const put = async (to, file, how) => writeFileSync(to, await sent(page, readFileSync(fixture(file)), how));
  await put(path.join(originals, ORIGINAL), 'iphone-x.mov', AS_TAKEN);
  await put(path.join(chat, '00000002-VIDEO-2019-02-12-15-31-00.mp4'), 'iphone-x.mov', AS_SENT);
  await put(path.join(chat, '00000003-VIDEO-2019-02-12-15-32-00.mp4'), 'android.mp4', AS_SENT);
  writeFileSync(path.join(chat, '_chat.txt'), CHAT);
  return { chat, originals };
}

test('frames confirm the same video and undo the link to another of its time and length', async () => {
  const { context, page, foreign, problems } = await open(stage.chromium, stage.site.url, { before: withoutPickers, query: '?engine=single' });
  const { chat, originals } = await inputs(page);
  await drop(page, 'chat', chat);
  await drop(page, 'originals', originals);
  await page.waitForSelector('section[aria-labelledby="zone-originals"] .sources li');
  await search(page);
  const shown = page.locator('.evidence .reason').first();
  assert.match(await shown.innerText(), /frames at 10.* % are the same pictures/); // two of three prove it
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  const zip = await saveAsDownload(page, path.join(stage.scratch, 'videos.zip'));
  const { entries } = JSON.parse(execFileSync('unzip', ['-p', zip, 'mapping.json'], { encoding: 'utf8' }));
  const [same, other] = entries;
  assert.equal(same.decision, 'matched');
  assert.equal(same.original, ORIGINAL);
  assert.ok(same.score.residual < same.thresholds.residual, `${same.score.residual}`);
  assert.equal(other.decision, 'too_different');
  assert.equal(other.original, null);
  assert.match(other.reason, /^An original video is as long, but its frames show other pictures/);
  assert.deepEqual(foreign, []);
  assert.deepEqual(problems, []);
  await context.close();
});
