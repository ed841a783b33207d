// Point-of-sale scanners: long codes come in parts, half a code is none, and which of several scanners is meant is never
// guessed.
import { describe, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual.ts';
import type { UsbIds } from '../../lines/hid/find.ts';
import { readerContract } from '../../reader-contract.ts';
import { SimHid, SimHidScanner } from '../../sim/hid.ts';
import { virtualRig } from '../../sim/rig.ts';
import { PosParser } from './pos-parser.ts';
import { hidReader } from './reader.ts';

const ANY: UsbIds = { vendorId: null, productId: null, serial: null };

readerContract('HID scanner over a simulated bus', async () => {
  const rig = virtualRig();
  const bus = new SimHid();
  const scanner = new SimHidScanner();
  bus.plug(scanner);
  return {
    rig,
    port: hidReader({ ...ANY, vendorId: 0x0c2e, serial: 'S1' }, rig.clock, async () => bus),
    present: (code) => {
      for (const report of scanner.reports(code)) bus.send(scanner, report);
    },
    unplug: async () => bus.unplug(scanner),
    replug: async () => bus.plug(scanner),
    remove: async () => undefined,
  };
});

function open(ids: Partial<UsbIds>, ...scanners: readonly SimHidScanner[]) {
  const clock = new VirtualClock();
  const bus = new SimHid();
  for (const scanner of scanners) bus.plug(scanner);
  const reader = hidReader({ ...ANY, ...ids }, clock, async () => bus);
  const states: string[] = [];
  const texts: string[] = [];
  reader.open({
    state: (state) => states.push(state.ok ? 'ok' : `${state.code}: ${state.detail}`),
    reading: ({ text }) => texts.push(text),
  });
  onTestFinished(() => reader.close());
  return { clock, bus, states, texts };
}

describe('which scanner', () => {
  test.each<[Partial<UsbIds>, readonly SimHidScanner[], string]>([
    [{}, [], 'absent: HID scanner any is not there'],
    [{}, [new SimHidScanner()], 'ok'],
    [{}, [new SimHidScanner({ usagePage: 1 })], 'absent: HID scanner any is not there'],
    [
      {},
      [new SimHidScanner(), new SimHidScanner({ serial: 'S2' })],
      'failed: there are 2 of HID scanner any: give the serial number of one',
    ],
    [{ serial: 'S2' }, [new SimHidScanner(), new SimHidScanner({ serial: 'S2' })], 'ok'],
    [{ vendorId: 0x05e0 }, [new SimHidScanner()], 'absent: HID scanner 05e0:* is not there'],
    [
      { vendorId: 0x0c2e, productId: 0x0b81 },
      [new SimHidScanner({ usagePage: 1 })],
      'not-a-device: HID scanner 0c2e:0b81 is no point-of-sale scanner: set it to “USB HID POS”, or use the driver hid-keyboard',
    ],
  ])('%j', async (ids, scanners, state) => {
    const { clock, states } = open(ids, ...scanners);
    await clock.advance(0);
    expect(states).toEqual([state]);
  });
});

test('half a code is forgotten after a second, and does not begin the next one', async () => {
  const scanner = new SimHidScanner();
  const { clock, bus, texts } = open({}, scanner);
  await clock.advance(0);
  const [first] = scanner.reports('x'.repeat(57));
  const [whole] = scanner.reports('M0001');
  if (first === undefined || whole === undefined) throw new Error('no report');
  bus.send(scanner, first);
  await clock.advance(1_000);
  bus.send(scanner, whole);
  expect(texts).toEqual(['M0001']);
  expect(clock.timers().map(({ name }) => name)).toEqual(['HID scanner any still there']);
});

test('a scanner that floods is said to, and drops nobody else’s codes', async () => {
  const scanner = new SimHidScanner();
  const { clock, bus, texts, states } = open({}, scanner);
  await clock.advance(0);
  for (let sent = 0; sent < 1_000; sent += 1) for (const report of scanner.reports('M1')) bus.send(scanner, report);
  expect(texts).toHaveLength(50);
  expect(states.at(-1)).toMatch(/^flooding/);
  await clock.advance(2_000);
  expect(states.at(-1)).toBe('ok');
});

describe('reports', () => {
  const [good] = new SimHidScanner().reports('M0001');
  if (good === undefined) throw new Error('no report');
  const changed = (change: (report: Uint8Array) => void) => {
    const report = Uint8Array.from(good);
    change(report);
    return report;
  };
  test.each<[string, Uint8Array, readonly string[]]>([
    ['64 bytes', good, ['M0001']],
    ['62 bytes, where the last byte follows the data', Uint8Array.of(...good.subarray(0, 61), 0), ['M0001']],
    ['another report', changed((report) => report.set([3])), []],
    ['a length beyond the data', changed((report) => report.set([57], 1)), []],
    ['cut off', good.subarray(0, 61), []],
    ['nothing', new Uint8Array(0), []],
    ['no data', changed((report) => report.set([0], 1)), []],
    [
      'a line end that the scanner adds',
      changed((report) => report.set([6, 93, 81, 49, ...Buffer.from('M0001\r')], 1)),
      ['M0001'],
    ],
  ])('%s', (_, report, codes) => {
    expect(new PosParser().feed(report)).toEqual(codes);
  });

  test('a bad report in the middle spoils what came before it', () => {
    const parser = new PosParser();
    const [first, second] = new SimHidScanner().reports('x'.repeat(57));
    if (first === undefined || second === undefined) throw new Error('no report');
    parser.feed(first);
    parser.feed(changed((report) => report.set([57], 1)));
    expect(parser.feed(second)).toEqual(['x']);
  });
});
