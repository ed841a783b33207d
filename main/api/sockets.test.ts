/**
 * The kiosk's page is open day and night. It sees every message in order, and after each break it starts from the whole
 * picture. Next to it, a page that hangs, one that floods and one that sends rubbish each lose their own connection.
 */
import { connect } from 'node:net';
import { TRPCClientError } from '@trpc/client';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { PageMessage } from '../contract/page.ts';
import {
  askRaw,
  closed,
  loadPage,
  openClient,
  openSocket,
  outcome,
  replies,
  STATUS,
  socketHeaders,
  startTestServer,
  type TestServer,
  watchAll,
} from './testing.ts';

/** The status line and body of an upgrade that is refused. */
function refusedUpgrade(port: number, path: string, headers: Record<string, string>): Promise<string> {
  const lines = Object.entries({
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return askRaw(port, `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
}

describe('who may open one', () => {
  test('our page only: host, origin and session are checked, in this order', async () => {
    await using server = await startTestServer();
    const { port } = server;
    const good = socketHeaders(port, await loadPage(port));
    const cases: readonly [string, Record<string, string>, RegExp][] = [
      ['foreign host', { ...good, host: 'evil.example' }, /^HTTP\/1\.1 421 .*this is not the host asked for/s],
      ['foreign origin', { ...good, origin: 'http://evil.example' }, /^HTTP\/1\.1 403 .*its own page only/s],
      ['another port', { ...good, origin: 'http://127.0.0.1:1' }, /^HTTP\/1\.1 403 /],
      ['no origin', { host: good.host, cookie: good.cookie }, /^HTTP\/1\.1 403 /],
      ['no cookie', { host: good.host, origin: good.origin }, /^HTTP\/1\.1 401 .*load the page first/s],
      ['a made-up cookie', { ...good, cookie: `genkan-${port}=${'a'.repeat(43)}` }, /^HTTP\/1\.1 401 /],
      ['the cookie of another unit', { ...good, cookie: good.cookie.replace(`${port}`, '1') }, /^HTTP\/1\.1 401 /],
    ];
    for (const [name, headers, expected] of cases) {
      expect(await refusedUpgrade(port, '/trpc', headers), name).toMatch(expected);
    }
    expect(await refusedUpgrade(port, '/other', good)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await refusedUpgrade(port, '/trpc', { ...good, 'sec-websocket-version': '1' })).toMatch(/^HTTP\/1\.1 4/);
    (await openSocket(port)).terminate();
  });

  test('a session that is not used any more is over, one whose socket stayed open is not', async () => {
    await using server = await startTestServer({ limits: { sessionIdleMs: 60_000 } });
    const [stale, used] = [await loadPage(server.port), await loadPage(server.port)];
    const socket = await openSocket(server.port, used);
    for (let round = 0; round < 7; round += 1) await pinged(server, socket);
    const answer = await refusedUpgrade(server.port, '/trpc', socketHeaders(server.port, stale));
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    socket.terminate();
    (await openSocket(server.port, used)).terminate();
  });

  test('so many and no more', async () => {
    await using server = await startTestServer({ limits: { clients: 2 } });
    const cookie = await loadPage(server.port);
    const first = await openSocket(server.port, cookie);
    await openSocket(server.port, cookie);
    const headers = socketHeaders(server.port, cookie);
    expect(await refusedUpgrade(server.port, '/trpc', headers)).toMatch(/^HTTP\/1\.1 503 .*too many pages are open/s);
    const gone = closed(first);
    first.close();
    await gone;
    await openSocket(server.port, cookie);
  });
});

/** Lets the time to the next ping go by, and waits until the answer has arrived. */
async function pinged(server: TestServer, socket: WebSocket): Promise<void> {
  const ping = new Promise((resolve) => socket.once('ping', resolve));
  await server.clock.advance(10_000);
  await ping;
  const answer = new Promise((resolve) => socket.once('message', resolve));
  // Behind the pong on the same connection.
  socket.send('PING');
  await answer;
}

describe('watch', () => {
  test('first the whole picture, then every message in order, and again after a break', async () => {
    await using server = await startTestServer();
    await using page = await openClient(server.port);
    const seen = watchAll(page.client);
    await seen.atLeast(1);
    expect(seen.messages).toEqual([STATUS]);
    const sent: PageMessage[] = Array.from({ length: 100 }, (_, of) => outcome(of));
    for (const message of sent) server.page.publish(message);
    await seen.atLeast(101);
    expect(seen.messages.slice(1)).toEqual(sent);
    seen.stop();
    await server.page.watchedBy(0);
  });

  test('a page that stops watching leaves nothing behind, however it goes', async () => {
    await using server = await startTestServer();
    const socket = await openSocket(server.port);
    const next = replies(socket);
    socket.send(watchCall(1));
    expect(await next()).toEqual({ id: 1, result: { type: 'started' } });
    expect(await next()).toEqual({ id: 1, result: { type: 'data', data: STATUS } });
    socket.send(JSON.stringify({ id: 1, method: 'subscription.stop' }));
    expect(await next()).toEqual({ id: 1, result: { type: 'stopped' } });
    expect(server.page.listeners.size).toBe(0);
    socket.send(watchCall(2));
    await server.page.watchedBy(1);
    socket.terminate();
    await server.page.watchedBy(0);
    await server.clock.advance(0);
    expect(server.clock.timers()).toEqual([]);
  });

  test('four times on one connection, not five', async () => {
    await using server = await startTestServer();
    const socket = await openSocket(server.port);
    const next = replies(socket);
    for (let id = 1; id <= 5; id += 1) socket.send(watchCall(id));
    for (;;) {
      const reply = await next();
      if (reply.error === undefined) continue;
      expect(reply).toMatchObject({ id: 5, error: { data: { code: 'too-many' } } });
      break;
    }
    expect(server.page.listeners.size).toBe(4);
    // One that has ended makes room for another.
    socket.send(JSON.stringify({ id: 1, method: 'subscription.stop' }));
    socket.send(watchCall(6));
    await server.page.watchedBy(3);
    await server.page.watchedBy(4);
  });

  test('a page that does not read is cut off, while another sees everything', async () => {
    await using server = await startTestServer();
    await using other = await openClient(server.port);
    const seen = watchAll(other.client);
    const socket = await openSocket(server.port);
    socket.send(watchCall(1));
    await server.page.watchedBy(2);
    socket.pause();
    const big: PageMessage = { ...STATUS, version: 'x'.repeat(100_000) };
    let sent = 0;
    while (server.page.listeners.size === 2) {
      server.page.publish(big);
      sent += 1;
      await seen.atLeast(sent);
    }
    expect(server.log).toContainEqual(expect.objectContaining({ code: 'slow-client' }));
    const gone = closed(socket);
    socket.resume();
    await gone;
    server.page.publish(outcome(7));
    await seen.atLeast(sent + 2);
    expect(seen.messages.at(-1)).toEqual(outcome(7));
  }, 60_000);

  test('more messages at a stroke than may wait cut a page off; it comes back and starts anew', async () => {
    await using server = await startTestServer({ limits: { queuedMessages: 3 } });
    await using page = await openClient(server.port);
    const seen = watchAll(page.client);
    await seen.atLeast(1);
    for (let of = 0; of < 5; of += 1) server.page.publish(outcome(of));
    await server.page.watchedBy(0);
    await server.page.watchedBy(1);
    server.page.publish(outcome(9));
    const last = () => JSON.stringify(seen.messages.at(-1)) === JSON.stringify(outcome(9));
    while (!last()) await seen.atLeast(seen.messages.length + 1);
    expect(seen.messages.at(-2)).toEqual(STATUS);
    expect(server.log.map((event) => event.code)).toEqual(['slow-client']);
  });
});

describe('scan', () => {
  test('a code reaches the controller; a reader that is none of the page gets nothing', async () => {
    await using server = await startTestServer();
    await using page = await openClient(server.port);
    expect(await page.client.scan.mutate({ reader: 'front-cam', text: 'M0001' })).toEqual({ taken: true });
    expect(await page.client.scan.mutate({ reader: 'front-in', text: 'M0001' })).toEqual({ taken: false });
    expect(server.page.scans).toEqual([{ reader: 'front-cam', text: 'M0001' }]);
  });

  test('ten at once, then twenty a second; more are not taken, and coming back does not help', async () => {
    await using server = await startTestServer();
    const cookie = await loadPage(server.port);
    const scan = async (count: number) => {
      const socket = await openSocket(server.port, cookie);
      const next = replies(socket);
      let taken = 0;
      for (let id = 0; id < count; id += 1) {
        socket.send(scanCall(id, { reader: 'front-cam', text: `${id}` }));
        if (JSON.stringify((await next()).result).includes('true')) taken += 1;
      }
      socket.terminate();
      return taken;
    };
    expect(await scan(30)).toBe(10);
    expect(await scan(5)).toBe(0);
    await server.clock.advance(250);
    expect(await scan(30)).toBe(5);
    await server.clock.advance(60_000);
    expect(await scan(30)).toBe(10);
  });

  test.each([
    ['no input', undefined],
    ['a further key', { reader: 'front-cam', text: 'M0001', role: 'manager' }],
    ['a long code', { reader: 'front-cam', text: 'x'.repeat(513) }],
    ['a number', { reader: 'front-cam', text: 1 }],
  ])('%s is refused with a code and without what was sent', async (_, input) => {
    await using server = await startTestServer();
    const socket = await openSocket(server.port);
    const next = replies(socket);
    socket.send(scanCall(1, input));
    const error = { code: -32600, message: 'this call is not as the contract has it', data: { code: 'bad-input' } };
    expect(await next()).toEqual({ id: 1, error });
    expect(server.page.scans).toEqual([]);
    expect(server.log).toEqual([]);
  });

  test('a bug is told to the log by its place, and to the page not at all', async () => {
    await using server = await startTestServer();
    await using page = await openClient(server.port);
    server.page.bug = new Error('M0001 is secret');
    const error = await page.client.scan.mutate({ reader: 'front-cam', text: 'M0001' }).catch((caught) => caught);
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(error.shape).toEqual({
      code: -32603,
      message: 'this could not be done; the log says why',
      data: { code: 'failed' },
    });
    expect(server.log).toEqual([
      { code: 'call-failed', detail: expect.stringMatching(/^scan: Error at .*sockets\.test\.ts/), times: 1 },
    ]);
    expect(server.log[0]?.detail).not.toContain('secret');
  });
});

describe('calls', () => {
  test('a ticket on offer is taken, another is not', async () => {
    await using server = await startTestServer();
    await using page = await openClient(server.port);
    expect(await page.client.choose.mutate({ event: 41, ticketId: 't' })).toEqual({ taken: true });
    expect(await page.client.choose.mutate({ event: 41, ticketId: 'u' })).toEqual({ taken: false });
    expect(server.page.choices).toEqual([{ event: 41, ticketId: 't' }]);
  });

  test.each(['nothing', '__proto__', 'constructor', 'watch.toString', ''])('%o is no call', async (path) => {
    await using server = await startTestServer();
    const socket = await openSocket(server.port);
    const next = replies(socket);
    socket.send(JSON.stringify({ id: 1, method: 'mutation', params: { path, input: {} } }));
    expect(await next()).toMatchObject({ error: { data: { code: 'no-such-call' } } });
    // A procedure asked for in another way is none either.
    socket.send(JSON.stringify({ id: 2, method: 'query', params: { path: 'scan', input: {} } }));
    expect(await next()).toMatchObject({ error: { data: { code: 'no-such-call' } } });
  });

  test('eight in one message, not nine', async () => {
    await using server = await startTestServer();
    const socket = await openSocket(server.port);
    const next = replies(socket);
    const call = (id: number) => ({
      id,
      method: 'mutation',
      params: { path: 'scan', input: { reader: 'a', text: '' } },
    });
    socket.send(JSON.stringify(Array.from({ length: 8 }, (_, id) => call(id))));
    for (let id = 0; id < 8; id += 1) expect(await next()).toMatchObject({ id, result: { data: { taken: false } } });
    socket.send(JSON.stringify(Array.from({ length: 9 }, (_, id) => call(id))));
    expect(await next()).toMatchObject({ error: { data: { code: 'bad-input' } } });
  });
});

describe('bounds', () => {
  test('a message over 8 kB ends the connection, whole or in pieces; one of 8 kB does not', async () => {
    await using server = await startTestServer();
    const big = await openSocket(server.port);
    big.send('x'.repeat(8_193));
    expect(await closed(big)).toBe(1009);
    const pieces = await openSocket(server.port);
    const ended = closed(pieces);
    for (let i = 0; i < 5; i += 1) pieces.send('x'.repeat(2_000), { fin: i === 4 });
    expect(await ended).toBe(1009);
    const crumbs = await openSocket(server.port);
    const crumbled = closed(crumbs);
    for (let i = 0; i < 100; i += 1) crumbs.send('x', { fin: false });
    expect(await crumbled).toBe(1008);
    const fits = await openSocket(server.port);
    const next = replies(fits);
    fits.send('x'.repeat(8_192));
    expect(await next()).toMatchObject({ id: null, error: { data: { code: 'bad-input' } } });
  });

  test('a hundred messages a second are heard, a flood ends the connection', async () => {
    await using server = await startTestServer();
    const socket = await openSocket(server.port);
    const gone = closed(socket);
    for (let i = 0; i < 201; i += 1) socket.send('x');
    await gone;
    expect(server.log).toEqual([{ code: 'flooding-client', detail: 'over 100 messages a second', times: 1 }]);
  });

  test('frames that are no WebSocket end the connection', async () => {
    await using server = await startTestServer();
    for (const bytes of [
      [0xff, 0xff, 0xff],
      [0x81, 0x05, 0x41],
      [0x91, 0x80, 0, 0, 0, 0],
      [0x89, 0xff, 0, 0],
    ]) {
      const cookie = await loadPage(server.port);
      const headers = Object.entries(socketHeaders(server.port, cookie)).map(
        ([name, value]) => `${name}: ${value}\r\n`,
      );
      const socket = connect({ host: '127.0.0.1', port: server.port });
      socket.write(
        `GET /trpc HTTP/1.1\r\n${headers.join('')}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      );
      await new Promise((resolve) => socket.once('data', resolve));
      const end = new Promise((resolve) => socket.once('close', resolve));
      socket.resume();
      socket.write(Buffer.from(bytes));
      await end;
    }
    (await openSocket(server.port)).terminate();
  });

  test('a page that answers no ping is gone after the second, one that answers stays', async () => {
    await using server = await startTestServer();
    const silent = await openSocket(server.port);
    silent.pause();
    const alive = await openSocket(server.port);
    await pinged(server, alive);
    await pinged(server, alive);
    const gone = closed(silent);
    silent.resume();
    await gone;
    expect(alive.readyState).toBe(WebSocket.OPEN);
    expect(server.log.map((event) => event.code)).toEqual(['silent-client']);
  });

  test('closing the server ends every connection at once', async () => {
    const server = await startTestServer();
    const socket = await openSocket(server.port);
    const gone = closed(socket);
    await server[Symbol.asyncDispose]();
    expect([1001, 1006]).toContain(await gone);
    expect(server.clock.timers()).toEqual([]);
  });
});

function watchCall(id: number): string {
  return JSON.stringify({ id, method: 'subscription', params: { path: 'watch' } });
}

function scanCall(id: number, input: unknown): string {
  return JSON.stringify({ id, method: 'mutation', params: { path: 'scan', input } });
}
