/**
 * Somebody has got hold of a session and sends whatever they can think of: ten thousand messages made from real ones by
 * mutation, seeded. Nothing ends, nothing leaks, and only codes that the contract takes come through.
 */
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { ScanInput } from '../contract/page.ts';
import * as staff from '../contract/staff.ts';
import { PIN } from './test-staff.ts';
import { loadPage, openSocket, startTestServer } from './testing.ts';

const MESSAGES = 10_000;
const SEED = 20_261_121;

const VALID = [
  { id: 1, method: 'subscription', params: { path: 'watch' } },
  { id: 1, method: 'subscription.stop' },
  {
    id: 2,
    jsonrpc: '2.0',
    method: 'mutation',
    params: { path: 'scan', input: { reader: 'front-cam', text: 'M0001' } },
  },
  { id: '3', method: 'mutation', params: { path: 'scan', input: { reader: 'front-in', text: '会員 0001\u0000' } } },
  [{ id: 4, method: 'query', params: { path: 'scan', input: null, lastEventId: '7' } }],
];

const ODD: readonly unknown[] = [
  null,
  -1,
  1e308,
  '',
  '__proto__',
  'constructor',
  'scan',
  'watch',
  'mutation',
  'subscription',
  'query',
  'x'.repeat(600),
  '\ud800',
  [],
  {},
  [[[[]]]],
  { __proto__: null, path: 'scan' },
  true,
];

const ODD_KEYS = ['', 'id', 'role', 'constructor', 'toString', 'lastEventId', 'then'];

/** Mulberry32: small, seeded, good enough to choose. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Random = ReturnType<typeof randomOf>;

/** Replaces one value somewhere in the message, or adds or takes a key. */
function mutated(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random(4) === 0) return ODD[random(ODD.length)];
  if (Array.isArray(value)) return value.map((item) => mutated(item, random));
  const entries = Object.entries(value);
  const chosen = random(entries.length + 1);
  if (chosen === entries.length)
    return { ...value, [ODD_KEYS[random(ODD_KEYS.length)] ?? '']: ODD[random(ODD.length)] };
  if (random(6) === 0) return Object.fromEntries(entries.filter((_, index) => index !== chosen));
  return Object.fromEntries(
    entries.map(([key, item], index) => [key, index === chosen ? mutated(item, random) : item]),
  );
}

/** Changes, takes or doubles a few bytes. */
function damaged(text: string, random: Random): Buffer {
  const bytes = [...Buffer.from(text)];
  for (let changes = 1 + random(3); changes > 0 && bytes.length > 0; changes -= 1) {
    const at = random(bytes.length);
    const now = random(3);
    if (now === 0) bytes[at] = 32 + random(95);
    else if (now === 1) bytes.splice(at, 1 + random(5));
    else bytes.splice(at, 0, ...bytes.slice(at, at + random(9)));
  }
  return Buffer.from(bytes);
}

function message(random: Random, all: readonly unknown[] = VALID): Buffer {
  const valid = all[random(all.length)];
  const text = JSON.stringify(random(3) === 0 ? valid : mutated(valid, random));
  return random(3) === 0 ? damaged(text, random) : Buffer.from(text);
}

/** Resolves when the server has worked through all that was sent before, or has ended the connection. */
function workedThrough(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('message', listener);
      socket.off('close', done);
      resolve();
    };
    const listener = (data: Buffer) => {
      if (String(data) === 'PONG') done();
    };
    socket.on('message', listener);
    socket.on('close', done);
    socket.send('PING');
  });
}

interface Answer {
  readonly id: unknown;
  readonly error?: { readonly data: { readonly code: string } };
}

function collect(socket: WebSocket, answers: Answer[]): void {
  socket.on('message', (data) => {
    if (String(data) !== 'PONG') answers.push(JSON.parse(String(data)));
  });
}

test(`${MESSAGES} mutated messages end nothing, and only the contract's scans come through`, async () => {
  await using server = await startTestServer({ limits: { messagesPerSecond: 1e9, messagesBurst: 1e9 } });
  const random = randomOf(SEED);
  const answers: Answer[] = [];
  let ended = 0;
  for (let sent = 0; sent < MESSAGES; ) {
    const socket = await openSocket(server.port);
    collect(socket, answers);
    // Text that is no UTF-8 ends a connection, as it should.
    for (; sent < MESSAGES && socket.readyState === socket.OPEN; sent += 20) {
      for (let i = 0; i < 20; i += 1) socket.send(message(random), { binary: random(50) === 0 });
      await workedThrough(socket);
      await server.clock.advance(200);
    }
    if (socket.readyState !== socket.OPEN) ended += 1;
    socket.terminate();
  }
  const errors = answers.flatMap((answer) => (answer.error === undefined ? [] : [answer.error]));
  for (const error of errors) {
    expect(Object.keys(error).sort()).toEqual(['code', 'data', 'message']);
    expect(['bad-input', 'not-allowed', 'no-such-call', 'too-many']).toContain(error.data.code);
  }
  const pastFraming = answers.filter((answer) => answer.id !== null).length;
  expect(pastFraming).toBeGreaterThan(MESSAGES / 5);
  expect(ended).toBeLessThan(MESSAGES / 100);
  expect(server.page.scans.length).toBeGreaterThan(100);
  for (const scan of server.page.scans) expect(ScanInput.safeParse(scan).success).toBe(true);
  expect(server.log).toEqual([]);
  await server.page.watchedBy(0);
}, 180_000);

const ACT = 'act-of-a-page';
/** Calls of staff as a page makes them, and the form of what then reaches the controller. */
const STAFF_CALLS = [
  ['act.open', 'acts.open', { act: ACT, doorId: 'front', why: 'guest' }, staff.OpenInput],
  ['act.lockDown', 'acts.lockdown', { act: ACT, doorId: null, why: 'danger' }, staff.LockdownInput],
  ['act.letIn', 'acts.letIn', { act: ACT, doorId: 'a', memberId: null, consume: true, why: 'guest' }, staff.LetInInput],
  ['act.redeem', 'acts.redeem', { act: ACT, ticketId: 'k', uses: 1 }, staff.RedeemInput],
  ['act.visitorPass', 'acts.visitorPass', { act: ACT, until: 1e12, doorIds: ['front'] }, staff.VisitorPassInput],
  ['staff.add', 'team.add', { act: ACT, name: 'A', role: 'staff', pin: PIN }, staff.AddStaffInput],
] as const;
const STAFF_MESSAGES = 1_500;

test(`${STAFF_MESSAGES} mutated calls of a manager’s session: only what the contract has is asked for`, async () => {
  await using server = await startTestServer({
    limits: { messagesPerSecond: 1e9, messagesBurst: 1e9, staffCallsPerSecond: 1e9, staffCallsBurst: 1e9 },
  });
  const random = randomOf(SEED);
  const call = (choose: Random) => {
    const [path, , input] = STAFF_CALLS[choose(STAFF_CALLS.length)] ?? STAFF_CALLS[0];
    const act = `act-${String(choose(1_000)).padStart(8, '0')}`;
    return { id: 1 + choose(1e9), method: 'mutation', params: { path, input: { ...input, act } } };
  };
  const cookie = await loadPage(server.port);
  const answers: Answer[] = [];
  const signIn = { path: 'staff.signIn', input: { staffId: 'manager', pin: PIN } };
  for (let sent = 0; sent < STAFF_MESSAGES; ) {
    const socket = await openSocket(server.port, cookie);
    socket.send(JSON.stringify({ id: 0, method: 'mutation', params: signIn }));
    await workedThrough(socket);
    collect(socket, answers);
    for (; sent < STAFF_MESSAGES && socket.readyState === socket.OPEN; sent += 20) {
      for (let i = 0; i < 20; i += 1) socket.send(message(random, [call(random)]), { binary: false });
      await workedThrough(socket);
      await server.clock.advance(1_000);
    }
    socket.terminate();
  }
  for (const { error } of answers)
    if (error !== undefined) expect(['bad-input', 'no-such-call']).toContain(error.data.code);
  expect(server.staff.asked.length).toBeGreaterThan(20);
  for (const { what, args } of server.staff.asked) {
    const form = STAFF_CALLS.find(([, asked]) => asked === what)?.[3];
    expect(form?.safeParse(args[1]).success, what).toBe(true);
  }
  expect(server.log).toEqual([]);
}, 60_000);
