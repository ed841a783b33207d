/** What every Clock does. The fixture gives a fresh clock; `pass` lets real or virtual time go by. */
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../main/core/clock.ts';

export interface ClockFixture {
  readonly clock: Clock;
  pass(ms: number): Promise<void>;
}

export function clockContract(name: string, make: () => ClockFixture): void {
  describe(`clock contract: ${name}`, () => {
    test('a timer runs once, not before its time, and is listed only until then', async () => {
      const { clock, pass } = make();
      const started = clock.mono();
      const ran: number[] = [];
      clock.after('front relock', 20, () => ran.push(clock.mono()));
      expect(clock.timers().map((timer) => timer.name)).toEqual(['front relock']);
      expect(clock.timers()[0]?.dueMono).toBeGreaterThanOrEqual(started + 20);
      await pass(60);
      expect(ran).toHaveLength(1);
      expect(ran[0]).toBeGreaterThanOrEqual(started + 20);
      expect(clock.timers()).toEqual([]);
    });

    test('timers run in the order in which they fall due, and are listed in it', async () => {
      const { clock, pass } = make();
      const ran: string[] = [];
      for (const [timer, delayMs] of [
        ['late', 40],
        ['soon', 1],
        ['between', 20],
      ] as const) {
        clock.after(timer, delayMs, () => ran.push(timer));
      }
      expect(clock.timers().map((timer) => timer.name)).toEqual(['soon', 'between', 'late']);
      await pass(80);
      expect(ran).toEqual(['soon', 'between', 'late']);
    });

    test('a cancelled timer never runs; to cancel one twice, or one that has run, does nothing', async () => {
      const { clock, pass } = make();
      const ran: string[] = [];
      const cancelled = clock.after('cancelled', 5, () => ran.push('cancelled'));
      const kept = clock.after('kept', 5, () => ran.push('kept'));
      cancelled.cancel();
      cancelled.cancel();
      expect(clock.timers().map((timer) => timer.name)).toEqual(['kept']);
      await pass(30);
      kept.cancel();
      expect(ran).toEqual(['kept']);
      expect(clock.timers()).toEqual([]);
    });

    test('a timer may start and cancel others while it runs', async () => {
      const { clock, pass } = make();
      const ran: string[] = [];
      const doomed = clock.after('doomed', 30, () => ran.push('doomed'));
      clock.after('first', 5, () => {
        doomed.cancel();
        clock.after('second', 0, () => ran.push('second'));
      });
      await pass(60);
      expect(ran).toEqual(['second']);
    });

    test('a delay of 0, or one below, runs soon but never at once', async () => {
      const { clock, pass } = make();
      const ran: string[] = [];
      clock.after('zero', 0, () => ran.push('zero'));
      clock.after('past', -1_000, () => ran.push('past'));
      expect(ran).toEqual([]);
      await pass(20);
      expect(ran.sort()).toEqual(['past', 'zero']);
    });

    test('a month is waited for, not skipped', async () => {
      const { clock, pass } = make();
      const ran: string[] = [];
      const timer = clock.after('retention', 31 * 86_400_000, () => ran.push('retention'));
      await pass(20);
      expect(ran).toEqual([]);
      timer.cancel();
    });

    test('a delay that is no number is a bug and throws with the name of the timer', () => {
      const { clock } = make();
      expect(() => clock.after('front relock', Number.NaN, () => undefined)).toThrow('front relock');
      expect(() => clock.after('front relock', Number.POSITIVE_INFINITY, () => undefined)).toThrow('front relock');
      expect(clock.timers()).toEqual([]);
    });

    test('the monotonic clock never goes back and both clocks go on', async () => {
      const { clock, pass } = make();
      const before = { mono: clock.mono(), wall: clock.wall() };
      await pass(20);
      expect(clock.mono()).toBeGreaterThanOrEqual(before.mono + 20);
      expect(clock.wall()).toBeGreaterThanOrEqual(before.wall + 15);
    });
  });
}
