// Over real sockets: a hub is taken by the system's roots or by one pinned key, and nothing is said to another one before
// that is known. Whatever a server does instead of speaking, the link hears of it in one line.
import { createHash, X509Certificate } from 'node:crypto';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { SystemClock } from '../../device/clock/system.ts';
import { makeCertificate } from '../../main/api/lan/testing.ts';
import { WIRE } from '../wire/limits.ts';
import { WebSocketDialer } from './dialer.ts';
import type { Line } from './ports.ts';
import { findRoots } from './roots.ts';

const clock = new SystemClock();
const certificate = makeCertificate();
const pin = createHash('sha256')
  .update(new X509Certificate(certificate.cert).publicKey.export({ type: 'spki', format: 'der' }))
  .digest('base64');
const OTHER_PIN = createHash('sha256').update('other').digest('base64');
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

interface Heard {
  readonly opened: boolean;
  readonly said: readonly string[];
  readonly closed: string | null;
}

/** Serves, and says what a server of this kind has heard. */
async function serve(
  server: Server,
  protocol: string | false = WIRE.subprotocol,
): Promise<{ port: number; calls: string[] }> {
  const calls: string[] = [];
  const sockets = new WebSocketServer({ server, handleProtocols: () => protocol });
  server.on('request', (_, response) => response.writeHead(404).end());
  sockets.on('connection', (socket, request) => {
    calls.push(request.url ?? '');
    socket.on('message', (text) => socket.send(`heard ${String(text)}`));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, calls };
}

/** Calls, says `hello` when it is open, and hears until something was said or the line has ended. */
function call(url: string, pinned: string | null, then: (line: Line) => void = () => undefined): Promise<Heard> {
  return new Promise((resolve) => {
    let opened = false;
    const said: string[] = [];
    const line = new WebSocketDialer(clock).dial(
      { url, host: 'x', pin: pinned },
      {
        opened: () => {
          opened = true;
          line.send('hello');
          then(line);
        },
        said: (message) => {
          said.push(message.toString());
          line.close('done');
          resolve({ opened, said, closed: null });
        },
        closed: (closed) => resolve({ opened, said, closed }),
      },
    );
  });
}

test('a plain line on loopback', async () => {
  const { port, calls } = await serve(createPlain());
  const heard = await call(`ws://127.0.0.1:${port}/v1/unit`, null);
  expect(heard).toEqual({ opened: true, said: ['heard hello'], closed: null });
  expect(calls).toEqual(['/v1/unit']);
});

test('the pinned key is taken, whatever its certificate says', async () => {
  const { port } = await serve(createServer(certificate));
  expect((await call(`wss://127.0.0.1:${port}/v1/unit`, pin)).said).toEqual(['heard hello']);
});

test('another key than the pinned one hears nothing', async () => {
  const { port, calls } = await serve(createServer(certificate));
  const heard = await call(`wss://127.0.0.1:${port}/v1/unit`, OTHER_PIN);
  expect(heard).toEqual({
    opened: false,
    said: [],
    closed: 'the hub’s certificate has another key than the pinned one',
  });
  expect(calls).toEqual([]);
});

test('a certificate that no root of the system vouches for is not taken', async () => {
  const { port, calls } = await serve(createServer(certificate));
  const heard = await call(`wss://127.0.0.1:${port}/v1/unit`, null);
  expect(heard.closed).toContain('the hub’s certificate is not trusted');
  expect(calls).toEqual([]);
});

test('who doesn’t speak the protocol is told from a hub', async () => {
  const other = await serve(createPlain(), false);
  expect((await call(`ws://127.0.0.1:${other.port}/v1/unit`, null)).opened).toBe(false);
  const web = createPlain((_, response) => response.writeHead(200).end('hello'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  ends.push(() => web.close());
  const { port } = web.address() as AddressInfo;
  const heard = await call(`ws://127.0.0.1:${port}/`, null);
  expect(heard.closed).toContain('is the address that of a hub?');
});

test('who speaks no TLS is told from a certificate that isn’t trusted', async () => {
  const { port } = await serve(createPlain());
  const heard = await call(`wss://127.0.0.1:${port}/v1/unit`, null);
  expect(heard).toMatchObject({
    opened: false,
    closed: expect.stringMatching(/^no TLS is spoken there \(ERR_SSL_\w+\)/),
  });
});

test('nobody there, bytes instead of text, and more than a message may have', async () => {
  expect((await call('ws://127.0.0.1:1/', null)).closed).toContain('ECONNREFUSED');
  const server = createPlain();
  const sockets = new WebSocketServer({ server, handleProtocols: () => WIRE.subprotocol });
  let answer: string | Buffer = Buffer.from([1, 2, 3]);
  sockets.on('connection', (socket) => {
    socket.on('message', () => socket.send(answer));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  expect((await call(`ws://127.0.0.1:${port}/`, null)).closed).toContain('bytes instead of text');
  answer = 'x'.repeat(WIRE.messageBytes + 1);
  expect((await call(`ws://127.0.0.1:${port}/`, null)).closed).toContain('the connection failed');
});

test('an authority of the system’s is found by its name', async () => {
  const other = makeCertificate();
  const { subject } = new X509Certificate(certificate.cert);
  const found = await findRoots(clock, subject, ['/not/there', certificate.files.cert]);
  expect(found).toEqual([certificate.cert.trim()]);
  expect(await findRoots(clock, 'CN=nobody', [other.files.cert])).toEqual([]);
});
