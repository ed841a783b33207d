// The life of a door, in virtual time: who comes, what is recorded, what the door does, what the screen says.
import { describe, expect, test, vi } from 'vitest';
import type { DecisionMessage } from '../contract/page.ts';
import { Guard } from '../guard/guard.ts';
import { NOON, TEST_SITE, TestAppliance } from './testing.ts';

const start = (...args: ConstructorParameters<typeof TestAppliance>) => new TestAppliance(...args).start();

function decisions(unit: TestAppliance): DecisionMessage[] {
  return unit.messages.flatMap((message) => (message.kind === 'decision' ? [message] : []));
}

const reasons = (unit: TestAppliance) => unit.events('scan').map(({ result }) => result?.reason ?? null);

describe('a member who may enter', () => {
  test('is admitted, passes, and the door locks behind', async () => {
    const unit = await start();
    await unit.scan('ANN');
    expect(unit.door.state().energised).toBe(true);
    unit.door.open();
    await unit.clock.advance(3_000);
    expect(unit.door.state()).toMatchObject({ energised: false, leaf: 'shut' });
    const [scan] = unit.events('scan');
    expect(unit.events('outcome')).toMatchObject([
      {
        of: scan?.seq,
        detail: {
          outcome: 'opened',
          commandedAt: '2026-11-02T03:00:00Z',
          openedAt: '2026-11-02T03:00:00Z',
          passedAt: '2026-11-02T03:00:00Z',
          closedAt: '2026-11-02T03:00:03Z',
        },
      },
    ]);
    expect(unit.messages).toMatchObject([
      {
        kind: 'decision',
        event: scan?.seq,
        granted: true,
        reason: 'plan',
        names: { member: null, plan: 'Open plan', band: null },
        remedy: null,
      },
      { kind: 'outcome', of: scan?.seq, outcome: 'opened' },
    ]);
    expect(unit.clock.timers().map(({ name }) => name)).toStrictEqual(['retention']);
  });

  test('wakes the guard before anything is judged, so that the door waits for no sleeper', async () => {
    const unit = await start();
    using handle = vi.spyOn(Guard.prototype, 'handle');
    await unit.scan('ANN');
    expect(handle.mock.calls.map(([message]) => message.do)).toEqual(['wake', 'energise']);
    await unit.clock.advance(10_000);
    handle.mockClear();
    await unit.scan('ANN', 'out');
    expect(handle.mock.calls.map(([message]) => message.do)).toEqual(['energise-at', 'energise']);
  });

  test('but stays outside: the record says that nobody passed', async () => {
    const unit = await start();
    await unit.scan('ANN');
    await unit.clock.advance(3_000);
    expect(unit.events('outcome')).toMatchObject([{ detail: { outcome: 'unused', passedAt: null } }]);
  });

  test.each([
    ['BOB', { band: 'Daytime', plan: 'Day plan' }, 1],
    ['DAN', { ticket: 'Day ticket', plan: 'Ticket plan' }, 1],
    ['EVE', { program: 'Yoga', plan: 'Day plan' }, null],
  ])('%s is told by what', async (code, names, remaining) => {
    const unit = await start();
    await unit.scan(code);
    expect(decisions(unit)).toMatchObject([{ granted: true, names, remaining }]);
  });

  test.each([
    ['none', null],
    ['initial', '安'],
    ['family', '安藤'],
    ['full', '安藤 あん'],
  ] as const)('is greeted as the site wishes: %s', async (how, shown) => {
    const unit = await start(TEST_SITE, {}, how);
    await unit.scan('ANN');
    expect(decisions(unit)[0]?.names.member).toBe(shown);
  });

  test('two in one opening: one long pulse, an event and an outcome each', async () => {
    const unit = await start();
    await unit.scan('ANN');
    await unit.clock.advance(2_000);
    await unit.scan('BOB');
    unit.door.open();
    await unit.clock.advance(2_900);
    expect(unit.door.state().energised).toBe(true);
    await unit.clock.advance(100);
    expect(unit.door.state().energised).toBe(false);
    expect(unit.events('outcome').map(({ of }) => of)).toStrictEqual(unit.events('scan').map(({ seq }) => seq));
  });
});

describe('a member who may not', () => {
  test('is told what would help, by no name, and the door stays as it is', async () => {
    const unit = await start(TEST_SITE, {}, 'full');
    await unit.scan('CHO');
    expect(unit.door.state().energised).toBe(false);
    const [told] = decisions(unit);
    expect(told).toMatchObject({ granted: false, reason: 'outside-hours', alert: 'error', names: { member: null } });
    expect(told?.remedy).toMatchObject({ opensAt: Date.UTC(2026, 10, 2, 10, 45) });
    expect(unit.events('outcome')).toStrictEqual([]);
  });

  test('because the month is used up learns when it begins anew', async () => {
    const unit = await start();
    for (const days of [0, 1, 2]) {
      await unit.clock.advance(days === 0 ? 0 : 86_400_000);
      await unit.scan('BOB');
    }
    expect(decisions(unit).at(-1)).toMatchObject({
      reason: 'limit-reached',
      remedy: { limit: { used: 2, limit: 2, renewsOn: Date.UTC(2026, 11, 1, 3) } },
    });
  });

  test('and nobody known: refused, and the code is nowhere on record', async () => {
    const unit = await start();
    await unit.scan('NOBODY');
    expect(reasons(unit)).toStrictEqual(['unknown-credential']);
    expect(JSON.stringify(unit.events())).not.toContain('NOBODY');
  });
});

describe('the same code again', () => {
  test('within three seconds of the last time seen is the same scan', async () => {
    const unit = await start();
    for (let count = 0; count < 5; count += 1) {
      await unit.scan('ANN');
      await unit.clock.advance(2_900);
    }
    expect(reasons(unit)).toHaveLength(1);
    await unit.clock.advance(200);
    await unit.scan('ANN');
    expect(reasons(unit)).toHaveLength(2);
  });

  test('on the way out opens again, under the event that it has', async () => {
    const unit = await start();
    await unit.scan('ANN', 'out');
    await unit.clock.advance(2_000);
    await unit.scan('ANN', 'out');
    await unit.clock.advance(2_900);
    expect(unit.door.state().energised).toBe(true);
    expect(reasons(unit)).toStrictEqual(['exit']);
  });
});

describe('while the lock is away', () => {
  test('an entry waits, and is judged when the lock is back in time', async () => {
    const unit = await start();
    await unit.plug(false);
    await unit.scan('BOB');
    await unit.clock.advance(1_500);
    expect(unit.events('scan')).toStrictEqual([]);
    await unit.plug(true);
    expect(reasons(unit)).toStrictEqual(['plan']);
    expect(unit.door.state().energised).toBe(true);
  });

  test('after two seconds it expires: on record, nothing used up, the screen says so, and no door opens later', async () => {
    const unit = await start();
    await unit.plug(false);
    await unit.scan('BOB');
    await unit.clock.advance(2_000);
    expect(unit.events('scan')).toMatchObject([{ result: null, detail: { expired: true } }]);
    expect(unit.messages).toMatchObject([{ kind: 'unjudged', why: 'lock-away', readerId: 'in' }]);
    expect(unit.store.exportSite()?.usage).toStrictEqual([]);
    await unit.plug(true);
    await unit.clock.advance(20_000);
    expect(unit.door.state().energised).toBe(false);
  });

  test('an exit is on record at once, and opens as soon as the lock is back, however late', async () => {
    const unit = await start();
    await unit.plug(false);
    await unit.scan('ANN', 'out');
    expect(reasons(unit)).toStrictEqual(['exit']);
    await unit.clock.advance(60_000);
    await unit.plug(true);
    expect(unit.door.state().energised).toBe(true);
  });

  test('a crowd is not kept: the seventeenth expires at once', async () => {
    const unit = await start(TEST_SITE, { repeatMs: 0 });
    await unit.plug(false);
    for (let count = 0; count < 17; count += 1) await unit.scan(`X${count}`);
    expect(unit.events('scan')).toHaveLength(1);
    await unit.plug(true);
    expect(unit.events('scan')).toHaveLength(17);
  });

  test('pulled out in mid-pulse: the door rests, and the passage has its outcome', async () => {
    const unit = await start();
    await unit.scan('ANN');
    await unit.plug(false);
    await unit.clock.advance(5_000);
    expect(unit.events('outcome')).toHaveLength(1);
    expect(unit.events('device').map(({ detail }) => detail)).toStrictEqual([
      { device: 'front.lock', ok: false, code: 'unplugged' },
    ]);
  });
});

describe('a reader for both ways', () => {
  test('lets in, then out, then in', async () => {
    const unit = await start();
    for (let count = 0; count < 3; count += 1) {
      await unit.scan('ANN', 'both');
      await unit.clock.advance(60_000);
    }
    expect(unit.events('scan').map(({ direction }) => direction)).toStrictEqual(['in', 'out', 'in']);
  });
  test('an unknown code there wants in', async () => {
    const unit = await start();
    await unit.scan('NOBODY', 'both');
    expect(unit.events('scan')).toMatchObject([{ direction: 'in', result: { granted: false } }]);
  });
});

test('leaving: how long, what it costs', async () => {
  const unit = await start();
  await unit.scan('ANN');
  await unit.clock.advance(3_600_000);
  await unit.scan('ANN', 'out');
  expect(decisions(unit).at(-1)).toMatchObject({ direction: 'out', granted: true, stay: { minutes: 60, fee: 500 } });
});

describe('alarms', () => {
  test('forced and held, on record when they begin and when they end', async () => {
    const unit = await start();
    unit.door.force();
    await unit.clock.advance(6_000);
    await unit.scan('ANN');
    unit.door.open();
    unit.door.hold();
    await unit.clock.advance(31_000);
    unit.door.hold();
    await unit.clock.advance(1_000);
    expect(unit.events('alarm').map(({ detail }) => [detail['alarm'], detail['active']])).toStrictEqual([
      ['forced', true],
      ['forced', false],
      ['held', true],
      ['held', false],
    ]);
  });
});

describe('a unit without a site', () => {
  test('lets nobody in and everybody out', async () => {
    const unit = await start(null);
    await unit.scan('ANN');
    await unit.scan('ANN', 'both');
    await unit.scan('ANN', 'out');
    expect(reasons(unit)).toStrictEqual(['unknown-credential', 'unknown-credential', 'exit']);
    expect(decisions(unit)).toMatchObject([{ remedy: null }, { remedy: null }, { names: { plan: null } }]);
    expect(unit.door.state().energised).toBe(true);
  });
  test('nor a door that the site no longer has', async () => {
    const unit = await start({ ...TEST_SITE, doors: [] });
    await unit.scan('ANN');
    expect(reasons(unit)).toStrictEqual(['unknown-credential']);
    expect(decisions(unit)).toMatchObject([{ remedy: null }]);
  });
});

test('what was cut off is marked so at the next start', async () => {
  const before = await start();
  await before.scan('ANN');
  const after = await start(TEST_SITE, {}, 'none', before.store);
  const [scan] = after.events('scan');
  expect(after.events().slice(-2)).toMatchObject([
    { type: 'outcome', of: scan?.seq, detail: { outcome: 'unknown' } },
    { type: 'system', detail: { what: 'start' } },
  ]);
  expect(after.store.record.withoutOutcome()).toStrictEqual([]);
});

test('a reader that goes and comes is on record; at the start it is no event', async () => {
  const unit = await start();
  expect(unit.events('device')).toStrictEqual([]);
  unit.readers.get('in')?.unplug();
  unit.readers.get('in')?.replug();
  await unit.clock.advance(0);
  expect(unit.events('device').map(({ detail }) => detail)).toStrictEqual([
    { device: 'in', ok: false, code: 'unplugged' },
    { device: 'in', ok: true },
  ]);
});

test('stopping in mid-pulse settles what is under way and leaves no timer', async () => {
  const unit = await start();
  await unit.scan('ANN');
  await unit.unit.stop();
  expect(unit.events().slice(-2)).toMatchObject([{ type: 'outcome' }, { type: 'system', detail: { what: 'stop' } }]);
  expect(unit.unit.reading('nowhere', 'ANN', NOON)).toBe(false);
});
