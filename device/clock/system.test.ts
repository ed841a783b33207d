// The guard ends a pulse at an instant that the controller chose: both must read the same monotonic count, and no timer
// may run early, or a relay would drop before its time.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { clockContract } from './clock-contract.ts';
import { SystemClock } from './system.ts';

clockContract('system', () => {
  const clock = new SystemClock();
  const passing = new SystemClock();
  return { clock, pass: (ms) => new Promise((resolve) => void passing.after('pass', ms, resolve)) };
});

test('another process reads the same monotonic count', () => {
  const clock = new SystemClock();
  const before = clock.mono();
  const script = `import('${new URL('./system.ts', import.meta.url).href}').then((m) => console.log(new m.SystemClock().mono()))`;
  const there = Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
  expect(there).toBeGreaterThan(before);
  expect(there).toBeLessThan(clock.mono());
});

test('a hundred short timers: none is early', async () => {
  const clock = new SystemClock();
  const early: number[] = [];
  await Promise.all(
    Array.from({ length: 100 }, (_, index) => {
      const due = clock.mono() + index / 7;
      return new Promise<void>((resolve) => {
        clock.after(`pulse ${index}`, index / 7, () => {
          if (clock.mono() < due) early.push(index);
          resolve();
        });
      });
    }),
  );
  expect(early).toEqual([]);
});

test('a timer of a month sleeps: it does not come back every millisecond to look', async () => {
  const clock = new SystemClock();
  const warnings: string[] = [];
  const listen = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', listen);
  const month = clock.after('retention', 31 * 86_400_000, () => undefined);
  await new Promise<void>((resolve) => {
    clock.after('pass', 10, resolve);
  });
  month.cancel();
  process.off('warning', listen);
  expect(warnings).toEqual([]);
});
