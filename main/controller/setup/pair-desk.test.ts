// A technician holds the console's QR code to the scanner beside the door: the unit is paired by it, no door judges it, and
// whoever comes meanwhile is let in as ever.
import { expect, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import type { Person } from '../../contract/staff.ts';
import { err, ok } from '../../core/result.ts';
import type { Pairing } from './host.ts';
import { PairDesk } from './pair-desk.ts';
import { PartTap } from './part-tap.ts';

const BY: Person = { staffId: 'tech', name: 'T', role: 'technician' };

function standing(hub: 'takes' | 'refuses' | 'none' = 'takes') {
  const clock = new VirtualClock();
  const asked: [string, string][] = [];
  const ended: boolean[] = [];
  const tap = new PartTap(clock, () => undefined);
  const pairing: Pairing = {
    pair: async (url, code) => {
      asked.push([url, code]);
      return hub === 'takes' ? ok('paired') : err(['the code has been used']);
    },
  };
  const desk = new PairDesk({
    clock,
    tap,
    pairing: hub === 'none' ? null : pairing,
    changed: () => undefined,
    ended: (_, isPaired) => ended.push(isPaired),
  });
  return { clock, tap, desk, asked, ended };
}

test('a code that a reader reads pairs once; others are the door’s', async () => {
  const { clock, tap, desk, asked, ended } = standing();
  expect(await desk.pair(BY, null)).toStrictEqual({ ok: true, value: null });
  expect([desk.state, desk.until]).toStrictEqual(['waiting', clock.wall() + 300_000]);
  expect(tap.read('in', 'M0001')).toBe(false);
  expect(tap.read('in', 'genkan-pair:https://hub.example/s#ABCD2345')).toBe(true);
  await clock.advance(0);
  expect([asked, ended, desk.state]).toStrictEqual([[['https://hub.example/s', 'ABCD2345']], [true], 'paired']);
  expect(tap.read('in', 'genkan-pair:https://hub.example/s#ABCD2345')).toBe(false);
});

test('after five minutes nobody listens any more', async () => {
  const { clock, tap, desk } = standing();
  await desk.pair(BY, null);
  await clock.advance(300_000);
  expect([desk.state, desk.until]).toStrictEqual(['none', null]);
  expect(tap.read('in', 'genkan-pair:https://hub.example#A')).toBe(false);
});

test('a typed code that the hub refuses says why, and not the code', async () => {
  const { desk, ended } = standing('refuses');
  const answer = await desk.pair(BY, ' https://hub.example#WRONG234 ');
  expect(answer).toStrictEqual({ ok: false, error: { fault: 'refused', lines: ['the code has been used'] } });
  expect([desk.state, ended]).toStrictEqual(['refused', [false]]);
  expect(JSON.stringify(answer)).not.toContain('WRONG234');
});

test.each(['', '#A', 'hub.example', 'https://hub.example#', 'not an address#A'])(
  '%s is no code, and nobody is asked',
  async (text) => {
    const { desk, asked } = standing();
    expect(await desk.pair(BY, text)).toMatchObject({ ok: false, error: { fault: 'refused' } });
    expect(asked).toStrictEqual([]);
  },
);

test('without a part that speaks with hubs it says so, and no reader is listened to', async () => {
  const { desk, tap } = standing('none');
  expect(await desk.pair(BY, null)).toMatchObject({ ok: false, error: { fault: 'no-hub' } });
  expect(desk.state).toBe('not-here');
  expect(tap.read('in', 'genkan-pair:https://hub.example#A')).toBe(false);
});

test('a controller that ends listens no longer', async () => {
  const { clock, tap, desk } = standing();
  await desk.pair(BY, null);
  desk.close();
  expect(tap.read('in', 'genkan-pair:https://hub.example#A')).toBe(false);
  expect(clock.timers()).toStrictEqual([]);
});
