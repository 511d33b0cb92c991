// What the page decides is what the command line decides: `mapping.json` of every case, byte for byte, in both builds.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { drop, equip, open, RELEASE, ROOT, saveAsDownload, search, withoutPickers } from './helpers.mjs';

const stage = equip('same');
const QUERIES = { threads: '', single: '?engine=single' };
const ending = process.platform === 'win32' ? '.exe' : '';
const program = (name) => path.join(ROOT, 'target/debug', name + ending);
const cases = readdirSync(path.join(ROOT, 'tests/cases')).sort();

/** A change tries half of the cases, each build with half of those; a release tries all. The command line has all of them in `cases.rs`. */
const CHANGE = [['threads'], [], [], ['single']];
const buildsFor = (at) => (RELEASE ? Object.keys(QUERIES) : CHANGE[at % CHANGE.length]);

/** The export of a case: its folder, or the one zip in it. */
function exportIn(folder) {
  const chat = path.join(folder, 'chat');
  const files = readdirSync(chat);
  return files.length === 1 && files[0].endsWith('.zip') ? path.join(chat, files[0]) : chat;
}

function decidedByProgram(chat, originals) {
  const words = ['link', '--export-media-dir', chat, '--original-media-dir', originals, '--no-catalogue', '--dry-run', '--json', '--quiet'];
  return execFileSync(program('heirloom'), words, { encoding: 'utf8', maxBuffer: 1 << 26 });
}

/** For `before`: no pickers, and a browser that plays no video. The command line has no player either. */
function withoutPlayer() {
  const play = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'src');
  Object.defineProperty(HTMLMediaElement.prototype, 'src', {
    ...play,
    set() {
      play.set.call(this, 'data:video/mp4,');
    },
  });
}

/** Chromium hides files with names such as `a<b.jpg` in a folder that is dropped, but not in one that is chosen. */
const CHOSEN = ['hostile_names'];

async function choose(page, zone, folder) {
  await page.locator(`section[aria-labelledby="zone-${zone}"] input[webkitdirectory]`).setInputFiles(folder);
}

async function decidedByPage(query, name, chat, originals) {
  const give = CHOSEN.includes(name) ? choose : drop;
  const before = `(${withoutPickers})(); (${withoutPlayer})();`;
  const { context, page, foreign } = await open(stage.chromium, stage.site.url, { before: { content: before }, query });
  await give(page, 'chat', chat);
  await page.waitForSelector('section[aria-labelledby="zone-chat"] .sources li');
  if (readdirSync(originals).length > 0) {
    await give(page, 'originals', originals);
    await page.waitForSelector('section[aria-labelledby="zone-originals"] .sources li');
  }
  await search(page);
  const zip = await saveAsDownload(page, path.join(stage.scratch, `${name}.zip`));
  assert.deepEqual(foreign, []);
  await context.close();
  return execFileSync('unzip', ['-p', zip, 'mapping.json'], { encoding: 'utf8', maxBuffer: 1 << 26 });
}

for (const [at, name] of cases.entries()) {
  for (const build of buildsFor(at)) {
    test(`the page decides ${name} as the command line does (${build})`, async () => {
      const folder = path.join(stage.scratch, `${name}-${build}`);
      execFileSync(program('make-case'), [name, folder]);
      const [chat, originals] = [exportIn(folder), path.join(folder, 'originals')];
      const wanted = decidedByProgram(chat, originals);
      assert.ok(JSON.parse(wanted).entries.length > 0, 'the case has nothing to decide');
      const decided = await decidedByPage(QUERIES[build], name, chat, originals);
      if (decided === wanted) return;
      const [one, two] = [decided.split('\n'), wanted.split('\n')];
      const line = two.findIndex((each, place) => each !== one[place]);
      assert.equal(one[line], two[line], `line ${line + 1} of mapping.json`);
      assert.fail('the mapping of the page is longer');
    });
  }
}
