// The content security policy is not only written: the browser obeys it.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { browser, host, open } from './helpers.mjs';

let chromium;
let site;
let spy;
const heard = [];

before(async () => {
  chromium = await browser();
  site = await host();
  spy = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' }).end('');
  });
  spy.on('upgrade', (request, socket) => {
    heard.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  await new Promise((ready) => spy.listen(0, '127.0.0.1', ready));
});

after(async () => {
  await chromium?.close();
  await site?.stop();
  spy?.close();
  spy?.closeAllConnections();
});

/** Every way in which a page could tell someone else something; each is tried as from the page's own code. */
async function tellAll(there) {
  const blocked = [];
  document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
  const add = (name, change) => {
    const made = Object.assign(document.createElement(name), change);
    document.body.append(made);
  };
  await fetch(`${there}/fetch`, { method: 'POST', body: 'secret' }).catch(() => undefined);
  navigator.sendBeacon(`${there}/beacon`, 'secret');
  try {
    new WebSocket(there.replace('http', 'ws'));
  } catch {
    // Refused at once, which is as good.
  }
  add('img', { src: `${there}/picture.png` });
  add('script', { src: `${there}/script.js` });
  add('link', { rel: 'stylesheet', href: `${there}/style.css` });
  add('iframe', { src: `${there}/frame.html` });
  add('video', { src: `${there}/video.mp4` });
  const form = Object.assign(document.createElement('form'), { method: 'post', action: `${there}/form` });
  document.body.append(form);
  form.submit();
  await new Promise((passed) => setTimeout(passed, 1_500));
  return blocked;
}

test('nothing can be told to another place, even by code inside the page', async () => {
  const { context, page } = await open(chromium, site.url);
  const there = `http://127.0.0.1:${spy.address().port}`;
  const blocked = await page.evaluate(tellAll, there);
  assert.deepEqual(heard, [], 'a request got through');
  for (const way of ['connect-src', 'img-src', 'script-src-elem', 'style-src-elem', 'frame-src', 'media-src', 'form-action']) {
    assert.ok(blocked.includes(way), `${way} was not what stopped it: ${blocked}`);
  }
  await context.close();
});
