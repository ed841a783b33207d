// Real sockets on loopback: encrypted, each end sure of the session, and whatever else knocks is turned away.
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { WIRE } from '../../wire/limits.ts';
import { makeCertificate } from './certificate.ts';
import { Lines } from './lines.ts';
import type { PeerWire } from './ports.ts';
import { TlsNetwork } from './tls-network.ts';

async function pair() {
  const [a, b] = [new TlsNetwork('127.0.0.1', 0), new TlsNetwork('127.0.0.1', 0)];
  onTestFinished(async () => {
    await a.close();
    await b.close();
  });
  const called: PeerWire[] = [];
  const port = await a.listen((wire) => called.push(wire));
  if (!port.ok) throw new Error(port.error);
  const call = () =>
    new Promise<PeerWire>((resolve, reject) => {
      b.call('127.0.0.1', port.value, resolve, (why) => reject(new Error(why)));
    });
  return { a, b, called, port: port.value, call };
}

function told(wire: PeerWire): { readonly said: Promise<string>; readonly closed: Promise<string> } {
  let say: (text: string) => void = () => undefined;
  let close: (why: string) => void = () => undefined;
  const said = new Promise<string>((resolve) => {
    say = resolve;
  });
  const closed = new Promise<string>((resolve) => {
    close = resolve;
  });
  wire.take({ said: say, closed: close });
  return { said, closed };
}

test('both ends know the same session, which no other connection has, and hear each other', async () => {
  const { called, call } = await pair();
  const [one, other] = [await call(), await call()];
  await expect.poll(() => called.length).toBe(2);
  expect(new Set(called.map(({ session }) => session))).toStrictEqual(new Set([one.session, other.session]));
  expect(one.session).not.toBe(other.session);
  const theirs = called.find(({ session }) => session === one.session);
  if (theirs === undefined) throw new Error('nobody was called');
  const [here, there] = [told(one), told(theirs)];
  one.send('ping – ピン');
  expect(await there.said).toBe('ping – ピン');
  theirs.send('pong');
  theirs.close();
  expect(await here.said).toBe('pong');
  expect(await here.closed).not.toBe('');
});

test('a line longer than a message may be ends the connection', async () => {
  const { called, call } = await pair();
  const wire = await call();
  await expect.poll(() => called.length).toBe(1);
  const [theirs] = called;
  if (theirs === undefined) throw new Error('nobody was called');
  const { closed } = told(theirs);
  told(wire);
  wire.send(' '.repeat(WIRE.messageBytes + 1));
  expect(await closed).toContain('bytes');
});

test('who doesn’t read is noticed before memory is full of what waits', async () => {
  const { called, call } = await pair();
  const wire = await call();
  await expect.poll(() => called.length).toBe(1);
  let fits = true;
  for (let index = 0; index < 200 && fits; index += 1) fits = wire.send('x'.repeat(100_000));
  expect(fits).toBe(false);
});

test('a plain connection, an older TLS and one without a certificate are not taken', async () => {
  const { called, port } = await pair();
  const plain = connectPlain(port, '127.0.0.1', () => plain.write('{"type":"hello"}\n'));
  plain.on('error', () => undefined);
  await new Promise((resolve) => plain.on('close', resolve));
  const own = makeCertificate();
  for (const options of [{ ...own, maxVersion: 'TLSv1.2' as const }, {}]) {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.on('close', resolve));
  }
  expect(called).toHaveLength(0);
});

test('nobody there: the caller is told, once', async () => {
  const { b, a, port } = await pair();
  await a.close();
  const whys: string[] = [];
  b.call(
    '127.0.0.1',
    port,
    () => whys.push('open'),
    (why) => whys.push(why),
  );
  await expect.poll(() => whys).toStrictEqual(['ECONNREFUSED']);
});

test('a port that is taken is said in one line', async () => {
  const { port } = await pair();
  const listened = await new TlsNetwork('127.0.0.1', port).listen(() => undefined);
  expect(listened).toMatchObject({ ok: false, error: expect.stringContaining('EADDRINUSE') });
});

test('lines come out whole however the bytes were cut', () => {
  const bytes = Buffer.from('{"a":"あ"}\n\n{"b":2}\nrest');
  for (let size = 1; size <= bytes.length; size += 1) {
    const lines = new Lines();
    const all: string[] = [];
    for (let at = 0; at < bytes.length; at += size) all.push(...(lines.push(bytes.subarray(at, at + size)) ?? ['?']));
    expect(all).toStrictEqual(['{"a":"あ"}', '', '{"b":2}']);
  }
  expect(new Lines().push(Buffer.alloc(WIRE.messageBytes + 1, 32))).toBeNull();
  const two = new Lines();
  expect(two.push(Buffer.alloc(WIRE.messageBytes, 32))).toStrictEqual([]);
  expect(two.push(Buffer.from(' \n'))).toBeNull();
});
