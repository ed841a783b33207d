// The configuration: short where the defaults do, and every mistake by its path.
import { describe, expect, test } from 'vitest';
import { parseConfig, unknownDoors } from './config.ts';

const FRONT = { id: 'front', lock: { driver: 'sim' }, readers: [] };

/** Doors a, b and c with their partners. */
function withThree(...partners: readonly (string | null)[]) {
  return {
    dataDir: 'd',
    doors: partners.map((interlockWith, at) => ({ ...FRONT, id: 'abc'.charAt(at), interlockWith })),
  };
}

test('the least that says enough has all the defaults', () => {
  expect(parseConfig({ dataDir: 'data', doors: [FRONT] })).toStrictEqual({
    ok: true,
    value: {
      dataDir: 'data',
      listen: { host: '127.0.0.1', port: 8_377 },
      site: null,
      settings: null,
      lan: null,
      hub: null,
      display: { name: 'none', languages: ['ja', 'en'], helpPhone: null, reach: false },
      doors: [
        {
          id: 'front',
          failMode: 'secure',
          pulseMs: 3_000,
          maxPulseMs: 10_000,
          scanTtlMs: 2_000,
          repeatMs: 3_000,
          heldAfterMs: 30_000,
          onStoreFailure: 'refuse',
          onDoubtfulClock: 'admit-open',
          interlockWith: null,
          placeCode: null,
          lock: { driver: 'sim' },
          readers: [],
          inputs: { contact: null, exitButton: null, fire: null, tamper: null },
          outputs: { buzzer: null, admitted: null, refused: null },
        },
      ],
    },
  });
  const relay = parseConfig({
    dataDir: 'd',
    doors: [
      {
        ...FRONT,
        lock: { driver: 'serial-relay', path: '/dev/x' },
        readers: [{ id: 'r', driver: 'serial', path: '/dev/y' }],
      },
    ],
  });
  expect(relay).toMatchObject({
    ok: true,
    value: {
      doors: [
        {
          lock: { protocol: 'lcus', baudRate: 9_600, channel: 1, query: false },
          readers: [{ direction: 'in', baudRate: 9_600, endSilenceMs: null }],
        },
      ],
    },
  });
});

describe('mistakes', () => {
  const withDoor = (change: object) => ({ dataDir: 'd', doors: [{ ...FRONT, ...change }] });
  test.each<[string, unknown]>([
    ['$', []],
    ['dataDir', { doors: [FRONT] }],
    ['doors', { dataDir: 'd' }],
    ['doors', { dataDir: 'd', doors: Array.from({ length: 65 }, () => FRONT) }],
    ['listen.host', { ...withDoor({}), listen: { host: '0.0.0.0' } }],
    ['listen.port', { ...withDoor({}), listen: { port: -1 } }],
    ['hub.url', { ...withDoor({}), hub: { url: '' } }],
    ['hub.pin', { ...withDoor({}), hub: { url: 'https://hub.example', pin: 'x'.repeat(45) } }],
    ['display.languages', { ...withDoor({}), display: { languages: [] } }],
    ['display.languages[0]', { ...withDoor({}), display: { languages: ['fr'] } }],
    ['display.name', { ...withDoor({}), display: { name: 'all' } }],
    ['doors[0].pulseMs', withDoor({ pulseMs: 10_001 })],
    ['doors[0].pulseMs', withDoor({ pulseMs: 2_000, maxPulseMs: 1_000 })],
    ['doors[0].lock', withDoor({ lock: null })],
    ['doors[0].lock.path', withDoor({ lock: { driver: 'serial-relay' } })],
    ['doors[0].lock.path', withDoor({ lock: { driver: 'serial-relay', path: '' } })],
    ['doors[0].readers[0].direction', withDoor({ readers: [{ id: 'r', driver: 'sim', direction: 'up' }] })],
    [
      'doors[0].readers[1].id',
      withDoor({
        readers: [
          { id: 'r', driver: 'sim' },
          { id: 'r', driver: 'camera' },
        ],
      }),
    ],
    ['doors[1].id', { dataDir: 'd', doors: [FRONT, FRONT] }],
    ['doors[0].maxPulseMs', withDoor({ pulseMs: 50, maxPulseMs: 99 })],
    ['doors[0].interlockWith', withDoor({ interlockWith: 'back' })],
    ['doors[0].interlockWith', withDoor({ interlockWith: 'front' })],
    ['doors[0].interlockWith', withThree('b', null, 'b')],
    ['doors[1].interlockWith', withThree('b', 'a', 'a')],
    ['doors[0].interlockWith', withThree('b', 'c', null)],
  ])('%s', (path, config) => {
    const parsed = parseConfig(config);
    expect(parsed.ok ? null : parsed.error[0]?.path).toBe(path);
  });
});

test('of a pair of doors one may name the other, or each the other', () => {
  for (const pair of [
    ['b', null],
    [null, 'a'],
    ['b', 'a'],
  ] as const)
    expect(parseConfig(withThree(...pair, null)).ok).toBe(true);
});

test('a door that the site has not is named', () => {
  const config = parseConfig({ dataDir: 'd', doors: [FRONT] });
  if (!config.ok) throw new Error('the configuration is good');
  expect(unknownDoors(config.value, new Set(['front']))).toStrictEqual([]);
  expect(unknownDoors(config.value, new Set(['back']))).toMatchObject([{ path: 'doors[0].id' }]);
});

describe('the place’s code', () => {
  const parse = (placeCode: unknown) => parseConfig({ dataDir: 'd', doors: [{ ...FRONT, placeCode }] });

  test('is for the members’ app unless said otherwise; for any camera it needs an address', () => {
    const least = { kinds: ['app'], url: null, everySeconds: 20 };
    expect(parse({})).toMatchObject({ ok: true, value: { doors: [{ placeCode: least }] } });
    expect(parse({ kinds: ['app', 'url'], url: 'https://gym.example.jp/in?c={code}' }).ok).toBe(true);
  });

  test.each([
    ['doors[0].placeCode.url', { kinds: ['url'] }],
    ['doors[0].placeCode.url', { kinds: ['url'], url: 'http://gym.example.jp/?c={code}' }],
    ['doors[0].placeCode.url', { kinds: ['url'], url: 'https://gym.example.jp/' }],
    ['doors[0].placeCode.kinds', { kinds: [] }],
    ['doors[0].placeCode.everySeconds', { everySeconds: 9 }],
  ])('%s', (path, placeCode) => {
    expect(parse(placeCode)).toMatchObject({ ok: false, error: [{ path }] });
  });
});
