// What the page remembers: a second search reads nothing, a killed tab goes on, decisions come back, and all of it can be seen
// and deleted. Whatever is wrong with it is a sentence, and the search goes on.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findings } from './axe.mjs';
import { dropSample, host, LIGHT, LIGHT_CHAT, open, PATIENCE, profiled, RELEASE, saveAsDownload, search } from './helpers.mjs';

const BUILDS = { threads: '', single: '?engine=single' };
/** What is remembered does not depend on the build: a change tries one, a release both. */
const TRIED = Object.entries(BUILDS).slice(0, RELEASE ? 2 : 1);

let scratch;
let site;
const closers = [];

before(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'heirloom-catalogue-'));
  site = await host();
});

after(async () => {
  for (const close of closers) await close().catch(() => undefined);
  await site?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** A browser with a profile of its own. */
async function person(name) {
  const folder = path.join(scratch, `profile-${name}`);
  const browser = await profiled(folder);
  closers.push(() => browser.context.close());
  return { ...browser, folder };
}

/** No pickers; what the engine tells the page is noted in `window.told`, its workers in `window.engines`. */
function watched() {
  for (const name of ['showDirectoryPicker', 'showOpenFilePicker', 'showSaveFilePicker']) delete window[name];
  window.told = { read: 0, decided: 0, answered: 0 };
  window.engines = [];
  const Real = window.Worker;
  window.Worker = class extends Real {
    /** @param {[URL | string, WorkerOptions?]} given */
    constructor(...given) {
      super(...given);
      window.engines.push(this);
      this.addEventListener('message', ({ data }) => {
        if (data.kind === 'progress') window.told.read = data.progress.bytesRead;
        if (data.kind === 'decided') window.told.decided = window.told.read;
        if (data.kind === 'answered') window.told.answered += 1;
      });
    }
  };
}

async function visit(browser, query = '', url = site.url) {
  const { page, foreign, problems } = await open(browser, url, { before: watched, query });
  page.on('dialog', (dialog) => dialog.accept());
  return { page, foreign, problems };
}

/** A search over the sample; the bytes of media that were read for it. */
async function searched(page, originals = LIGHT) {
  await dropSample(page, originals);
  await search(page);
  return page.evaluate(() => window.told.decided);
}

let zips = 0;

async function mappingOf(page) {
  zips += 1;
  const zip = await saveAsDownload(page, path.join(scratch, `${zips}.zip`));
  const mapping = execFileSync('unzip', ['-p', zip, 'mapping.json'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  rmSync(zip);
  return mapping;
}

const mine = async (page) => Number(await page.locator('.count.mine .figure').innerText());
const matched = async (page) => Number(await page.locator('.count.matched .figure').innerText());
const trouble = async (page) => (await page.locator('.kept-trouble').allInnerTexts()).join(' ');

/** Selects the first matched picture. */
async function toFirstMatched(page) {
  await page.locator('.count.matched').click();
  await page.keyboard.press('Home');
}

/** Opens what is remembered and waits until it is told. */
async function openKept(page) {
  await page.waitForSelector('.kept .button:first-child:enabled', { state: 'attached' });
  await page.locator('.kept summary').click();
  await page.waitForFunction(() => !/^(Looking.*)?$/.test(document.querySelector('.kept [role=status]').textContent));
  const told = await page.locator('.kept [role=status]').innerText();
  await page.evaluate(() => scrollTo(0, 0)); // what is dropped must fall on what is seen
  return told;
}

async function forget(page) {
  await openKept(page);
  await page.locator('.kept button', { hasText: 'Delete all' }).click();
  await page.waitForSelector('.kept :text("All of it is deleted."), .kept button:has-text("Delete them too")');
  const question = page.locator('.kept button', { hasText: 'Delete them too' });
  if (await question.isVisible()) await question.click();
  await page.waitForSelector('.kept :text("All of it is deleted.")');
  await page.evaluate(() => scrollTo(0, 0));
}

for (const [build, query] of TRIED) {
  test(`a second visit reads no picture and decides the same; a file that changed is read again (${build})`, async () => {
    const browser = await person(`second-${build}`);
    const originals = path.join(scratch, `originals-${build}`, '101APPLE');
    cpSync(LIGHT, originals, { recursive: true, preserveTimestamps: true });
    const first = await visit(browser, query);
    const all = await searched(first.page, originals);
    const mapping = await mappingOf(first.page);
    assert.ok(all > 1_000_000, `${all} bytes were read`);
    assert.equal(await trouble(first.page), '');
    await first.page.close();

    const second = await visit(browser, query);
    assert.equal(await searched(second.page, originals), 0, 'the second visit reads media');
    assert.equal(await mappingOf(second.page), mapping);
    await second.page.close();

    // The other way in: an input, whose files have paths of their own.
    const third = await visit(browser, query);
    await third.page.locator('section[aria-labelledby="zone-chat"] input[webkitdirectory]').setInputFiles(LIGHT_CHAT);
    await third.page.locator('section[aria-labelledby="zone-originals"] input[webkitdirectory]').setInputFiles(originals);
    await third.page.waitForSelector('section[aria-labelledby="zone-originals"] .sources li');
    await search(third.page);
    assert.equal(await third.page.evaluate(() => window.told.decided), 0, 'an input names files in another way');
    await third.page.close();

    const name = readdirSync(originals).find((each) => /\.jpe?g$/i.test(each));
    appendFileSync(path.join(originals, name), 'x');
    const fourth = await visit(browser, query);
    const longer = await searched(fourth.page, originals);
    assert.ok(longer > 0 && longer < all / 2, `${longer} of ${all} bytes for one file that grew`);
    await fourth.page.close();

    utimesSync(path.join(originals, name), new Date(), new Date(2_001, 1, 1));
    const fifth = await visit(browser, query);
    const touched = await searched(fifth.page, originals);
    assert.ok(touched > 0 && touched < all / 2, `${touched} of ${all} bytes for one file with another time`);
    for (const { foreign, problems } of [first, second, third, fourth, fifth]) assert.deepEqual([...foreign, ...problems], []);
    await browser.context.close();
  });
}

/** Numbers that look random and are the same in every run, from 0 to 1. */
function* numbers(seed) {
  console.log(`seed ${seed}`);
  for (let state = BigInt(seed); ; ) {
    state = BigInt.asUintN(64, state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n);
    yield Number(state >> 33n) / 2 ** 31;
  }
}

/** Ends the tab without asking it: closed, its process crashed, or the whole browser killed. */
async function kill(how, browser, page) {
  if (how === 'closed') return page.close();
  if (how === 'crashed') {
    const devtools = await page.context().newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    devtools.send('Page.crash').catch(() => undefined);
    await crashed;
    return page.close();
  }
  // The profile's lock names the process that this test started.
  const owner = Number(readlinkSync(path.join(browser.folder, 'SingletonLock')).split('-').at(-1));
  const gone = browser.context.waitForEvent('close');
  process.kill(owner, 'SIGKILL');
  return gone;
}

/** How many tabs are killed: each way of dying once for a change, more before a release. */
const ROUNDS = RELEASE ? 10 : 3;

test('a tab killed at random moments is completed by the next visit, with the same mapping', async () => {
  let browser = await person('killed');
  const whole = await visit(browser);
  await dropSample(whole.page, LIGHT);
  const start = performance.now();
  await search(whole.page);
  const took = performance.now() - start;
  const all = await whole.page.evaluate(() => window.told.decided);
  const mapping = await mappingOf(whole.page);
  await whole.page.close();
  const moments = numbers(20_261_125);
  let wentOn = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const how = ['closed', 'crashed', 'killed'][round % 3];
    const query = Object.values(BUILDS)[round % 2];
    const moment = took * (0.05 + 0.9 * Number(moments.next().value));
    const { page } = await visit(browser, query);
    await forget(page);
    await dropSample(page, LIGHT);
    await page.locator('.go .primary').click();
    await page.waitForTimeout(moment);
    const seen = await page.evaluate(() => window.told.read);
    await kill(how, browser, page);
    if (how === 'killed') browser = await person('killed');
    const next = await visit(browser, query);
    const read = await searched(next.page);
    console.log(`round ${round}: ${how} after ${Math.round(moment)} of ${Math.round(took)} ms, ${seen} bytes read; then ${read} of ${all}`);
    assert.equal(await trouble(next.page), '', 'what is remembered must be usable');
    assert.equal(await mappingOf(next.page), mapping, `round ${round}`);
    assert.ok(read <= all, `${read} of ${all} bytes`);
    if (read < all) wentOn += 1;
    await next.page.close();
  }
  assert.ok(wentOn >= Math.floor(ROUNDS / 2), `only ${wentOn} of ${ROUNDS} went on where they were`);
  await browser.context.close();
});

for (const [build, query] of TRIED) {
  test(`decisions come back after a reload, the last one too, and can be taken back (${build})`, async () => {
    const browser = await person(`decided-${build}`);
    const { page, problems } = await visit(browser, query);
    await searched(page);
    const before = await matched(page);
    await toFirstMatched(page);
    await page.keyboard.press('r');
    await page.waitForFunction(() => window.told.answered === 1);
    // Confirmed means noted: the page need not keep it any longer.
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    await page.reload();
    assert.equal(await searched(page), 0);
    assert.deepEqual([await mine(page), await matched(page)], [1, before - 1]);

    // Gone in the same moment: nothing was confirmed.
    await toFirstMatched(page);
    await page.evaluate(() => {
      dispatchEvent(new KeyboardEvent('keydown', { key: 'r' }));
      for (const engine of window.engines) engine.terminate();
      location.reload();
    });
    await page.waitForSelector('[data-step="choose"]');
    await searched(page);
    assert.deepEqual([await mine(page), await matched(page)], [2, before - 2]);
    await page.waitForFunction(() => localStorage.length === 0);

    await page.locator('.count.mine').click();
    await page.keyboard.press('Home');
    // The engine may have noted the decision before it was ended; then nothing was to be confirmed.
    const confirmed = await page.evaluate(() => window.told.answered);
    await page.locator('.decide .quiet').click();
    await page.waitForFunction((before) => window.told.answered > before, confirmed);
    const mapping = await mappingOf(page);
    await page.reload();
    await searched(page);
    assert.deepEqual([await mine(page), await matched(page)], [1, before - 1]);
    assert.equal(await mappingOf(page), mapping);
    assert.deepEqual(problems, []);
    await browser.context.close();
  });
}

/** Writes something else into a file of the catalogue; its new length. */
const damage = (page, name, how) =>
  page.evaluate(
    async ([name, how]) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('catalogue');
      const file = await folder.getFileHandle(name);
      const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
      const made = {
        foreign: () => new TextEncoder().encode('a letter\n'.repeat(999)),
        // Its second half may be room that nothing was written to yet.
        short: () => bytes.slice(0, 5000),
        scribbled: () => bytes.fill(0xa5, 64, bytes.length),
      }[how]();
      for (let tries = 0; ; tries += 1) {
        try {
          const stream = await file.createWritable();
          await stream.write(made);
          await stream.close();
          return made.length;
        } catch (error) {
          if (tries === 50) throw error; // the page that was left holds it a little longer
          await new Promise((passed) => setTimeout(passed, 100));
        }
      }
    },
    [name, how],
  );

/** The files of the catalogue. */
const stored = (page) =>
  page.evaluate(async () => {
    const names = [];
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('catalogue');
    for await (const name of folder.keys()) names.push(name);
    return names.sort();
  });

test('what is remembered is told, given as JSON and deleted, by keys alone, and axe finds nothing', async () => {
  const browser = await person('kept');
  const { page, foreign, problems } = await visit(browser);
  const all = await searched(page);
  await toFirstMatched(page);
  await page.keyboard.press('a');
  await page.waitForFunction(() => window.told.answered === 1);
  await mappingOf(page);
  await page.reload();
  await page.waitForSelector('.kept .button:first-child:enabled', { state: 'attached' });
  await page.locator('.kept summary').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /\d files, 1 decision and 1 saved chat/.test(document.querySelector('.kept').textContent));
  assert.deepEqual(await findings(page, 'what is remembered'), []);
  await page.locator('.kept summary').focus();
  await page.keyboard.press('Tab');
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: PATIENCE }), page.keyboard.press('Enter')]);
  assert.equal(download.suggestedFilename(), 'heirloom-catalogue.json');
  const json = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.ok(Object.keys(json.files).length > 5);
  assert.equal(Object.keys(json.answers).length, 1);
  assert.equal(json.runs.length, 1);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  // What was learnt is gone; about the rest there is a question, and its harmless answer has the focus.
  await page.waitForFunction(() => /Delete your 1 decision and 1 saved chat as well\?/.test(document.querySelector('.kept').textContent));
  assert.deepEqual(await findings(page, 'the question about decisions'), []);
  assert.deepEqual(await stored(page), ['decisions.redb']);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /0 files, 1 decision and 1 saved chat/.test(document.querySelector('.kept').textContent));
  await page.locator('.kept button', { hasText: 'Delete all' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.textContent === 'Keep them');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.kept :text("All of it is deleted.")');
  const left = () =>
    page.evaluate(async () => {
      const names = [];
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
      return [...names, ...Object.keys(localStorage)];
    });
  assert.deepEqual(await left(), []);
  await page.reload();
  assert.equal(await openKept(page), 'Nothing is remembered yet.');
  assert.equal(await searched(page), all, 'everything is read again');
  assert.equal(await mine(page), 0);
  assert.deepEqual([...foreign, ...problems], []);
  await browser.context.close();
});

test('another tab that holds it is said, and the search goes on', async () => {
  const browser = await person('busy');
  const one = await visit(browser);
  const all = await searched(one.page);
  const two = await visit(browser);
  assert.match(await openKept(two.page), /Another tab is using it/);
  assert.equal(await searched(two.page), all);
  assert.match(await trouble(two.page), /Another tab is using what is remembered/);
  assert.equal(await matched(two.page), await matched(one.page));
  // What is decided meanwhile is kept by the page, until it can be noted.
  await toFirstMatched(two.page);
  await two.page.keyboard.press('r');
  await two.page.waitForFunction(() => window.told.answered === 1);
  await one.page.close();
  await two.page.reload();
  assert.equal(await searched(two.page), 0);
  assert.equal(await trouble(two.page), '');
  assert.equal(await mine(two.page), 1);
  await two.page.waitForFunction(() => localStorage.length === 0);
  assert.deepEqual([...one.problems, ...two.problems], []);
  await browser.context.close();
});

test('the browser is asked to keep decisions before the first one, and its refusal is said', async () => {
  for (const promised of [true, false]) {
    const browser = await person(`promised-${promised}`);
    const { page, problems } = await visit(browser);
    await page.evaluate((answer) => {
      window.asked = [];
      navigator.storage.persist = async () => {
        window.asked.push(window.told.answered);
        return answer;
      };
    }, promised);
    await searched(page);
    assert.deepEqual(await page.evaluate(() => window.asked), [], 'nothing is kept forever yet');
    await toFirstMatched(page);
    await page.keyboard.press('r');
    await page.waitForFunction(() => window.told.answered === 1);
    await page.keyboard.press('a');
    await page.waitForFunction(() => window.told.answered === 2);
    assert.deepEqual(await page.evaluate(() => window.asked), [0], 'asked once, before the first decision');
    const said = (await page.locator('.kept-unpromised').allInnerTexts()).join(' ');
    assert.equal(/did not promise/.test(said), !promised, said);
    assert.deepEqual(problems, []);
    await browser.context.close();
  }
});

test('what an older page remembered in one file is taken over', async () => {
  const browser = await person('before');
  const { page, problems } = await visit(browser);
  const zip = path.resolve(import.meta.dirname, '../catalogue_support/before.zip');
  const bytes = execFileSync('unzip', ['-p', zip, 'catalogue.redb'], { maxBuffer: 1 << 24 });
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('catalogue', { create: true });
    const stream = await (await folder.getFileHandle('catalogue.redb', { create: true })).createWritable();
    await stream.write(bytes);
    await stream.close();
  }, bytes.toString('base64'));
  // Even if the first thing that is asked is to delete what was learnt.
  await page.waitForSelector('.kept .button:first-child:enabled', { state: 'attached' });
  await page.locator('.kept summary').click();
  await page.locator('.kept button', { hasText: 'Delete all' }).click();
  await page.waitForFunction(() => /Delete your 6 decisions and 4 saved chats as well\?/.test(document.querySelector('.kept').textContent));
  await page.locator('.kept button', { hasText: 'Keep them' }).click();
  assert.deepEqual(await stored(page), ['decisions.redb']);
  await page.reload();
  assert.match(await openKept(page), /^0 files, 6 decisions and 4 saved chats/);
  assert.deepEqual(problems, []);
  await browser.context.close();
});

test('a file of decisions that cannot be used is put aside and never written over', async () => {
  const browser = await person('decisions');
  const { page, problems } = await visit(browser);
  await searched(page);
  for (const name of ['decisions.redb.aside', 'decisions.redb.aside-2']) {
    await page.reload();
    await damage(page, 'decisions.redb', 'foreign');
    assert.equal(await searched(page), 0, 'what was learnt is still there');
    assert.match(await trouble(page), /The file was put aside and not deleted/);
    assert.ok((await stored(page)).includes(name), name);
  }
  await page.reload();
  await searched(page);
  assert.equal(await trouble(page), '');
  assert.deepEqual(problems, []);
  await browser.context.close();
});

const aside = (page) =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('catalogue');
    return (await (await folder.getFileHandle('catalogue.redb.aside')).getFile()).size;
  });

for (const [build, query] of TRIED) {
  test(`what cannot be used is put aside, once, and the search goes on (${build})`, async () => {
    const browser = await person(`damaged-${build}`);
    const { page, problems } = await visit(browser, query);
    const all = await searched(page);
    for (const how of ['foreign', 'short', 'scribbled']) {
      await page.reload();
      const size = await damage(page, 'catalogue.redb', how);
      assert.equal(await searched(page), all, how);
      assert.match(await trouble(page), /It was put aside, and remembering begins anew/, how);
      assert.equal(await aside(page), size, how);
      await page.reload();
      assert.equal(await searched(page), 0, how);
      assert.equal(await trouble(page), '', how);
    }
    assert.deepEqual(problems, []);
    await browser.context.close();
  });
}

test('a browser without space for it says so, and the search goes on', async () => {
  const browser = await person('full');
  const { page, problems } = await visit(browser);
  const devtools = await page.context().newCDPSession(page);
  const origin = new URL(site.url).origin;
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 20_000 });
  const all = await searched(page);
  assert.ok(all > 0);
  assert.match(await trouble(page), /no more space/);
  assert.ok((await matched(page)) >= 5);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await page.reload();
  assert.equal(await searched(page), all);
  assert.equal(await trouble(page), '');
  assert.deepEqual(problems, []);
  await browser.context.close();
});

test('a window without such storage says so, and the search goes on', async () => {
  const refuse = "navigator.storage.getDirectory = () => Promise.reject(new DOMException('not here', 'SecurityError'));\n";
  const worker = (name) => /^assets\/worker-.*\.js$/.test(name);
  const plain = await host({ change: (name, bytes) => (worker(name) ? Buffer.from(refuse + bytes) : bytes) });
  closers.push(() => plain.stop());
  const browser = await person('absent');
  const { page, problems } = await visit(browser, '', plain.url);
  assert.ok((await searched(page)) > 0);
  assert.match(await trouble(page), /keeps nothing/);
  assert.ok((await matched(page)) >= 5);
  assert.deepEqual(problems, []);
  await browser.context.close();
});

test('an engine that dies in the review or before saving is started again, quickly, with the decisions', async () => {
  const browser = await person('died');
  for (const { at, decisions } of [
    { at: 'review', decisions: 1 },
    { at: 'save', decisions: 2 },
  ]) {
    const { page } = await visit(browser);
    await searched(page);
    const before = await matched(page);
    await toFirstMatched(page);
    await page.keyboard.press('r');
    await page.waitForFunction(() => window.told.answered === 1);
    if (at === 'save') {
      await page.locator('.tools .primary').click();
      await page.waitForSelector('[data-step="save"]');
    }
    await page.evaluate(() => window.engines.at(-1).dispatchEvent(new ErrorEvent('error', { message: 'it died', cancelable: true })));
    await page.waitForFunction(() => /started again and goes through what it knows/.test(document.body.textContent));
    await page.waitForSelector('[data-step="review"]', { timeout: PATIENCE });
    assert.equal(await page.evaluate(() => window.told.decided), 0, `${at}: the search is not done again`);
    assert.deepEqual([await mine(page), await matched(page)], [decisions, before - 1], at);
    assert.ok((await mappingOf(page)).includes('You kept the exported file.'));
    await page.close();
  }
  await browser.context.close();
});
