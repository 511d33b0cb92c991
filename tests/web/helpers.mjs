// What every browser test needs: a static host, a browser, real folders dropped on a page, and a watch on requests.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from '../../www/node_modules/playwright-core/index.mjs';
import puppeteer from '../../www/node_modules/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const DIST = path.join(ROOT, 'dist');
export const SAMPLE = path.join(DIST, 'sample');

/** What of the sample takes longest here: pictures without an original, and those of a megabyte and more. */
const SLOW = { sent: /^000000(05|06|10|19|20|22)-/, originals: /^IMG_31(08|62|63)\./ };

/** Where the quick part of the sample is, for this process alone. */
const light = mkdtempSync(path.join(tmpdir(), 'heirloom-light-'));
process.on('exit', () => rmSync(light, { recursive: true, force: true }));

/** The sample's chat without what is slow: seven of its media, all with an original in {@link LIGHT}. */
export const LIGHT_CHAT = path.join(light, 'chat');
/** The folder of the sample that holds most originals and no HEIC, without what is slow. */
export const LIGHT = path.join(light, '101APPLE');
if (existsSync(SAMPLE)) {
  const text = readFileSync(path.join(SAMPLE, 'chat/_chat.txt'), 'utf8');
  const kept = text.split('\r\n').filter((line) => !SLOW.sent.test(/<attached: (.*)>/.exec(line)?.[1] ?? ''));
  mkdirSync(LIGHT_CHAT);
  writeFileSync(path.join(LIGHT_CHAT, '_chat.txt'), kept.join('\r\n'));
  take(path.join(SAMPLE, 'chat'), LIGHT_CHAT, (name) => !SLOW.sent.test(name) && name !== '_chat.txt');
  take(path.join(SAMPLE, 'originals/DCIM/101APPLE'), LIGHT, (name) => !SLOW.originals.test(name));
}

/** Copies those files of a folder that are wanted, with their times. */
function take(from, to, wanted) {
  for (const name of readdirSync(from).filter(wanted)) cpSync(path.join(from, name), path.join(to, name), { preserveTimestamps: true });
}

/** The longest a whole run over the sample may take here, in milliseconds: slow machines share their cores. */
export const PATIENCE = 180_000;
/** Whether all is tried that a release and every night must pass (`cargo xtask test --all`), or what every change must. */
export const RELEASE = Boolean(process.env.HEIRLOOM_TEST_ALL);

const KINDS = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * Serves `dist/` below `base`. With `isolated` it sends the headers that threads need, as `cargo xtask serve` does;
 * without, it is a plain host such as GitHub Pages. `change` may serve other bytes for a file, or null for "not found".
 */
export async function host({ base = '/', isolated = true, change = (_name, bytes) => bytes } = {}) {
  const server = createServer(async (request, response) => {
    const wanted = decodeURIComponent(new URL(request.url, 'http://host').pathname);
    const file = path.join(DIST, wanted.slice(base.length) || 'index.html');
    const there = wanted.startsWith(base) && file.startsWith(DIST) && (await stat(file).catch(() => null))?.isFile();
    const bytes = there ? change(path.relative(DIST, file), await readFile(file)) : null;
    if (bytes === null) return response.writeHead(404).end();
    const kind = KINDS[path.extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'Content-Type': kind, ...(isolated ? ISOLATION : {}) });
    response.end(bytes);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const stop = () =>
    new Promise((stopped) => {
      server.close(stopped);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}${base}`, stop };
}

/** Chromium as the system has it. */
export function browser() {
  return chromium.launch(launch());
}

/** The same with a profile that outlives it, as a person's browser: a context, and how to open pages in it. */
export async function profiled(folder) {
  const context = await chromium.launchPersistentContext(folder, { ...launch(), acceptDownloads: true });
  return { context, newContext: async () => context };
}

function launch() {
  const executablePath = place('Chromium', process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  return { executablePath, args: [...args, '--disable-component-update', '--disable-sync'] };
}

/** Firefox as the system has it; what it downloads goes into `downloads`. A private one keeps nothing, as its private windows. */
export function firefox({ downloads, isPrivate = false }) {
  const executablePath = place('Firefox', process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox');
  const extraPrefsFirefox = {
    'browser.download.folderList': 2,
    'browser.download.dir': downloads,
    'browser.download.alwaysOpenPanel': false,
    'browser.privatebrowsing.autostart': isPrivate,
  };
  return puppeteer.launch({ browser: 'firefox', executablePath, extraPrefsFirefox });
}

/** The first of these places that is there. */
function place(what, ...places) {
  const found = places.find((each) => each !== undefined && existsSync(each));
  if (found === undefined) throw new Error(`no ${what} found; name it in the variable ${what.toUpperCase()}`);
  return found;
}

/** What most tests of a file share, from before the first to after the last: a browser, a site and an empty folder. */
export function equip(name) {
  const stage = {};
  before(async () => {
    stage.chromium = await browser();
    stage.site = await host();
    stage.scratch = mkdtempSync(path.join(tmpdir(), `heirloom-${name}-`));
  });
  after(async () => {
    await stage.chromium?.close();
    await stage.site?.stop();
    if (stage.scratch !== undefined) rmSync(stage.scratch, { recursive: true, force: true });
  });
  return stage;
}

/**
 * A page that has the app open. `foreign` lists requests that left the page's own origin, `problems` what the page
 * complained about; both must stay empty.
 */
export async function open(chromium, url, /** @type {{ before?: (() => unknown) | { content: string }, query?: string }} */ options = {}) {
  const { before = () => undefined, query = '' } = options;
  const context = await chromium.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  const foreign = [];
  const problems = [];
  const own = new URL(url).origin;
  context.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(own) && !/^(blob|data):/.test(address)) foreign.push(address);
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.addInitScript(before);
  await page.goto(url + query);
  await page.waitForSelector('[data-step="choose"]');
  return { context, page, foreign, problems };
}

/** For `before`: the browser as Firefox and Safari are, without pickers. */
export function withoutPickers() {
  for (const name of ['showDirectoryPicker', 'showOpenFilePicker', 'showSaveFilePicker']) delete window[name];
}

/** Drops a real folder or file, as a person would: the page gets real handles on real files. */
export async function drop(page, zone, place) {
  const section = page.locator(`section[aria-labelledby="zone-${zone}"]`);
  await section.scrollIntoViewIfNeeded();
  const box = await section.boundingBox();
  const at = { x: box.x + box.width / 2, y: box.y + 20 };
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [place], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await devtools.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await devtools.detach();
}

/** Both sides of the sample by drag and drop; with {@link LIGHT} its quick part. */
export async function dropSample(page, originals = path.join(SAMPLE, 'originals')) {
  await drop(page, 'chat', originals === LIGHT ? LIGHT_CHAT : path.join(SAMPLE, 'chat'));
  await drop(page, 'originals', originals);
  await page.waitForSelector('section[aria-labelledby="zone-originals"] .sources li');
}

/** Starts the search and waits for the review. */
export async function search(page) {
  await page.locator('.go .primary').click();
  await Promise.race([
    page.waitForSelector('[data-step="review"]', { timeout: PATIENCE }),
    page.waitForSelector('[data-step="stopped"]', { timeout: PATIENCE }).then(async () => {
      throw new Error(`the job stopped: ${await page.locator('main').innerText()}`);
    }),
  ]);
}

/** From the review to the finished bundle, as a download; returns where it was saved. `choose` may change the options. */
export async function saveAsDownload(page, to, choose = () => undefined) {
  await page.locator('.tools .primary').click();
  await choose();
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: PATIENCE }), page.locator('.way').click()]);
  await download.saveAs(to);
  return to;
}
