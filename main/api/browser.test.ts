/**
 * The page in a real browser: it loads under its policy without a complaint, gets its session and its socket. A page of
 * another program on the same machine, to which the browser would give the very same cookie, gets neither.
 */
import { createServer } from 'node:http';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { QUIET_FLAGS } from '../../build/e2e/chromium.ts';
import { startTestServer } from './testing.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...QUIET_FLAGS] });
}, 60_000);
afterAll(() => browser.close());

/** Opens the socket and writes what came of it into the title. */
const script = (address: string) => `
const socket = new WebSocket('${address}');
socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'watch' } }));
socket.onmessage = (event) => { if (event.data.includes('"status"')) document.title = 'watching'; };
socket.onerror = () => { document.title = 'refused'; };`;
const page = '<!doctype html><link rel="icon" href="data:,"><title>loading</title><script src="/page.js"></script>';

test('our own page watches, and the browser has nothing to complain of', async () => {
  const own = script("ws://' + location.host + '/trpc");
  await using server = await startTestServer({ files: { 'index.html': page, 'page.js': own } });
  const context = await browser.newContext();
  const tab = await context.newPage();
  const complaints: string[] = [];
  tab.on('console', (message) => complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(error.message));
  await tab.goto(server.running.address.url);
  await tab.waitForFunction("document.title !== 'loading'");
  expect([await tab.title(), complaints]).toEqual(['watching', []]);
  expect(await tab.evaluate('document.cookie')).toBe('');
  const allowed = await tab.evaluate('document.featurePolicy.allowedFeatures()');
  expect(allowed).toContain('camera');
  expect(allowed).not.toContain('microphone');
  await context.close();
}, 60_000);

test("another program's page on this machine is refused", async () => {
  await using server = await startTestServer();
  const foreign = createServer((req, res) => {
    const isScript = req.url === '/page.js';
    res.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    res.end(isScript ? script(`ws://127.0.0.1:${server.port}/trpc`) : page);
  });
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  const address = foreign.address();
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(server.running.address.url);
  await tab.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`);
  await tab.waitForFunction("document.title !== 'loading'");
  expect(await tab.title()).toBe('refused');
  expect(server.log).toEqual([{ code: 'foreign-origin', detail: 'a WebSocket was refused', times: 1 }]);
  await context.close();
  foreign.closeAllConnections();
  await new Promise((resolve) => foreign.close(resolve));
}, 60_000);
