/**
 * Ken browses a shady site on the very machine that runs the door. Whatever that site sends to 127.0.0.1, by whatever
 * name, nothing is read and nothing moves. The unit's own page, meanwhile, is served as before.
 */
import { readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import type { ExtraRoute } from './ports.ts';
import { startServer } from './server.ts';
import { SimStaffSource } from './test-staff.ts';
import { ask, askRaw, FILES, loadPage, SimPageSource, startTestServer } from './testing.ts';

const ECHO: ExtraRoute = { method: 'POST', path: '/demo/echo', handle: (body) => ({ status: 200, body: { body } }) };
const CLOSED: ExtraRoute = { method: 'POST', path: '/import', handle: () => ({ status: 200, body: {} }) };

describe('who may ask', () => {
  test('a foreign Host is told to use ours, whatever it asks for', async () => {
    await using server = await startTestServer({ routes: [ECHO] });
    for (const host of ['evil.example', 'evil.example:80', '127.0.0.1', `127.0.0.1:${server.port}.evil.example`]) {
      for (const path of ['/', '/healthz', '/assets/index-Ab3_d-9Z.js', '/nothing']) {
        const answer = await ask(server.port, path, { headers: { host } });
        expect(answer.status, `${host} ${path}`).toBe(421);
        expect(answer.headers['set-cookie']).toBeUndefined();
        expect(JSON.parse(answer.text)).toEqual({
          ok: false,
          error: `this is not the host asked for: use http://127.0.0.1:${server.port}/`,
        });
      }
      expect((await ask(server.port, '/demo/echo', { method: 'POST', headers: { host }, body: '1' })).status).toBe(421);
    }
    expect(await askRaw(server.port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /);
    expect(server.log[0]).toEqual({ code: 'foreign-host', detail: 'a request was refused', times: 1 });
    expect(server.log).toHaveLength(1);
  });

  test('its own names are served', async () => {
    await using server = await startTestServer();
    for (const name of ['127.0.0.1', 'localhost', 'LocalHost', '[::1]']) {
      expect((await ask(server.port, '/', { headers: { host: `${name}:${server.port}` } })).status, name).toBe(200);
    }
  });

  test('a POST from a foreign page is refused; one from a program is taken on /demo/ only', async () => {
    await using server = await startTestServer({ routes: [ECHO, CLOSED] });
    const post = async (path: string, headers: Record<string, string>) =>
      (await ask(server.port, path, { method: 'POST', headers, body: '{}' })).status;
    const own = `http://127.0.0.1:${server.port}`;
    for (const origin of ['http://evil.example', 'null', `https://127.0.0.1:${server.port}`, 'http://127.0.0.1:1']) {
      expect(await post('/demo/echo', { origin }), origin).toBe(403);
      expect(await post('/nothing', { origin }), origin).toBe(403);
    }
    // Another of our names is another origin all the same.
    expect(await post('/demo/echo', { origin: `http://localhost:${server.port}` })).toBe(403);
    expect(await post('/demo/echo', { origin: own })).toBe(200);
    expect(await post('/demo/echo', {})).toBe(200);
    expect(await post('/import', { origin: own })).toBe(200);
    expect(await post('/import', {})).toBe(403);
  });
});

describe('the page', () => {
  test('comes with the exact policy and the other headers', async () => {
    await using server = await startTestServer();
    const { status, headers, text } = await ask(server.port, '/');
    expect(status).toBe(200);
    expect(text).toBe(FILES['index.html']);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
        "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-type': 'text/html;charset=utf-8',
    });
    const features = String(headers['permissions-policy']).split(', ');
    expect(features.filter((feature) => !feature.endsWith('=()'))).toEqual(['camera=(self)']);
  });

  test('is not kept, its hashed files are for ever, others are asked for anew', async () => {
    await using server = await startTestServer();
    const cached = async (path: string) => (await ask(server.port, path)).headers['cache-control'];
    expect(await cached('/index.html')).toBe('no-store');
    expect(await cached('/index')).toBe('no-store');
    expect(await cached('/assets/index-Ab3_d-9Z.js')).toBe('public, max-age=31536000, immutable');
    expect(await cached('/reader.wasm')).toBe('no-cache');
    expect(await cached('/healthz')).toBe('no-store');
    expect(await cached('/nothing')).toBe('no-store');
  });

  test('WebAssembly has its type', async () => {
    await using server = await startTestServer();
    expect((await ask(server.port, '/reader.wasm')).headers['content-type']).toBe('application/wasm');
  });

  test('an unknown address is 404 with one line, and nothing outside the folder is served', async () => {
    await using server = await startTestServer();
    const paths = ['/nothing', '/assets/', '/../package.json', '/%2e%2e/package.json', '/%', '//evil', '/%00', '/.env'];
    for (const path of paths) {
      const answer = await ask(server.port, path);
      expect(answer.status, path).toBe(404);
      expect(JSON.parse(answer.text)).toEqual({ ok: false, error: 'there is no such address' });
    }
    expect((await ask(server.port, '/', { method: 'PUT', headers: own(server.port) })).status).toBe(404);
    const absolute = `GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`;
    expect(await askRaw(server.port, absolute)).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('before it is built, 503 says what to do; once it is built, it is there', async () => {
    await using server = await startTestServer({ files: null });
    const missing = await ask(server.port, '/');
    expect(missing.status).toBe(503);
    expect(JSON.parse(missing.text).error).toBe('the page is not built: run npm start once');
    expect(server.log[0]?.code).toBe('page-missing');
    expect((await ask(server.port, '/healthz')).status).toBe(200);
    writeFileSync(join(server.pageDir, 'index.html'), FILES['index.html']);
    expect((await ask(server.port, '/')).status).toBe(200);
  });

  test('ranges, files that went and clients that leave end nothing', async () => {
    const big = 'x'.repeat(4_000_000);
    await using server = await startTestServer({ files: { ...FILES, 'big.txt': big } });
    for (const range of ['bytes=5-2', 'bytes=-1', 'bytes=99999999999-', 'x', 'bytes=a-b,c']) {
      expect((await ask(server.port, '/index.html', { headers: { range } })).status, range).toBe(200);
    }
    const head = `GET /big.txt HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
    await askRaw(server.port, head, (socket) => socket.once('data', () => socket.destroy()));
    while (openFiles().includes(join(server.pageDir, 'big.txt'))) await new Promise((resolve) => setImmediate(resolve));
    rmSync(join(server.pageDir, 'big.txt'));
    expect(await askRaw(server.port, head)).not.toContain('xxx');
    expect((await ask(server.port, '/')).status).toBe(200);
  });
});

describe('the session', () => {
  test('is a cookie that scripts and other sites do not get, and stays the same while it is used', async () => {
    await using server = await startTestServer();
    const first = (await ask(server.port, '/')).headers['set-cookie']?.[0] ?? '';
    expect(first).toMatch(new RegExp(`^genkan-${server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`));
    const cookie = first.split(';')[0] ?? '';
    const again = await ask(server.port, '/', { headers: { cookie: `a=b; ${cookie}` } });
    expect(again.headers['set-cookie']?.[0]).toBe(first);
    expect((await ask(server.port, '/assets/index-Ab3_d-9Z.js')).headers['set-cookie']).toBeUndefined();
    expect((await ask(server.port, '/', { headers: { cookie: `${cookie}x` } })).headers['set-cookie']?.[0]).not.toBe(
      first,
    );
  });

  test('a day unused ends it', async () => {
    await using server = await startTestServer();
    const cookie = await loadPage(server.port);
    const again = async () =>
      (await ask(server.port, '/', { headers: { cookie } })).headers['set-cookie']?.[0]?.startsWith(cookie);
    await server.clock.advance(24 * 3_600_000 - 1);
    expect(await again()).toBe(true);
    await server.clock.advance(24 * 3_600_000);
    expect(await again()).toBe(false);
  });

  test('of too many, the one unused longest goes', async () => {
    await using server = await startTestServer({ limits: { sessions: 2 } });
    const [a, b] = [await loadPage(server.port), await loadPage(server.port)];
    const again = async (cookie: string) =>
      (await ask(server.port, '/', { headers: { cookie } })).headers['set-cookie']?.[0]?.startsWith(cookie);
    expect(await again(a)).toBe(true);
    const c = await loadPage(server.port);
    expect(await again(a)).toBe(true);
    expect(await again(c)).toBe(true);
    expect(await again(b)).toBe(false);
  });
});

describe('bounds', () => {
  test('a body over 4 kB is refused, declared or not; one of 4 kB is read', async () => {
    await using server = await startTestServer({ routes: [ECHO] });
    const post = (body: string, headers: Record<string, string> = {}) =>
      ask(server.port, '/demo/echo', { method: 'POST', body, headers });
    const fits = JSON.stringify('a'.repeat(4_094));
    expect((await post(fits)).status).toBe(200);
    expect((await post(`${fits} `)).status).toBe(413);
    expect((await post(`${fits} `, { 'transfer-encoding': 'chunked' })).status).toBe(413);
    const endless = `POST /demo/echo HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await askRaw(server.port, `${endless}${`1000\r\n${'a'.repeat(4_096)}\r\n`.repeat(100)}`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('the body is too large: send at most 4 kB');
  });

  test('a body that is no JSON gets one line, without what was sent', async () => {
    await using server = await startTestServer({ routes: [ECHO] });
    for (const body of ['', '{"code":"M0001"', Buffer.from([0x22, 0xff, 0x22])]) {
      const answer = await ask(server.port, '/demo/echo', { method: 'POST', body });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toEqual({ ok: false, error: 'the body is not JSON: send an object as JSON' });
    }
  });

  test('a request that dawdles is ended, one with a huge head too', async () => {
    await using server = await startTestServer({ limits: { requestMs: 250, requestCheckMs: 20 }, routes: [ECHO] });
    const head = `POST /demo/echo HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 10\r\n`;
    expect(await askRaw(server.port, head)).toMatch(/^HTTP\/1\.1 408 /);
    await askRaw(server.port, `${head}\r\n1`);
    expect(await askRaw(server.port, `${head}X-Much: ${'a'.repeat(9_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect((await ask(server.port, '/')).status).toBe(200);
  });

  test('one connection too many is dropped', async () => {
    await using server = await startTestServer({ limits: { connections: 1 } });
    let first: { destroy(): void } | null = null;
    const held = askRaw(server.port, '', (socket) => {
      first = socket;
    });
    expect(await askRaw(server.port, 'GET / HTTP/1.1\r\n\r\n')).toBe('');
    first!.destroy();
    await held;
  });

  test('garbage for HTTP ends its own connection only', async () => {
    await using server = await startTestServer();
    for (const bytes of ['\0\0\0\0', '\x16\x03\x01\x02\0\x01', 'GET\r\n\r\n', 'A'.repeat(20_000)]) {
      await askRaw(server.port, bytes);
    }
    expect((await ask(server.port, '/')).status).toBe(200);
  });

  test('a bug behind a route is told to the log by its place, and to the client not at all', async () => {
    const health = {
      health: () => {
        throw new Error('M0001 is secret');
      },
    };
    await using server = await startTestServer({ health });
    const answer = await ask(server.port, '/healthz');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/M0001|server\.test/);
    expect(server.log).toEqual([
      { code: 'request-failed', detail: expect.stringContaining('server.test.ts'), times: 1 },
    ]);
    expect(server.log[0]?.detail).not.toContain('M0001');
    await ask(server.port, '/healthz');
    await ask(server.port, '/healthz');
    await server.clock.advance(10_000);
    await ask(server.port, '/healthz');
    expect(server.log.map((event) => event.times)).toEqual([1, 3]);
  });
});

describe('healthz', () => {
  test('needs no session, and goes from starting to ok', async () => {
    let started = false;
    const starting = { status: 503, body: { status: 'starting' } };
    const fine = { status: 200, body: { status: 'ok', pid: 1 } };
    await using server = await startTestServer({ health: { health: () => (started ? fine : starting) } });
    const before = await ask(server.port, '/healthz');
    expect([before.status, JSON.parse(before.text)]).toEqual([503, starting.body]);
    started = true;
    const after = await ask(server.port, '/healthz');
    expect([after.status, JSON.parse(after.text)]).toEqual([200, fine.body]);
    expect(after.headers['content-type']).toBe('application/json; charset=utf-8');
    expect((await ask(server.port, '/healthz', { method: 'HEAD' })).text).toBe('');
  });
});

describe('starting and ending', () => {
  const options = (port: number) => ({
    host: '127.0.0.1' as const,
    port,
    pageDir: '/nowhere',
    page: new SimPageSource(),
    staff: new SimStaffSource(),
    health: { health: () => ({ status: 200, body: {} }) },
    routes: [],
    clock: new VirtualClock(),
    log: () => {},
  });

  test('a port in use is said in one line', async () => {
    await using server = await startTestServer();
    expect(await startServer(options(server.port))).toEqual({
      ok: false,
      error: {
        code: 'port-in-use',
        detail: `listen: 127.0.0.1 port ${server.port} is in use: stop the other program or choose another port`,
      },
    });
  });

  test('after close the port is free again, and whoever was connected is not any more', async () => {
    const first = await startServer(options(0));
    if (!first.ok) throw new Error(first.error.detail);
    const { port, url } = first.value.address;
    expect(url).toBe(`http://127.0.0.1:${port}/`);
    const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;
    const unfinished = askRaw(port, request);
    const idle = askRaw(port, `${request}\r\n`, (socket) => socket.once('data', () => void first.value.close()));
    expect(await idle).toMatch(/^HTTP\/1\.1 503 /);
    expect(await unfinished).toBe('');
    await first.value.close();
    const second = createServer();
    await new Promise<void>((resolve) => second.listen(port, '127.0.0.1', resolve));
    await new Promise((resolve) => second.close(resolve));
  });
});

/** What this process has open, by path. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

function own(port: number): Record<string, string> {
  return { origin: `http://127.0.0.1:${port}` };
}
