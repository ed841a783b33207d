// The unit has no battery clock. After a power cut it starts in the past, somebody sets the clock, NTP comes back: what
// is on record, who gets in meanwhile, and whether that can be explained later.
import { describe, expect, test } from 'vitest';
import { explainEvent } from '../cli/explain.ts';
import type { DecisionMessage } from '../contract/page.ts';
import type { Store } from '../store/store.ts';
import { TICK_MS } from './clock-trust.ts';
import { type Misfortune, NOON, TEST_SITE, TestAppliance } from './testing.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BUILT = NOON - 30 * DAY;

const start = (more: Misfortune = {}, door = {}, store?: Store) =>
  new TestAppliance(TEST_SITE, door, 'none', store, { builtAt: BUILT, past: 'store', ...more }).start();

/** A unit that was in use, and starts again at `wall`. */
async function restarted(wall: number, door = {}): Promise<TestAppliance> {
  const before = await start();
  await before.scan('ANN');
  await before.clock.advance(HOUR);
  await before.unit.stop();
  return start({ wall }, door, before.store);
}

const reasons = (unit: TestAppliance) => unit.events('scan').map(({ result }) => result?.reason ?? null);
const trusts = (unit: TestAppliance) =>
  unit.events('clock').map(({ detail }) => [detail['from'], detail['to'], detail['why']]);
const lastDecision = (unit: TestAppliance) =>
  unit.messages.filter((message): message is DecisionMessage => message.kind === 'decision').at(-1);

describe('every change of the trust is an event', () => {
  test('none where nothing has changed', async () => {
    expect(trusts(await restarted(NOON + 2 * HOUR))).toStrictEqual([]);
  });

  test('in doubt at the start, since the record is ahead; NTP ends it; then NTP is gone', async () => {
    const unit = await restarted(NOON - DAY);
    expect(unit.unit.watch.doubt).toBe('before-record');
    unit.watch.start();
    unit.kernel.setNtp(true);
    await unit.clock.advance(TICK_MS);
    unit.kernel.setNtp(false);
    await unit.clock.advance(TICK_MS);
    unit.watch.stop();
    expect(trusts(unit)).toStrictEqual([
      ['held', 'doubtful', 'before-record'],
      ['doubtful', 'synced', 'ntp'],
      ['synced', 'held', 'ntp-gone'],
    ]);
  });

  test('a first start before the build', async () => {
    const unit = await start({ wall: 0 });
    expect(trusts(unit)).toStrictEqual([[null, 'doubtful', 'before-build']]);
    expect(unit.watch.trustedAt).toBe(BUILT);
  });

  test('a jump while it runs is seen within ten seconds, or before the next scan', async () => {
    const unit = await start();
    unit.watch.start();
    unit.clock.setWall(NOON + DAY);
    await unit.clock.advance(TICK_MS);
    unit.watch.stop();
    expect(trusts(unit)).toStrictEqual([['held', 'doubtful', 'jumped']]);

    const scanned = await start();
    scanned.clock.setWall(NOON + DAY);
    await scanned.scan('BOB');
    expect(scanned.events().map(({ type }) => type)).toStrictEqual(['system', 'clock', 'scan']);
    expect(reasons(scanned)).toStrictEqual(['clock-doubtful']);
  });

  test('a machine that slept has not jumped', async () => {
    const unit = await start();
    unit.kernel.sleep(8 * HOUR);
    await unit.scan('ANN');
    expect(unit.watch.trust).toBe('held');
  });

  test('what was last believed outlives two restarts in doubt', async () => {
    const first = await restarted(NOON - DAY);
    await first.scan('ANN');
    await first.unit.stop();
    const second = await start({ wall: NOON - 2 * DAY }, {}, first.store);
    expect(second.watch.trust).toBe('doubtful');
    expect(second.watch.trustedAt).toBe(NOON + HOUR);
    await second.unit.stop();
    const third = await start({ wall: NOON + DAY }, {}, second.store);
    expect(third.watch.doubt).toBe('unconfirmed');
    expect(third.watch.trustedAt).toBe(NOON + HOUR);
  });
});

describe('a manager confirms the time shown', () => {
  test('on record with who, and the hours hold again', async () => {
    const unit = await restarted(NOON - DAY);
    await unit.scan('BOB');
    expect(unit.unit.watch.confirm('s-1', unit.clock.wall() - 60_000)).toStrictEqual({ ok: true, value: undefined });
    await unit.clock.advance(5_000);
    await unit.scan('BOB');
    expect(reasons(unit).slice(1)).toStrictEqual(['clock-doubtful', 'plan']);
    expect(unit.events('clock').at(-1)?.detail).toStrictEqual({
      from: 'doubtful',
      to: 'held',
      why: 'confirmed',
      staffId: 's-1',
    });
  });

  test('not a time that is shown no more, nor where nobody doubts, nor one before the build', async () => {
    const unit = await restarted(NOON - DAY);
    expect(unit.watch.confirm('s-1', unit.clock.wall() + 121_000)).toMatchObject({ error: 'not-shown' });
    unit.watch.hubTime(unit.clock.wall() + 30_000);
    expect(unit.watch.trust).toBe('synced');
    expect(unit.watch.confirm('s-1', unit.clock.wall())).toMatchObject({ error: 'trusted' });
    const lost = await start({ wall: 0 });
    expect(lost.watch.confirm('s-1', lost.clock.wall())).toMatchObject({ error: 'impossible' });
    expect(lost.watch.trust).toBe('doubtful');
  });
});

describe('in doubt', () => {
  test('admit-open: plans without hours come in, by the last trusted date; the screen and the explanation say why', async () => {
    const unit = await restarted(NOON - 300 * DAY);
    for (const code of ['ANN', 'BOB', 'DAN', 'EVE', 'NOBODY']) await unit.scan(code);
    const told = lastDecision(unit);
    await unit.clock.advance(HOUR);
    await unit.scan('BOB', 'out');
    expect(reasons(unit).slice(1)).toStrictEqual([
      'plan',
      'clock-doubtful',
      'clock-doubtful',
      'clock-doubtful',
      'unknown-credential',
      'exit',
    ]);
    expect(told?.remedy).toMatchObject({ opensAt: null, tickets: [] });
    expect(unit.store.exportSite()?.usage).toStrictEqual([]);
    const [, bob] = unit.events('scan').slice(1);
    const explained = explainEvent(unit.store, bob?.seq ?? 0);
    expect(explained).toMatchObject({ ok: true, value: { same: true } });
    expect(explained.ok && explained.value.steps.map(({ rule, text }) => `${rule} ${text}`)).toStrictEqual([
      '1.7 clock: is doubtful: plans without hours admit, by the last date that was trusted',
      '3 member bob: is known and not suspended',
      '2.2 2026-11-02 is the business date',
      '3.1 contract c-bob on 2026-11-02: has hours or counts, and nobody knows the time',
    ]);
  });

  test('trust: as if there were none', async () => {
    const unit = await restarted(NOON - DAY, { onDoubtfulClock: 'trust' });
    await unit.scan('BOB');
    expect(reasons(unit).at(-1)).toBe('plan');
    expect(unit.events('scan').at(-1)).toMatchObject({ clock: 'doubtful' });
  });

  test('refuse: nobody comes in, everybody gets out', async () => {
    const unit = await restarted(NOON - DAY, { onDoubtfulClock: 'refuse' });
    await unit.scan('ANN');
    expect(unit.door.state().energised).toBe(false);
    await unit.scan('ANN', 'out');
    expect(unit.door.state().energised).toBe(true);
    expect(reasons(unit).slice(1)).toStrictEqual(['clock-doubtful', 'exit']);
  });

  test('what was judged in doubt is explained the same once the clock is right and the site another', async () => {
    const unit = await restarted(NOON - DAY);
    for (const code of ['ANN', 'BOB']) await unit.scan(code);
    unit.kernel.setNtp(true);
    unit.watch.hubTime(unit.clock.wall());
    const plans = TEST_SITE.plans.map((plan) => ({ ...plan, entry: { mode: 'open' as const } }));
    unit.store.transact((writer) => writer.importSite({ ...TEST_SITE, plans }, NOON));
    for (const { seq } of unit.events('scan'))
      expect(explainEvent(unit.store, seq)).toMatchObject({ ok: true, value: { same: true } });
  });
});
