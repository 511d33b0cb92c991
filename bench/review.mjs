// How the review of many groups answers, in Chromium: `node bench/review.mjs GROUPS` prints milliseconds as JSON.
// The engine is the stand-in of the page's tests, so that nothing but the page is measured.

import path from 'node:path';
import { look, pickerOfPhotos, store, toDuplicates } from '../tests/web/duplicates.mjs';
import { browser, host, open, ROOT } from '../tests/web/helpers.mjs';
import { withStandIn } from '../tests/web/standin.mjs';

/** Frames that are scrolled through, each by most of a screen. */
const FRAMES = 180;
const STEP = 900;
/** Decisions that are made one after another. */
const DECISIONS = 9;

const count = Number(process.argv[2] ?? 10_000);
const pictures = ['bridge-small.jpg', 'thompson-springs.jpg', 'htc-desire.jpg', 'sony-hx5v.jpg'];
const chromium = await browser();
const site = await host({ change: withStandIn({ count, pictures: pictures.map((name) => path.join(ROOT, 'tests/fixtures/photos', name)) }) });
const { page, context } = await open(chromium, site.url, { before: pickerOfPhotos });
await store(page, { 'DCIM/IMG_1.jpg': 'one', 'DCIM/IMG_2.jpg': 'two' });
await toDuplicates(page);
await look(page);
const devtools = await context.newCDPSession(page);
await devtools.send('Performance.enable');

/** Milliseconds that the page's main thread has worked; other programs share the cores. */
async function worked() {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'ThreadTime').value * 1000;
}

const begun = await worked();
const frames = await page.evaluate(
  async ([most, step]) => {
    const rows = document.querySelector('.rows');
    const times = [];
    for (let frame = 0; frame < most; frame += 1) {
      const last = performance.now();
      rows.scrollTop += step;
      await new Promise((drawn) => requestAnimationFrame(() => drawn(undefined)));
      times.push(performance.now() - last);
    }
    return times.sort((one, other) => one - other);
  },
  [FRAMES, STEP],
);
const work = ((await worked()) - begun) / FRAMES;
await page.waitForTimeout(1000); // what scrolled past has its pictures

const answers = [];
const before = await worked();
for (let decision = 0; decision < DECISIONS; decision += 1) {
  const answer = await page.evaluate(async () => {
    const pressed = performance.now();
    dispatchEvent(new KeyboardEvent('keydown', { key: 'b', bubbles: true }));
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - pressed;
  });
  answers.push(answer);
}
const decided = ((await worked()) - before) / DECISIONS;
answers.sort((one, other) => one - other);
const at = (times, share) => times[Math.floor(share * (times.length - 1))];
console.log(
  JSON.stringify({
    frame: { median: at(frames, 0.5), slow: at(frames, 0.95), work },
    decision: { median: at(answers, 0.5), slow: answers.at(-1), work: decided },
  }),
);
await chromium.close();
await site.stop();
