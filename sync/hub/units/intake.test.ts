// A unit comes back from an outage with a month of events. It has a few parts on their way and waits for their answers,
// so a hub that gathers for more waits for nobody; doors that send an event each are worth waiting for.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import type { EventBatch, HubStore } from '../ports.ts';
import { TestUnit } from '../store/testing.ts';
import { silent, type TestHub, testHub } from '../testing.ts';
import { Intake } from './intake.ts';
import { HUB_LIMITS } from './limits.ts';

const PAUSE_MS = 1_000;

let clock: VirtualClock;
let hub: TestHub;
beforeEach(async () => {
  clock = new VirtualClock();
  hub = await testHub(clock);
});
afterEach(() => hub.close());

/** An intake that has learnt that waiting pays, and how many batches went into each commit since. */
async function busyIntake(next: () => EventBatch) {
  const commits: number[] = [];
  const take: HubStore['take'] = (batches) => {
    commits.push(batches.length);
    return hub.store.take(batches);
  };
  const intake = new Intake({ store: { ...hub.store, take }, clock, limits: HUB_LIMITS, log: silent }, () => undefined);
  const both = [intake.add(next()), intake.add(next())];
  await clock.advance(HUB_LIMITS.gatherMs);
  await Promise.all(both);
  await clock.advance(PAUSE_MS);
  commits.length = 0;
  return { intake, commits };
}

async function pairedUnit(): Promise<TestUnit> {
  await hub.store.createTenant('gym', 'Gym', 0);
  const unit = new TestUnit('gym', 'a');
  await unit.pair(hub.store, 'tokyo');
  return unit;
}

const small = (unit: TestUnit) => () => unit.batch(unit.record({}));
const large = (unit: TestUnit) => () => {
  const first = unit.record({});
  const bytes = () => unit.bodies.slice(first - 1).join('').length;
  while (bytes() < HUB_LIMITS.gatheredBytes / 2) for (let more = 0; more < 100; more += 1) unit.record({});
  return unit.batch(first);
};

test('what little comes is gathered for a while, and goes in one commit', async () => {
  const unit = await pairedUnit();
  const { intake, commits } = await busyIntake(small(unit));
  const answers = [intake.add(small(unit)())];
  await clock.advance(HUB_LIMITS.gatherMs - 1);
  expect(commits).toEqual([]);
  answers.push(intake.add(small(unit)()));
  await clock.advance(1);
  await Promise.all(answers);
  expect(commits).toEqual([2]);
});

test('what is enough for a commit of its own waits for nobody', async () => {
  const unit = await pairedUnit();
  const { intake, commits } = await busyIntake(small(unit));
  const answers = [intake.add(large(unit)())];
  await clock.advance(1);
  expect(commits).toEqual([]);
  answers.push(intake.add(large(unit)()));
  await clock.advance(0);
  expect(commits).toEqual([2]);
  expect((await Promise.all(answers)).every(({ ok }) => ok)).toBe(true);
  await intake.idle();
  const next = intake.add(small(unit)());
  await clock.advance(HUB_LIMITS.gatherMs - 1);
  expect(commits).toEqual([2]);
  await clock.advance(1);
  await next;
});

test('while a backlog comes there is work, also between two parts; when nothing comes any more there is none', async () => {
  const unit = await pairedUnit();
  const { intake } = await busyIntake(small(unit));
  expect(intake.hasWork).toBe(false);
  const answer = intake.add(small(unit)());
  await clock.advance(HUB_LIMITS.gatherMs);
  await answer;
  await intake.idle();
  expect(intake.hasWork).toBe(true);
  await clock.advance(HUB_LIMITS.gatherMs);
  expect(intake.hasWork).toBe(false);
});
