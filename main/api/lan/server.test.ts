// A face terminal on the LAN reports who passed; somebody else on the LAN would like to as well. Real sockets, real TLS.
import { connect as tcp } from 'node:net';
import { connect as tls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../../device/sim/wait.ts';
import { startLanServer } from './server.ts';
import { makeToken, PASSAGE, type Reply, report, SHORT_TOKEN, startTestLan, type TestLan } from './testing.ts';

async function lanOf(...args: Parameters<typeof startTestLan>): Promise<TestLan> {
  const lan = await startTestLan(...args);
  onTestFinished(() => lan[Symbol.asyncDispose]());
  return lan;
}

const by = ({ certificate, tokens, running }: TestLan) => ({
  ask: (more: Partial<Parameters<typeof report>[1]>) => report(running.port, { ca: certificate.cert, ...more }),
  t1: (body: unknown) => report(running.port, { ca: certificate.cert, token: tokens.t1, body }),
});

test('a passage is recorded, and answered with its event; sent again it is the same', async () => {
  const lan = await lanOf();
  expect(lan.running.url).toBe(`https://127.0.0.1:${lan.running.port}/terminals/passages`);
  expect(await by(lan).t1(PASSAGE)).toMatchObject({ status: 200, body: { ok: true, event: 1, duplicate: false } });
  expect(await by(lan).t1(PASSAGE)).toMatchObject({ status: 200, body: { ok: true, event: 1, duplicate: true } });
  expect(lan.passages.recorded).toEqual([{ terminal: 't1', passage: PASSAGE }]);
  expect(lan.log).toEqual([]);
});

test.each([
  ['store', '5'],
  ['no-site', '60'],
  ['no-door', '60'],
] as const)('what can’t be recorded (%s) is to be sent again, and then is', async (fault, retryAfter) => {
  const lan = await lanOf();
  lan.passages.fault = fault;
  const refused = await by(lan).t1(PASSAGE);
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': retryAfter }, body: { ok: false } });
  lan.passages.fault = null;
  expect(await by(lan).t1(PASSAGE)).toMatchObject({ status: 200, body: { duplicate: false } });
});

test.each([
  ['no object', '[]', '$: an object'],
  ['nothing', '', 'the body is not JSON'],
  ['half', '{"id":', 'the body is not JSON'],
  ['bytes that are no text', Buffer.of(0x22, 0xff, 0x22), 'the body is not JSON'],
  ['an id of nothing', { ...PASSAGE, id: '' }, 'id: the terminal’s own number'],
  ['an id with white space', { ...PASSAGE, id: 'a b' }, 'id: the terminal’s own number'],
  ['no time', { id: '1', memberId: 'ann' }, 'at: a time such as'],
  ['a time of nowhere', { ...PASSAGE, at: '2026-11-02 12:00' }, 'at: a time such as'],
  ['a way that isn’t one', { ...PASSAGE, direction: 'up' }, 'direction: in or out'],
  ['nobody', { id: '1', at: PASSAGE.at }, '$: one of memberId and code'],
  ['two', { ...PASSAGE, code: 'A' }, '$: one of memberId and code'],
  ['a long code', { id: '1', at: PASSAGE.at, code: 'x'.repeat(513) }, 'code: a member’s code'],
  ['more than is asked', { ...PASSAGE, name: 'x' }, 'name: no such key here'],
])('%s gets one line that says what is wrong', async (_, body, line) => {
  const lan = await lanOf();
  const reply = await by(lan).t1(body);
  expect(reply).toMatchObject({ status: 400, body: { ok: false, error: expect.stringContaining(line) } });
  expect(JSON.stringify(reply.body)).not.toContain('\\n');
  expect(lan.passages.recorded).toEqual([]);
  expect(lan.log.map(({ code }) => code)).toEqual(['bad-passage']);
});

test('a body over 4 kB is not read to its end', async () => {
  const lan = await lanOf();
  expect(
    await by(lan)
      .t1({ ...PASSAGE, code: 'x'.repeat(1e6) })
      .catch(() => ({ status: 413 })),
  ).toMatchObject({
    status: 413,
  });
  expect(lan.passages.recorded).toEqual([]);
});

test.each([
  ['no token', undefined],
  ['an unknown token', 'x'.repeat(43)],
  ['a token so short that it could be guessed, though its digest is there', SHORT_TOKEN],
  ['another terminal’s token, from another address', 't2'],
])('%s is refused after a pause, and its body stays unread', async (_, token) => {
  const lan = await lanOf();
  let reply: Reply | null = null;
  const given = token === 't2' ? { token: lan.tokens.t2 } : token === undefined ? {} : { token };
  void by(lan)
    .ask({ ...given, body: PASSAGE })
    .then((got) => {
      reply = got;
    });
  await until('the pause', () => lan.clock.timers().length === 1);
  await lan.clock.advance(249);
  expect(reply).toBeNull();
  await lan.clock.advance(1);
  await until('the answer', () => reply !== null);
  expect(reply).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  expect(lan.passages.recorded).toEqual([]);
  expect(lan.log).toMatchObject([{ code: 'unknown-terminal', times: 1 }]);
  for (const secret of [lan.tokens.t1, lan.tokens.t2, 'x'.repeat(43)])
    expect(JSON.stringify(lan.log)).not.toContain(secret);
});

test('trying tokens gets slower each time, one at a time; the terminal itself is not slowed', async () => {
  const lan = await lanOf();
  const pauses: number[] = [];
  for (let tries = 0; tries < 7; tries += 1) {
    const refused = by(lan).ask({ token: makeToken().token, body: PASSAGE });
    await until('the pause', () => lan.clock.timers().length === 1);
    // A second try beside it gets no answer at all.
    await expect(by(lan).ask({ token: makeToken().token, body: PASSAGE })).rejects.toThrow();
    expect(await by(lan).t1({ ...PASSAGE, id: `t-${tries}` })).toMatchObject({ status: 200 });
    const pauseMs = (lan.clock.timers()[0]?.dueMono ?? 0) - lan.clock.mono();
    pauses.push(pauseMs);
    await lan.clock.advance(pauseMs);
    expect(await refused).toMatchObject({ status: 401 });
  }
  // Each round counts two tries.
  expect(pauses).toEqual([250, 1_000, 4_000, 5_000, 5_000, 5_000, 5_000]);
  await lan.clock.advance(61_000);
  void by(lan)
    .ask({ token: makeToken().token })
    .catch(() => undefined);
  await until('the pause', () => lan.clock.timers().length === 1);
  expect((lan.clock.timers()[0]?.dueMono ?? 0) - lan.clock.mono()).toBe(250);
});

test('an address that no terminal reports from gets nowhere', async () => {
  const lan = await lanOf();
  await expect(by(lan).ask({ token: lan.tokens.t1, from: '127.0.0.3', body: PASSAGE })).rejects.toThrow();
  expect(lan.log.map(({ code }) => code)).toEqual(['foreign-source']);
  // The other terminal, from where it may.
  expect(await by(lan).ask({ token: lan.tokens.t2, from: '127.0.0.2', body: PASSAGE })).toMatchObject({ status: 200 });
});

test('a terminal that floods is told to wait; another one isn’t', async () => {
  const lan = await lanOf({ handshakesPerSecondPerSource: 1e3, handshakesBurstPerSource: 1e3, handshakesBurst: 1e3 });
  const statuses: number[] = [];
  for (let sent = 0; sent < 25; sent += 1) {
    statuses.push((await by(lan).t1({ ...PASSAGE, id: `f-${sent}` })).status);
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(20);
  expect(statuses.slice(20)).toEqual([429, 429, 429, 429, 429]);
  expect(await by(lan).ask({ token: lan.tokens.t2, from: '127.0.0.2', body: PASSAGE })).toMatchObject({ status: 200 });
  await lan.clock.advance(1_000);
  expect(await by(lan).t1({ ...PASSAGE, id: 'later' })).toMatchObject({ status: 200 });
});

test('connections that come too fast, or stay, are ended', async () => {
  const lan = await lanOf();
  const held = Array.from({ length: 12 }, () => {
    const socket = tcp({ host: '127.0.0.1', port: lan.running.port });
    socket.on('error', () => undefined);
    return socket;
  });
  await until('those over eight are ended', () => held.filter(({ closed }) => closed).length === 4);
  for (const socket of held) socket.destroy();
  await until('all are gone', () => held.every(({ closed }) => closed));
  // Eight were counted; twelve more are left of twenty.
  let ended = 0;
  for (let tries = 0; tries < 16; tries += 1) {
    await by(lan)
      .t1({ ...PASSAGE, id: `c-${tries}` })
      .catch(() => {
        ended += 1;
      });
  }
  expect(ended).toBe(4);
});

test('other addresses, methods and protocols get their answer or none', async () => {
  const lan = await lanOf();
  const { ask } = by(lan);
  const { t1: token } = lan.tokens;
  expect(await ask({ token, path: '/' })).toMatchObject({ status: 404 });
  expect(await ask({ token, path: '/healthz', method: 'GET' })).toMatchObject({ status: 404 });
  expect(await ask({ token, method: 'GET' })).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  await expect(report(lan.running.port, { ca: null, token, body: PASSAGE })).rejects.toThrow();
  const old = tls({
    port: lan.running.port,
    host: '127.0.0.1',
    ca: lan.certificate.cert,
    maxVersion: 'TLSv1.1',
    minVersion: 'TLSv1',
  });
  const refused = await new Promise<boolean>((resolve) => {
    old.once('error', () => resolve(true));
    old.once('secureConnect', () => resolve(false));
  });
  expect(refused).toBe(true);
  expect(lan.passages.recorded).toEqual([]);
});

test('a bug behind the endpoint is a 500, and the next one is served', async () => {
  const lan = await lanOf();
  lan.passages.bug = new Error('the code M0001 is odd');
  const reply = await by(lan).t1(PASSAGE);
  expect(reply.status).toBe(500);
  lan.passages.bug = null;
  expect(await by(lan).t1(PASSAGE)).toMatchObject({ status: 200 });
  expect(JSON.stringify([lan.log, reply.body])).not.toContain('M0001');
});

test('what keeps it from starting is said in one line', async () => {
  const lan = await lanOf();
  const options = {
    ...{ host: '127.0.0.1', port: lan.running.port, terminals: [], passages: lan.passages, clock: lan.clock },
    log: () => undefined,
  };
  const tls = { cert: lan.certificate.cert, key: lan.certificate.cert };
  expect(await startLanServer({ ...options, tls })).toMatchObject({ ok: false, error: { code: 'certificate' } });
  expect(await startLanServer({ ...options, tls: lan.certificate })).toMatchObject({
    ok: false,
    error: { code: 'port-in-use' },
  });
  expect(await startLanServer({ ...options, host: '192.0.2.1', tls: lan.certificate })).toMatchObject({
    ok: false,
    error: { code: 'no-such-address' },
  });
});

test('closing ends what waits, and leaves no timer', async () => {
  const lan = await startTestLan();
  const refused = by(lan).ask({ token: makeToken().token, body: PASSAGE });
  const ended = expect(refused).rejects.toThrow();
  await until('the pause', () => lan.clock.timers().length === 1);
  await lan[Symbol.asyncDispose]();
  await ended;
  expect(lan.clock.timers()).toEqual([]);
});
