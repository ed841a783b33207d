// Tests move this clock by hours in no time. What happens between two timers must happen as it would in the house:
// promises that a timer made ready are settled before the next one runs.
import { expect, test } from 'vitest';
import { clockContract } from './clock-contract.ts';
import { VirtualClock } from './virtual.ts';

clockContract('virtual', () => {
  const clock = new VirtualClock();
  return { clock, pass: (ms) => clock.advance(ms) };
});

test('promises settle between two timers, however long their chain', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  clock.after('first', 10, () => {
    void (async () => {
      for (let link = 0; link < 50; link += 1) await Promise.resolve();
      seen.push('chain of the first');
    })();
  });
  clock.after('second', 10, () => seen.push('second'));
  await clock.advance(10);
  expect(seen).toEqual(['chain of the first', 'second']);
});

test('a timer that a promise started in between runs in its turn', async () => {
  const clock = new VirtualClock();
  const ran: number[] = [];
  const started = clock.mono();
  clock.after('first', 10, () => {
    void Promise.resolve().then(() => clock.after('from the promise', 5, () => ran.push(clock.mono() - started)));
  });
  clock.after('last', 20, () => ran.push(clock.mono() - started));
  await clock.advance(3_600_000);
  expect(ran).toEqual([15, 20]);
  expect(clock.mono() - started).toBe(3_600_000);
});

test('timers due together run in the order in which they were started', async () => {
  const clock = new VirtualClock();
  const ran: string[] = [];
  for (const name of ['a', 'b', 'c']) clock.after(name, 7, () => ran.push(name));
  await clock.advance(7);
  expect(ran).toEqual(['a', 'b', 'c']);
});

test('the wall clock is set alone, and then goes on with the other', async () => {
  const clock = new VirtualClock();
  const mono = clock.mono();
  clock.setWall(0);
  expect(clock.mono()).toBe(mono);
  await clock.advance(1_500);
  expect(clock.wall()).toBe(1_500);
});

test('a timer that throws fails the test that moved time', async () => {
  const clock = new VirtualClock();
  clock.after('broken', 1, () => {
    throw new Error('bug');
  });
  await expect(clock.advance(1)).rejects.toThrow('bug');
  await clock.advance(1);
});

test('a timer without end is named', async () => {
  const clock = new VirtualClock();
  const again = (): void => void clock.after('again and again', 0, again);
  again();
  await expect(clock.advance(1)).rejects.toThrow('again and again');
});
