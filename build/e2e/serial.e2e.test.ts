// A scanner and a relay board on real serial lines: the member holds up a code, the very bytes arrive at the relay, and
// the record has it before.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SystemClock } from '../../device/clock/system.ts';
import { Pty } from '../../device/sim/pty.ts';
import { until } from '../../device/sim/wait.ts';
import { Appliance, genkan, type RecordedEvent, UnitFolder } from './appliance.ts';

const ON = 'a0 01 01 a2';
const REST = 'a0 01 00 a1';

const clock = new SystemClock();
let scanner: Pty;
let relay: Pty;
let folder: UnitFolder;
let unit: Appliance;

beforeAll(async () => {
  scanner = await Pty.make(clock, 'scanner');
  relay = await Pty.make(clock, 'relay');
  folder = new UnitFolder({
    doors: [
      {
        id: 'front',
        pulseMs: 300,
        repeatMs: 200,
        lock: { driver: 'serial-relay', protocol: 'lcus', path: relay.path, channel: 1, query: false },
        readers: [{ id: 'front-in', driver: 'serial', path: scanner.path, baudRate: 9_600, direction: 'in' }],
      },
    ],
  });
  unit = await Appliance.start(folder, { program: 'genkan' });
  await unit.healthy('the unit is ok');
});

afterAll(async () => {
  await unit?.stop();
  await scanner?.remove();
  await relay?.remove();
  folder?.remove();
});

let before: number;
let relayBefore: number;
beforeEach(() => {
  before = folder.events().length;
  relayBefore = relay.hex().length;
});

const fresh = () => folder.events().slice(before);
const scans = () => fresh().filter(({ type }) => type === 'scan');
const relayed = () => relay.hex().slice(relayBefore).trim();
const outcomes = () => fresh().filter(({ type }) => type === 'outcome').length;
const judged = (count: number) =>
  until(`${count} scans on record`, () => scans().length >= count, { seen: () => JSON.stringify(fresh()) });
const settled = (count: number) =>
  until(`${count} outcomes on record`, () => outcomes() >= count, { seen: () => JSON.stringify(fresh()) });

describe('a code that admits', () => {
  test('gives exactly the two frames of a pulse, and the event is on record before the first of them', async () => {
    let onRecord: RecordedEvent[] = [];
    const stop = relay.onRecorded(() => {
      if (onRecord.length === 0) onRecord = scans();
    });
    scanner.send('M0001\r');
    await settled(1);
    stop();
    await expect.poll(relayed).toBe(`${ON} ${REST}`);
    expect(onRecord).toMatchObject([
      { type: 'scan', result: { granted: true, reason: 'plan', memberId: 'member-0001' } },
    ]);
  });

  test.each([
    ['split over chunks', ['M0', '00', '1', '\r']],
    ['ended by CR and LF', ['M0001\r\n']],
    ['ended by LF', ['M0001\n']],
    ['after garbage', [Buffer.from([0xff, 0xfe, 0x80, 0x0d]), 'M0001\r']],
    ['after 1 MB without an end', [Buffer.alloc(1_048_576, 0x41), '\r', 'M0001\r']],
  ])('%s', async (_, chunks) => {
    for (const chunk of chunks) scanner.send(chunk);
    await settled(1);
    await expect.poll(relayed).toBe(`${ON} ${REST}`);
    expect(scans()).toHaveLength(1);
  });

  test('held up twice is one scan', async () => {
    scanner.send('M0001\r');
    scanner.send('M0001\r');
    await settled(1);
    expect(scans()).toHaveLength(1);
    await expect.poll(relayed).toBe(`${ON} ${REST}`);
  });
});

test('two codes in one chunk are two scans, each with its answer', async () => {
  scanner.send('M0002\rM0001\r');
  await settled(1);
  expect(scans().map(({ result }) => result?.reason)).toStrictEqual(['suspended', 'plan']);
  await expect.poll(relayed).toBe(`${ON} ${REST}`);
});

test.each([
  ['M0002', 'suspended'],
  ['NOBODY', 'unknown-credential'],
  ["M0001'; DROP TABLE event; --", 'unknown-credential'],
])('%s is refused, and not a byte reaches the relay', async (code, reason) => {
  scanner.send(`${code}\r`);
  await judged(1);
  // The next admitted member's frames are the very next bytes: nothing was sent in between.
  scanner.send('M0001\r');
  await settled(1);
  expect(scans().map(({ result }) => result?.reason)).toStrictEqual([reason, 'plan']);
  await expect.poll(relayed).toBe(`${ON} ${REST}`);
});

test('a scanner that is pulled out shows at once, is recorded, and comes back by itself', async () => {
  await scanner.unplug();
  await unit.healthy(
    'the scanner is missed',
    ({ status, devices }) => status === 'degraded' && devices.some(({ id, ok }) => id === 'front-in' && !ok),
  );
  await scanner.replug();
  await unit.healthy('the scanner is back');
  scanner.send('M0001\r');
  await settled(1);
  expect(
    fresh()
      .filter(({ type }) => type === 'device')
      .map(({ detail }) => [detail['device'], detail['ok']]),
  ).toStrictEqual([
    ['front-in', false],
    ['front-in', true],
  ]);
});

test('while the relay is away an entry waits two seconds and expires, nothing used up; back, it gets one rest frame', async () => {
  await relay.unplug();
  await unit.healthy('the relay is missed', ({ doors }) => doors[0]?.state === 'fault');
  scanner.send('M0001\r');
  await judged(1);
  expect(scans()).toMatchObject([{ result: null, detail: { expired: true } }]);
  await relay.replug();
  await unit.healthy('the relay is back');
  await expect.poll(relayed).toBe(REST);
});

test('the record is whole, and names nobody', async () => {
  const { code, stdout } = await genkan(['verify', '--config', folder.config], 'genkan');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, first: 1, brokenAt: null });
  const printed = (await genkan(['events', '--config', folder.config], 'genkan')).stdout;
  expect(printed.trim().split('\n')).toHaveLength(folder.events().length);
  expect(`${printed}${unit.running.stderr}`).not.toMatch(/M000\d|NOBODY|DROP TABLE/);
});

test('told to end, it leaves the relay at rest and ends with 0 within two seconds, in mid-pulse too', async () => {
  scanner.send('M0001\r');
  await until('the relay is on', () => relayed().endsWith(ON));
  // After 1.9 s it would give up with 1.
  expect(await unit.stop()).toStrictEqual({ code: 0, signal: null });
  expect(relayed().split(ON).at(-1)).toContain(REST);
  expect(fresh().at(-1)).toMatchObject({ type: 'system', detail: { what: 'stop' } });
});
