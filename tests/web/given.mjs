// Firefox as people use it: puppeteer cannot drop folders there, so the page's own inputs are given files with their paths.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { firefox, PATIENCE } from './helpers.mjs';

/** A Firefox with the app open. `problems` lists what the page complained about. `before` runs in the page before it does. */
export async function openFirefox(url, { downloads, isPrivate = false, before = () => undefined, query = '' }) {
  const browser = await firefox({ downloads, isPrivate });
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.setDefaultTimeout(PATIENCE);
  await page.evaluateOnNewDocument(before);
  await page.goto(url + query);
  await page.waitForSelector('[data-step="choose"]');
  return { browser, page, problems };
}

/** Gives both sides of the sample; of the originals, those below `folder`. */
export async function giveSample(page, folder = 'originals/DCIM/101APPLE/') {
  await page.evaluate(async (wanted) => {
    const list = await (await fetch('sample/list.json')).json();
    for (const side of ['chat', 'originals']) {
      const given = [];
      for (const place of list[side].filter((each) => side === 'chat' || each.startsWith(wanted))) {
        const bytes = await (await fetch(`sample/${place.split('/').map(encodeURIComponent).join('/')}`)).blob();
        const file = new File([bytes], place.split('/').at(-1), { lastModified: 0 });
        given.push(Object.defineProperty(file, 'webkitRelativePath', { value: place }));
      }
      // A transfer would copy them, without their paths.
      const input = /** @type {HTMLInputElement} */ (document.querySelector(`section[aria-labelledby="zone-${side}"] input[webkitdirectory]`));
      Object.defineProperty(input, 'files', { value: given, configurable: true });
      input.dispatchEvent(new Event('change'));
      delete input.files;
    }
  }, folder);
}

/** Starts the search and waits for the review. */
export async function searchFirefox(page) {
  await page.waitForSelector('.go .primary:enabled');
  await page.click('.go .primary');
  await page.waitForSelector('[data-step="review"], [data-step="stopped"]');
  if ((await page.$('[data-step="review"]')) === null) throw new Error(await page.$eval('main', (main) => main.innerText));
}

/** From the review to the finished zip in `downloads`; returns where it is. */
export async function saveFirefox(page, downloads) {
  await page.click('.tools .primary');
  await page.waitForSelector('.way');
  await page.click('.way');
  await page.waitForSelector('.save.done');
  return downloaded(downloads);
}

/** The newest finished download. */
export async function downloaded(folder, count = 1) {
  for (let tries = 0; tries < 600; tries += 1) {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const whole = names.filter((name) => name.endsWith('.zip'));
    if (whole.length >= count && !names.some((name) => name.endsWith('.part'))) return path.join(folder, whole.sort().at(-1));
    await new Promise((passed) => setTimeout(passed, 100));
  }
  throw new Error(`nothing was downloaded: ${readdirSync(folder)}`);
}
