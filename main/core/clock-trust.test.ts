// A unit without a battery clock starts after a power cut and doesn't know what time it is. It must know that it
// doesn't, and it must not stop knowing it because the clock happens to look good.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClockPast,
  type ClockReading,
  JUMP_MS,
  LONGEST_UNSET_MS,
  stepTrust,
  type TrustInput,
  type TrustState,
  trustAtStart,
} from './clock-trust.ts';

const BUILT = Date.UTC(2026, 10, 1);
const NOW = Date.UTC(2026, 11, 1);
const DAY = 86_400_000;
const PAST: ClockPast = { trustedAt: NOW - DAY, syncedAt: NOW - 2 * DAY, doubtful: false, builtAt: BUILT };
const TICK: TrustInput = { on: 'tick' };

const reading = (wall: number, bootMs = 5_000, ntp = false): ClockReading => ({ wall, bootMs, ntp });
const start = (wall: number, past: Partial<ClockPast> = {}, ntp = false) =>
  trustAtStart(reading(wall, 5_000, ntp), { ...PAST, ...past });

describe('at the start', () => {
  test.each<[string, number, Partial<ClockPast>, Partial<TrustState>]>([
    ['goes on from where it was', NOW, {}, { trust: 'held', doubt: null, trustedAt: NOW, syncedAt: NOW - 2 * DAY }],
    ['exactly at the last event', NOW - DAY, {}, { trust: 'held' }],
    ['a millisecond before it', NOW - DAY - 1, {}, { trust: 'doubtful', doubt: 'before-record', trustedAt: NOW - DAY }],
    ['at the build', BUILT, { trustedAt: null, syncedAt: null }, { trust: 'held', syncedAt: BUILT }],
    ['before the build', BUILT - 1, { trustedAt: null, syncedAt: null }, { doubt: 'before-build', trustedAt: BUILT }],
    [
      'a start ends no doubt',
      NOW,
      { doubtful: true },
      { trust: 'doubtful', doubt: 'unconfirmed', trustedAt: NOW - DAY },
    ],
    ['the graver reason is told', NOW - 2 * DAY, { doubtful: true }, { doubt: 'before-record' }],
    ['1970', 0, {}, { trust: 'doubtful', doubt: 'before-build', trustedAt: NOW - DAY }],
    ['a year and a day after the last sync', PAST.syncedAt ?? 0, {}, { trust: 'doubtful', doubt: 'before-record' }],
    ['as long as may be', BUILT + LONGEST_UNSET_MS, { syncedAt: null }, { trust: 'held' }],
    ['longer', BUILT + LONGEST_UNSET_MS + 1, { syncedAt: null }, { doubt: 'long-unset', trustedAt: NOW - DAY }],
  ])('%s', (_name, wall, past, expected) => {
    expect(start(wall, past)).toMatchObject(expected);
  });

  test('NTP knows better than the record, but no time is before the build', () => {
    expect(start(NOW - 10 * DAY, {}, true)).toMatchObject({ trust: 'synced', syncedAt: NOW - 10 * DAY });
    expect(start(NOW, { doubtful: true }, true)).toMatchObject({ trust: 'synced', doubt: null });
    expect(start(BUILT - 1, {}, true)).toMatchObject({ trust: 'doubtful', doubt: 'before-build' });
  });
});

describe('while it runs', () => {
  test('time that goes by evenly is believed, and so is a step of a minute', () => {
    const state = start(NOW);
    expect(stepTrust(state, TICK, reading(NOW + DAY, 5_000 + DAY))).toMatchObject({
      trust: 'held',
      trustedAt: NOW + DAY,
    });
    expect(stepTrust(state, TICK, reading(NOW + JUMP_MS))).toMatchObject({ trust: 'held' });
    expect(stepTrust(state, TICK, reading(NOW - JUMP_MS))).toMatchObject({ trust: 'held' });
  });

  test.each([1, -1])('a jump of more is not, whichever way; what was last believed stays', (way) => {
    const ten = stepTrust(start(NOW), TICK, reading(NOW + 10_000, 15_000));
    const jumped = stepTrust(ten, TICK, reading(NOW + 20_000 + way * (JUMP_MS + 1), 25_000));
    expect(jumped).toMatchObject({ trust: 'doubtful', doubt: 'jumped', trustedAt: NOW + 10_000 });
  });

  test('nor are small steps that add up to one', () => {
    let state = start(NOW);
    for (const steps of [1, 2]) state = stepTrust(state, TICK, reading(NOW + steps * 40_000));
    expect(state).toMatchObject({ trust: 'doubtful', doubt: 'jumped', trustedAt: NOW + 40_000 });
  });

  test('a jump that NTP made is none, and counts from there', () => {
    const set = stepTrust(start(NOW), TICK, reading(NOW + DAY, 15_000, true));
    expect(set).toMatchObject({ trust: 'synced', syncedAt: NOW + DAY });
    expect(stepTrust(set, TICK, reading(NOW + DAY + 10_000, 25_000))).toMatchObject({ trust: 'held' });
    const days = stepTrust(start(NOW), TICK, reading(NOW + 3 * DAY, 3 * DAY, true));
    expect(stepTrust(days, TICK, reading(NOW + 3 * DAY, 3 * DAY))).toMatchObject({ trust: 'held' });
  });

  test('at the very moment of the build it is believed', () => {
    const built = start(BUILT, { trustedAt: null, syncedAt: null });
    expect(stepTrust(built, TICK, reading(BUILT))).toMatchObject({ trust: 'held', trustedAt: BUILT });
  });

  test('a clock that fell before the build, or was not set for a year', () => {
    expect(stepTrust(start(NOW), TICK, reading(BUILT - 1))).toMatchObject({ doubt: 'before-build', trustedAt: NOW });
    const year = LONGEST_UNSET_MS;
    expect(stepTrust(start(NOW), TICK, reading(NOW + year, 5_000 + year))).toMatchObject({
      trust: 'doubtful',
      doubt: 'long-unset',
    });
  });

  test('what looks good again stays doubtful, for its first reason', () => {
    const lost = start(0);
    const good = stepTrust(lost, TICK, reading(NOW));
    expect(good).toStrictEqual(lost);
    const behind = start(NOW - 2 * DAY);
    expect(stepTrust(behind, TICK, reading(NOW - 2 * DAY + 10_000, 15_000))).toBe(behind);
    expect(stepTrust(start(NOW - 2 * DAY), TICK, reading(0))).toMatchObject({ doubt: 'before-record' });
  });
});

describe('doubt ends', () => {
  const lost = start(NOW - 2 * DAY);
  const at = reading(NOW, 15_000);
  test('by NTP', () => {
    expect(stepTrust(lost, TICK, { ...at, ntp: true })).toMatchObject({ trust: 'synced', doubt: null, trustedAt: NOW });
  });
  test('by the time of the hub, where it is the same', () => {
    expect(stepTrust(lost, { on: 'hub', at: NOW + JUMP_MS }, at)).toMatchObject({ trust: 'synced', syncedAt: NOW });
    expect(stepTrust(lost, { on: 'hub', at: NOW - JUMP_MS - 1 }, at)).toBe(lost);
  });
  test('by a manager: held, and the year begins anew', () => {
    const confirmed = stepTrust(lost, { on: 'confirmed' }, at);
    expect(confirmed).toMatchObject({ trust: 'held', doubt: null, trustedAt: NOW, syncedAt: NOW });
    expect(stepTrust(confirmed, TICK, reading(NOW + 10_000, 25_000))).toMatchObject({ trust: 'held' });
  });
  test('but nobody makes a time before the build right', () => {
    for (const input of [TICK, { on: 'confirmed' }, { on: 'hub', at: 0 }] as const)
      expect(stepTrust(lost, input, reading(0, 15_000, true))).toMatchObject({ trust: 'doubtful' });
  });
});

test('whatever happens: never trusted before the build, and out of doubt only by a voucher', () => {
  const inputs = fc.array(
    fc.record({
      input: fc.constantFrom<TrustInput>(TICK, TICK, TICK, { on: 'hub', at: NOW }, { on: 'confirmed' }),
      wall: fc.integer({ min: BUILT - 5 * DAY, max: BUILT + 2 * LONGEST_UNSET_MS }),
      bootMs: fc.nat(LONGEST_UNSET_MS),
      ntp: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(inputs, (all) => {
      let state = start(NOW);
      for (const { input, ...now } of all) {
        const before = state;
        state = stepTrust(before, input, now);
        if (state.trust !== 'doubtful') expect(now.wall).toBeGreaterThanOrEqual(BUILT);
        if (before.trust === 'doubtful' && state.trust !== 'doubtful')
          expect(input.on !== 'tick' || now.ntp).toBe(true);
        expect(state.doubt === null).toBe(state.trust !== 'doubtful');
        if (state.trust === 'doubtful') expect(state.trustedAt).toBe(before.trustedAt);
      }
    }),
  );
});
