// The pipe between controller and guard carries the order to open a door. What isn't exactly such an order is nothing,
// however it comes in pieces and however long it is.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { LineSplitter, parseFromGuard, parseToGuard } from './parse.ts';
import { type FromGuard, type InputLine, type LockLine, MAX_LINE, type ToGuard } from './protocol.ts';

vi.setConfig({ testTimeout: 60_000 });

const door = fc.string({ minLength: 1, maxLength: 100, unit: 'binary' });
const seq = fc.nat();
const time = fc.double({ noNaN: true, noDefaultInfinity: true });
const path = fc.string({ minLength: 1, maxLength: 100 });
const port = {
  driver: fc.constant('serial-relay' as const),
  path,
  baudRate: fc.integer({ min: 300, max: 921_600 }),
};
const numato = { ...port, protocol: fc.constant('numato' as const), channel: fc.integer({ min: 0, max: 31 }) };
const modbus = {
  ...port,
  protocol: fc.constant('modbus' as const),
  channel: fc.integer({ min: 0, max: 65_535 }),
  unitId: fc.integer({ min: 1, max: 247 }),
};
const relayChannel = fc.integer({ min: 1, max: 8 });
const query = fc.boolean();
const line: fc.Arbitrary<LockLine> = fc.oneof(
  fc.constant({ driver: 'sim' as const }),
  fc.record({
    ...port,
    protocol: fc.constant('lcus' as const),
    channel: relayChannel,
    query: fc.constant(false as const),
  }),
  fc.record({ ...numato, query }),
  fc.record({ ...modbus, query }),
  fc.record({
    driver: fc.constant('gpio' as const),
    chip: path,
    line: fc.oneof(fc.integer({ min: 0, max: 1_023 }), fc.string({ minLength: 1, maxLength: 64 })),
    activeLow: fc.boolean(),
    bias: fc.constantFrom('as-is' as const, 'pull-up' as const, 'pull-down' as const, 'disabled' as const),
  }),
  fc.record({
    driver: fc.constant('gpio-sysfs' as const),
    chip: path,
    line: fc.integer({ min: 0, max: 1_023 }),
    activeLow: fc.boolean(),
  }),
  fc.record({ driver: fc.constant('hid-relay' as const), serial: fc.option(path), channel: relayChannel, query }),
);
const inputLine: fc.Arbitrary<InputLine> = fc.oneof(fc.record(numato), fc.record(modbus));
const byId = { selector: ({ id }: { readonly id: string }) => id, minLength: 1, maxLength: 5 };
const inputs = fc.uniqueArray(
  fc.record({ id: door, line: inputLine, activeLow: fc.boolean(), debounceMs: fc.integer({ min: 0, max: 5_000 }) }),
  byId,
);
const outputs = fc.uniqueArray(fc.record({ id: door, line }), byId);
const toGuard: fc.Arbitrary<ToGuard> = fc.oneof(
  fc.record({
    do: fc.constant('open' as const),
    locks: fc.uniqueArray(fc.record({ door, maxPulseMs: fc.integer({ min: 1, max: 10_000 }), line }), {
      maxLength: 5,
      selector: (lock) => lock.door,
    }),
  }),
  fc.record({ do: fc.constant('open' as const), locks: fc.constant([]), inputs, outputs }),
  fc.record({ do: fc.constant('output' as const), id: door, on: fc.boolean() }),
  fc.record({ do: fc.constant('energise' as const), door, seq, until: time }),
  fc.record({ do: fc.constant('rest' as const), door, seq }),
  fc.record({ do: fc.constant('plug' as const), door, there: fc.boolean() }),
  fc.constant({ do: 'stop' as const }),
);
const fromGuard: fc.Arbitrary<FromGuard> = fc.oneof(
  fc.record({ say: fc.constant('ready' as const), pid: fc.integer({ min: 1 }) }),
  fc.record({ say: fc.constant('line' as const), door, seq, energised: fc.boolean(), mono: time }),
  fc.record({ say: fc.constant('failed' as const), door, seq, detail: fc.string() }),
  fc.record({
    say: fc.constant('device' as const),
    door,
    state: fc.oneof(
      fc.record({ ok: fc.constant(true as const), detail: fc.string() }),
      fc.record({
        ok: fc.constant(false as const),
        code: fc.constantFrom('absent' as const, 'not-a-device' as const, 'failed' as const),
        detail: fc.string(),
      }),
    ),
  }),
);

describe('messages', () => {
  test('every message of the protocol comes through as it was', () => {
    fc.assert(
      fc.property(toGuard, (message) => {
        const text = JSON.stringify(message);
        expect(parseToGuard(text)).toEqual(JSON.parse(text));
      }),
    );
    fc.assert(
      fc.property(fromGuard, (message) => {
        const text = JSON.stringify(message);
        expect(parseFromGuard(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('anything else is null, never an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.json({ depthSize: 'large' })), (text) => {
        expect(parseToGuard(text)).toBe(null);
        expect(parseFromGuard(text)).toBe(null);
      }),
    );
  });

  test.each([
    'null',
    '[]',
    '"stop"',
    '{}',
    '{"do":"open"}',
    '{"do":"open","locks":{}}',
    '{"do":"open","locks":[null]}',
    '{"do":"open","locks":[{"door":"front","maxPulseMs":10001,"line":{"driver":"sim"}}]}',
    '{"do":"open","locks":[{"door":"front","maxPulseMs":0,"line":{"driver":"sim"}}]}',
    '{"do":"open","locks":[{"door":"front","maxPulseMs":1.5,"line":{"driver":"sim"}}]}',
    '{"do":"open","locks":[{"door":"front","maxPulseMs":3000,"line":{"driver":"gpio"}}]}',
    '{"do":"open","locks":[{"door":"front","maxPulseMs":3000}]}',
    '{"do":"open","locks":[{"door":"","maxPulseMs":3000,"line":{"driver":"sim"}}]}',
    `{"do":"open","locks":[${Array.from({ length: 65 }, (_, n) => `{"door":"d${n}","maxPulseMs":1,"line":{"driver":"sim"}}`)}]}`,
    `{"do":"open","locks":[${Array.from({ length: 2 }, () => '{"door":"same","maxPulseMs":1,"line":{"driver":"sim"}}')}]}`,
    '{"do":"energise","door":"front","seq":1}',
    '{"do":"energise","door":"front","seq":1,"until":"soon"}',
    '{"do":"energise","door":"front","seq":1,"until":1e999}',
    '{"do":"energise","door":"front","seq":1.5,"until":1}',
    '{"do":"energise","door":"front","seq":-1,"until":1}',
    '{"do":"energise","door":"front","seq":9007199254740993,"until":1}',
    '{"do":"energise","door":7,"seq":1,"until":1}',
    `{"do":"energise","door":"${'x'.repeat(1_001)}","seq":1,"until":1}`,
    '{"do":"rest","door":"front"}',
    '{"do":"output","id":"lamp"}',
    '{"do":"open","locks":[],"inputs":{}}',
    '{"do":"plug","door":"front","there":1}',
    '{"do":"constructor"}',
    '{"__proto__":{"do":"stop"}}',
  ])('%s is no message to the guard', (text) => {
    expect(parseToGuard(text)).toBe(null);
  });

  const relay = { driver: 'serial-relay', protocol: 'lcus', path: '/dev/x', baudRate: 9_600, channel: 1, query: false };
  test.each([
    ['path', ''],
    ['path', 'x'.repeat(4_097)],
    ['path', 7],
    ['baudRate', 299],
    ['channel', 0],
    ['channel', 9],
    ['query', 'no'],
    ['query', true],
    ['protocol', 'other'],
  ])('a relay whose %s is %j is no relay', (key, value) => {
    const open = (line: object) =>
      parseToGuard(JSON.stringify({ do: 'open', locks: [{ door: 'front', maxPulseMs: 3_000, line }] }));
    expect(open(relay)).not.toBe(null);
    expect(open({ ...relay, [key]: value })).toBe(null);
  });

  const gpio = { driver: 'gpio', chip: '/dev/gpiochip0', line: 3, activeLow: false, bias: 'as-is' };
  const sysfs = { driver: 'gpio-sysfs', chip: 'gpiochip0', line: 3, activeLow: false };
  const hid = { driver: 'hid-relay', serial: null, channel: 1, query: false };
  const unit = { ...relay, protocol: 'modbus', unitId: 1 };
  test.each<[object, string, unknown]>([
    [gpio, 'chip', null],
    [gpio, 'chip', ''],
    [gpio, 'line', -1],
    [gpio, 'line', 1_024],
    [gpio, 'line', ''],
    [gpio, 'line', null],
    [gpio, 'activeLow', 0],
    [gpio, 'bias', 'up'],
    [sysfs, 'chip', null],
    [sysfs, 'line', 'NAME'],
    [sysfs, 'activeLow', undefined],
    [hid, 'serial', ''],
    [hid, 'serial', 7],
    [hid, 'channel', 9],
    [hid, 'query', undefined],
    [unit, 'unitId', 0],
    [unit, 'unitId', undefined],
    [unit, 'channel', 65_536],
    [{ ...relay, protocol: 'numato' }, 'channel', 32],
  ])('%j is no line with %s %j', (line, key, value) => {
    const open = (tried: object) => [
      parseToGuard(JSON.stringify({ do: 'open', locks: [{ door: 'front', maxPulseMs: 3_000, line: tried }] })),
      parseToGuard(JSON.stringify({ do: 'open', locks: [], outputs: [{ id: 'lamp', line: tried }] })),
    ];
    expect(open(line)).not.toContain(null);
    expect(open({ ...line, [key]: value })).toEqual([null, null]);
  });

  const input = { id: 'front contact', line: unit, activeLow: false, debounceMs: 30 };
  test.each<[object]>([
    [{ ...input, id: '' }],
    [{ ...input, line: relay }],
    [{ ...input, line: gpio }],
    [{ ...input, debounceMs: 5_001 }],
    [{ ...input, activeLow: null }],
  ])('%j is no input', (tried) => {
    const open = (one: object) => parseToGuard(JSON.stringify({ do: 'open', locks: [], inputs: [one] }));
    expect(open(input)).not.toBe(null);
    expect(open(tried)).toBe(null);
  });

  test.each([
    '{"say":"part","id":"x"}',
    '{"say":"input","id":"x","active":1,"mono":1}',
    '{"say":"ready"}',
    '{"say":"ready","pid":0}',
    '{"say":"line","door":"front","seq":1,"energised":"yes","mono":1}',
    '{"say":"line","door":"front","seq":1,"energised":true}',
    '{"say":"failed","door":"front","seq":1}',
    '{"say":"device","door":"front","state":{"ok":false,"code":"toString","detail":""}}',
    '{"say":"device","door":"front","state":{"ok":"true","detail":""}}',
    '{"say":"device","door":"front","state":null}',
  ])('%s is no message of the guard', (text) => {
    expect(parseFromGuard(text)).toBe(null);
  });
});

describe('lines', () => {
  const split = (...chunks: Uint8Array[]): (string | null)[] => {
    const splitter = new LineSplitter();
    return chunks.flatMap((chunk) => splitter.feed(chunk));
  };

  test('any chunks give the same lines, also where a character is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ''))),
        fc.array(fc.nat(), { maxLength: 20 }),
        (lines, places) => {
          const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
          const edges = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
          expect(split(...chunks)).toEqual(lines);
        },
      ),
    );
  });

  test('a line of MAX_LINE bytes is taken; a longer one is dropped whole, and the next one is read', () => {
    const most = 'x'.repeat(MAX_LINE);
    expect(split(Buffer.from(`${most}\n${most}y\nstop\n`))).toEqual([most, null, 'stop']);
  });

  test('an endless line is held in bounded memory', () => {
    const splitter = new LineSplitter();
    const chunk = new Uint8Array(65_536).fill(0x78);
    const before = process.memoryUsage().arrayBuffers;
    for (let sent = 0; sent < 64; sent += 1) expect(splitter.feed(chunk.slice())).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
    expect(splitter.feed(Buffer.from('\nstop\n'))).toEqual([null, 'stop']);
  });
});
