// A hub that lies, or is confused, says at each connection that this unit's disk is an older copy of itself. The unit
// believes it a few times, each copy kept; then it stays as it is and says so, until somebody has looked.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { countAside, MOST_PUT_BACK, setAside } from '../store/aside.ts';
import { must } from '../store/testing.ts';
import { Rebuilds } from './rebuilds.ts';

const TEN_MINUTES = 600_000;

function begin() {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-rebuilds-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const database = join(folder, 'genkan.db');
  const clock = new VirtualClock();
  const rebuilds = new Rebuilds(clock, database);
  /** Where it is allowed it is done, with a log beside. */
  const rebuild = (why: 'put-back' | 'damaged', by = rebuilds) => {
    const allowed = by.allow(why);
    for (const part of ['', '-wal']) if (allowed.ok) writeFileSync(database + part, why);
    if (allowed.ok) must(setAside(database, why));
    return allowed.ok ? 'done' : allowed.error;
  };
  return { clock, database, rebuild };
}

test('not twice in ten minutes, whatever the reason', async () => {
  const { clock, rebuild } = begin();
  expect([rebuild('damaged'), rebuild('put-back'), rebuild('damaged')]).toEqual(['done', null, null]);
  await clock.advance(TEN_MINUTES);
  expect(rebuild('put-back')).toBe('done');
});

test('a hub that says so for a day gets so many copies and no more; it is told once, over restarts too', async () => {
  const { clock, database, rebuild } = begin();
  const answers: (string | null)[] = [];
  for (let minutes = 0; minutes < 24 * 60; minutes += 10) {
    answers.push(rebuild('put-back'));
    await clock.advance(TEN_MINUTES);
  }
  expect(answers.filter((answer) => answer === 'done')).toHaveLength(MOST_PUT_BACK);
  expect(answers.filter((answer) => answer !== 'done' && answer !== null)).toEqual([
    expect.stringContaining('no further epoch is begun'),
  ]);
  expect(countAside(database, 'put-back')).toBe(MOST_PUT_BACK);
  expect(rebuild('put-back', new Rebuilds(clock, database))).toContain('no further epoch');
  // A damaged database is another matter.
  expect(rebuild('damaged')).toBe('done');
  // Somebody has looked, and taken one away.
  rmSync(`${database}.put-back-1`);
  await clock.advance(TEN_MINUTES);
  expect(rebuild('put-back')).toBe('done');
});
