// Doors send without pause. What they send is acknowledged first, and counted all the same: in turns that leave most of the
// time to the acknowledgements, never to be put off for good, and found again after a hub that ended in between.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import type { HubStore, Judged } from '../ports.ts';
import { TestUnit } from '../store/testing.ts';
import { silent, type TestHub, testHub } from '../testing.ts';
import { JudgeTurns } from './judge-turns.ts';
import { HUB_LIMITS } from './limits.ts';

const TURN_MS = 20;

let clock: VirtualClock;
let hub: TestHub;
beforeEach(async () => {
  clock = new VirtualClock();
  hub = await testHub(clock);
});
afterEach(() => hub.close());

/** Turns over a store that takes its time and never comes to an end, and when each began. */
function endless(hasWork: boolean, turnMs = TURN_MS) {
  const begun: number[] = [];
  const judge = async (tenants: readonly string[]): Promise<Judged> => {
    begun.push(clock.mono());
    await new Promise<void>((resolve) => clock.after('a turn', turnMs, resolve));
    return { events: 1, left: tenants };
  };
  const store: HubStore = { ...hub.store, judge };
  const turns = new JudgeTurns({ store, clock, limits: HUB_LIMITS, log: silent }, { hasWork });
  return { turns, begun };
}

test('while events wait to be made durable a tenth of the time is judging’s, half once it is late, all when they don’t', async () => {
  const { turns, begun } = endless(true);
  turns.taken('gym');
  await clock.advance(HUB_LIMITS.judgeLateMs);
  const inTime = begun.length;
  expect(inTime).toBeCloseTo(HUB_LIMITS.judgeLateMs / (TURN_MS * 10), -1);
  await clock.advance(HUB_LIMITS.judgeLateMs);
  expect(begun.length - inTime).toBeCloseTo(HUB_LIMITS.judgeLateMs / (TURN_MS * 2), -1);
  const calm = endless(false);
  calm.turns.taken('gym');
  await clock.advance(1_000);
  expect(calm.begun.length).toBeCloseTo(1_000 / TURN_MS, -1);
  const ends = [turns.stop(), calm.turns.stop()];
  await clock.advance(TURN_MS);
  await Promise.all(ends);
});

test('a turn that was held up for seconds is followed by the next one soon', async () => {
  const heldUpMs = 5_000;
  const { turns, begun } = endless(true, heldUpMs);
  turns.taken('gym');
  await clock.advance(heldUpMs + HUB_LIMITS.judgeRestMs);
  expect(begun.map((at) => at - (begun[0] ?? 0))).toEqual([0, heldUpMs + HUB_LIMITS.judgeRestMs]);
  const ends = turns.stop();
  await clock.advance(heldUpMs);
  await ends;
});

test('a tenant whose events can’t be judged holds up no other', async () => {
  const judged: string[] = [];
  const judge = async (tenants: readonly string[]): Promise<Judged> => {
    if (tenants.includes('odd')) throw new Error('a bug');
    judged.push(...tenants);
    return { events: 1, left: [] };
  };
  const store: HubStore = { ...hub.store, judge };
  const turns = new JudgeTurns({ store, clock, limits: HUB_LIMITS, log: silent }, { hasWork: false });
  for (const tenant of ['a', 'odd', 'b']) turns.taken(tenant);
  await vi.waitFor(async () => {
    await clock.advance(1);
    expect(judged).toEqual(['a', 'b']);
  });
  await turns.stop();
});

test('what a hub has acknowledged and not judged is judged by the next that starts, or by another one that looks', async () => {
  await hub.store.createTenant('gym', 'Gym', 0);
  const unit = new TestUnit('gym', 'a');
  await unit.pair(hub.store);
  const take = async () => {
    const seq = unit.record({});
    expect(await hub.store.take([unit.batch(seq)])).toMatchObject([{ ok: true }]);
    expect((await hub.store.waiting()).tenants).toEqual(['gym']);
  };
  const isJudged = () =>
    vi.waitFor(async () => {
      await clock.advance(1);
      expect((await hub.store.waiting()).tenants).toEqual([]);
    });
  await take();
  const next = await testHub(clock, {}, hub.store);
  await isJudged();
  await take();
  await clock.advance(HUB_LIMITS.judgeLookMs);
  await isJudged();
  await next.close();
});
