// What a technician may write about devices: short where there is only one way, and where something can't be, one line
// that says what to write instead.
import { describe, expect, test } from 'vitest';
import { parseConfig } from './config.ts';

const RELAY = { driver: 'serial-relay', path: '/dev/ttyUSB0' };

function parse(door: object, more: readonly object[] = []) {
  const doors = [{ id: 'front', lock: { driver: 'sim' }, readers: [], ...door }, ...more];
  return parseConfig({ dataDir: 'd', doors });
}

function door(change: object) {
  const parsed = parse(change);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.doors[0];
}

test.each<[object, object]>([
  [RELAY, { ...RELAY, protocol: 'lcus', baudRate: 9_600, channel: 1, query: false }],
  [
    { ...RELAY, protocol: 'numato', query: true },
    { ...RELAY, protocol: 'numato', baudRate: 9_600, channel: 0, query: true },
  ],
  [
    { ...RELAY, protocol: 'modbus', baudRate: 19_200 },
    { ...RELAY, protocol: 'modbus', baudRate: 19_200, unitId: 1, channel: 0, query: false },
  ],
  [
    { driver: 'gpio', line: 'LOCK_RELAY' },
    { driver: 'gpio', chip: null, line: 'LOCK_RELAY', activeLow: false, bias: 'as-is' },
  ],
  [
    { driver: 'gpio', chip: 'pinctrl-rp1', line: 17, activeLow: true, bias: 'pull-up' },
    { driver: 'gpio', chip: 'pinctrl-rp1', line: 17, activeLow: true, bias: 'pull-up' },
  ],
  [
    { driver: 'gpio-sysfs', chip: 'gpiochip0', line: 17 },
    { driver: 'gpio-sysfs', chip: 'gpiochip0', line: 17, activeLow: false },
  ],
  [{ driver: 'hid-relay' }, { driver: 'hid-relay', serial: null, channel: 1, query: false }],
])('a lock or an output, %j', (given, meant) => {
  expect(door({ lock: given })?.lock).toStrictEqual(meant);
  expect(door({ outputs: { buzzer: given } })?.outputs).toStrictEqual({ buzzer: meant, admitted: null, refused: null });
});

test('readers', () => {
  const usb = { vendorId: null, productId: null, serial: null };
  const readers = [
    { id: 'a', driver: 'hid' },
    { id: 'b', driver: 'hid', vendorId: '0c2E', productId: 1_234, serial: 'S1' },
    { id: 'c', driver: 'hid-keyboard', path: '/dev/input/by-id/x', layout: 'jis' },
    { id: 'd', driver: 'hid-keyboard', vendorId: '05e0', productId: '1200' },
  ];
  expect(door({ readers })?.readers).toStrictEqual([
    { id: 'a', direction: 'in', driver: 'hid', ...usb },
    { id: 'b', direction: 'in', driver: 'hid', vendorId: 0x0c2e, productId: 1_234, serial: 'S1' },
    { id: 'c', direction: 'in', driver: 'hid-keyboard', ...usb, path: '/dev/input/by-id/x', layout: 'jis' },
    {
      ...{ id: 'd', direction: 'in', driver: 'hid-keyboard', path: null, layout: 'us' },
      ...{ vendorId: 0x05e0, productId: 0x1200, serial: null },
    },
  ]);
});

test('inputs: what a cut wire must set off is normally closed', () => {
  const gpio = (line: number) => ({ driver: 'gpio', chip: 'gpiochip0', line });
  const inputs = { contact: gpio(1), exitButton: gpio(2), fire: gpio(3), tamper: gpio(4) };
  const found = door({ inputs })?.inputs;
  expect(found?.contact).toStrictEqual({
    ...{ ...gpio(1), activeLow: false, bias: 'as-is' },
    ...{ normally: 'open', debounceMs: 30 },
  });
  expect(found?.exitButton).toMatchObject({ normally: 'open' });
  expect(found?.fire).toMatchObject({ normally: 'closed' });
  expect(found?.tamper).toMatchObject({ normally: 'closed' });
  const board = { ...RELAY, protocol: 'numato' };
  expect(door({ inputs: { fire: board } })?.inputs.fire).toStrictEqual({
    ...{ ...board, baudRate: 9_600, channel: 0 },
    ...{ normally: 'closed', activeLow: false, debounceMs: 30 },
  });
});

test('one board may carry two locks, an input and a lamp, each on its own channel', () => {
  const board = { ...RELAY, protocol: 'modbus' };
  const outputs = { admitted: { ...board, channel: 2 } };
  const inputs = { exitButton: board };
  expect(parse({ lock: board, inputs, outputs }, [{ id: 'b', lock: { ...board, channel: 1 }, readers: [] }]).ok).toBe(
    true,
  );
});

describe('mistakes', () => {
  const gpio = { driver: 'gpio', chip: 'gpiochip0', line: 1 };
  test.each<[string, RegExp, object]>([
    ['doors[0].lock.driver', /^sim, serial-relay, gpio, gpio-sysfs or hid-relay$/, { lock: { driver: 'magnet' } }],
    ['doors[0].lock.protocol', /^lcus, numato or modbus$/, { lock: { ...RELAY, protocol: 'x' } }],
    ['doors[0].lock.query', /^false: LCUS boards/, { lock: { ...RELAY, query: true } }],
    ['doors[0].lock.channel', /0 to 31/, { lock: { ...RELAY, protocol: 'numato', channel: 32 } }],
    ['doors[0].lock.channel', /1 to 8/, { lock: { ...RELAY, channel: 0 } }],
    ['doors[0].lock.unitId', /1 to 247/, { lock: { ...RELAY, protocol: 'modbus', unitId: 0 } }],
    ['doors[0].lock.unitId', /no such key/, { lock: { ...RELAY, unitId: 1 } }],
    ['doors[0].lock.line', /a line’s number/, { lock: { driver: 'gpio' } }],
    ['doors[0].lock.line', /a line’s number/, { lock: { ...gpio, line: -1 } }],
    ['doors[0].lock.chip', /a chip, since/, { lock: { ...gpio, chip: null } }],
    ['doors[0].lock.bias', /^as-is, pull-up/, { lock: { ...gpio, bias: 'up' } }],
    ['doors[0].lock.chip', /a chip’s path/, { lock: { driver: 'gpio-sysfs', line: 1 } }],
    ['doors[0].lock.line', /whole number/, { lock: { driver: 'gpio-sysfs', chip: 'x', line: 'NAME' } }],
    ['doors[0].lock.channel', /1 to 8/, { lock: { driver: 'hid-relay', channel: 9 } }],
    ['doors[0].readers[0].vendorId', /four hex digits/, { readers: [{ id: 'r', driver: 'hid', vendorId: 'xyz' }] }],
    ['doors[0].readers[0].path', /which of the keyboards/, { readers: [{ id: 'r', driver: 'hid-keyboard' }] }],
    [
      'doors[0].readers[0].layout',
      /^us or jis$/,
      { readers: [{ id: 'r', driver: 'hid-keyboard', path: '/x', layout: 'de' }] },
    ],
    ['doors[0].readers[0].path', /no relay board/, { lock: RELAY, readers: [{ id: 'r', ...RELAY, driver: 'serial' }] }],
    ['doors[0].inputs.contact.driver', /^sim, gpio or serial-relay$/, { inputs: { contact: { driver: 'hid-relay' } } }],
    ['doors[0].inputs.fire.protocol', /^numato or modbus$/, { inputs: { fire: { ...RELAY, protocol: 'lcus' } } }],
    ['doors[0].inputs.fire.normally', /^open or closed$/, { inputs: { fire: { ...gpio, normally: 'shut' } } }],
    ['doors[0].inputs.fire.debounceMs', /0 to 5000/, { inputs: { fire: { ...gpio, debounceMs: 6_000 } } }],
    ['doors[0].inputs.tamper.line', /nothing else/, { inputs: { fire: gpio, tamper: gpio } }],
    ['doors[0].outputs.buzzer.channel', /nothing else/, { lock: RELAY, outputs: { buzzer: RELAY } }],
    ['doors[0].outputs.refused.line', /nothing else/, { lock: gpio, outputs: { refused: gpio } }],
    ['doors[0].outputs.lamp', /no such key/, { outputs: { lamp: gpio } }],
    [
      'doors[0].outputs.buzzer.path',
      /speaks lcus at 9600 baud/,
      { lock: RELAY, outputs: { buzzer: { ...RELAY, protocol: 'numato' } } },
    ],
  ])('%s %s', (path, expected, change) => {
    const parsed = parse(change);
    const [first] = parsed.ok ? [] : parsed.error;
    expect(first).toMatchObject({ path, expected: expect.stringMatching(expected) });
  });
});
