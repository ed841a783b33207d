// What staff, calendar, buttons and alarm inputs order for the doors, in virtual time; what a restart remembers.
import { describe, expect, test } from 'vitest';
import type { Settings } from '../contract/settings.ts';
import { phaseOf } from '../core/door-orders.ts';
import type { SiteBundle } from '../core/model.ts';
import { letIn, type Override } from './override.ts';
import { FailingDisk, type Misfortune, NO_SETTINGS, NOON, TEST_SITE, TestAppliance } from './testing.ts';

const HOUR_MS = 3_600_000;
const DISK_FULL = { code: 'full', detail: 'the disk is full' } as const;
const STAFF: Settings['staff'] = [
  { id: 'sue', name: 'Sue', role: 'staff', pinHash: '$argon2id$x' },
  { id: 'mia', name: 'Mia', role: 'manager', pinHash: '$argon2id$x' },
  { id: 'tom', name: 'Tom', role: 'technician', pinHash: '$argon2id$x' },
];
const SETTINGS = { ...NO_SETTINGS, staff: STAFF };
const ALL_INPUTS = {
  inputs: {
    contact: { driver: 'sim' },
    exitButton: { driver: 'sim' },
    fire: { driver: 'sim' },
    tamper: { driver: 'sim' },
  },
};
const SITE: SiteBundle = {
  ...TEST_SITE,
  doors: [...TEST_SITE.doors, { ...TEST_SITE.doors[0]!, id: 'inner', name: 'Inner door' }],
};

interface Setting {
  readonly settings?: Partial<Settings>;
  readonly door?: Readonly<Record<string, unknown>>;
  readonly more?: Misfortune;
  readonly site?: SiteBundle;
  readonly before?: TestAppliance;
}

async function start({ settings, door, more, site = SITE, before }: Setting = {}) {
  const unit = new TestAppliance(site, { ...ALL_INPUTS, ...door }, 'none', before?.store, more);
  if (before === undefined) {
    unit.store.transact((writer) => writer.importSettings({ ...SETTINGS, ...settings }));
    unit.unit.site.reload();
  }
  return unit.start();
}

const phase = (unit: TestAppliance, door = 'front') => phaseOf(unit.unit.stateOf(door)!);
const details = (unit: TestAppliance, type: string) => unit.events(type).map(({ detail }) => detail);
const desk = (unit: TestAppliance) => unit.unit.doors.desk;
const unjudged = (unit: TestAppliance) =>
  unit.messages.flatMap((message) => (message.kind === 'unjudged' ? [message.why] : []));

describe('staff', () => {
  test('open a door once: on record with who, then unlocked, then its outcome', async () => {
    const unit = await start();
    const opened = desk(unit).open('front', 'sue');
    await unit.clock.advance(0);
    expect(unit.door.state().energised).toBe(true);
    unit.door.open();
    await unit.clock.advance(3_000);
    const [event] = unit.events('staff');
    expect(opened).toStrictEqual({ ok: true, value: event?.seq });
    expect(event?.detail).toStrictEqual({ what: 'open', staffId: 'sue' });
    expect(unit.events('outcome')).toMatchObject([{ of: event?.seq, detail: { outcome: 'opened' } }]);
    expect(unit.store.record.withoutOutcome()).toStrictEqual([]);
  });

  test('are refused what they may not, or what can’t be done', async () => {
    const unit = await start();
    expect(desk(unit).open('front', 'nobody')).toStrictEqual({ ok: false, error: 'no-staff' });
    expect(desk(unit).open('front', 'tom')).toStrictEqual({ ok: false, error: 'not-allowed' });
    expect(desk(unit).open('nowhere', 'sue')).toStrictEqual({ ok: false, error: 'no-door' });
    expect(desk(unit).resetFire('sue')).toStrictEqual({ ok: false, error: 'not-allowed' });
    expect(desk(unit).resetFire('mia')).toStrictEqual({ ok: true, value: undefined });
    expect(desk(unit).lockdown('nowhere', true, 'sue')).toStrictEqual({ ok: false, error: 'no-door' });
    for (const hours of [-1, 0, 25]) {
      expect(desk(unit).holdOpen('front', unit.clock.wall() + hours * HOUR_MS, 'sue')).toStrictEqual({
        ok: false,
        error: 'bad-until',
      });
    }
    expect(desk(unit).holdOpen('front', Number.NaN, 'sue')).toStrictEqual({ ok: false, error: 'bad-until' });
    await unit.plug(false);
    expect(desk(unit).open('front', 'sue')).toStrictEqual({ ok: false, error: 'lock' });
    unit.inputs.fire.set(true);
    expect(desk(unit).open('front', 'sue')).toStrictEqual({ ok: false, error: 'fire' });
    expect(unit.events('staff')).toStrictEqual([]);
  });

  test('hold a door open until a time: the relay never drops, members are still counted, and it ends by itself', async () => {
    const unit = await start();
    const drops: boolean[] = [];
    unit.door.onChange(({ energised }) => drops.push(energised));
    expect(desk(unit).holdOpen('front', NOON + HOUR_MS, 'sue').ok).toBe(true);
    await unit.clock.advance(30 * 60_000);
    expect(phase(unit)).toBe('held-unlocked');
    await unit.scan('BOB');
    await unit.clock.advance(20_000);
    expect(unit.events('outcome')).toHaveLength(1);
    expect(unit.store.exportSite()?.usage).toHaveLength(1);
    await unit.clock.advance(HOUR_MS / 2 - 20_001);
    expect(drops).toStrictEqual([true]);
    await unit.clock.advance(1);
    expect(drops).toStrictEqual([true, false]);
    expect(phase(unit)).toBe('locked');
    expect(details(unit, 'staff')).toStrictEqual([
      { what: 'hold-open', until: '2026-11-02T04:00:00Z', staffId: 'sue' },
    ]);
    expect(details(unit, 'system').at(-1)).toStrictEqual({ what: 'hold-ended' });
  });

  test('end a hold before its time', async () => {
    const unit = await start();
    desk(unit).holdOpen('front', NOON + HOUR_MS, 'sue');
    await unit.clock.advance(1_000);
    expect(desk(unit).holdOpen('front', null, 'mia').ok).toBe(true);
    await unit.clock.advance(0);
    expect(unit.door.state().energised).toBe(false);
    await unit.clock.advance(2 * HOUR_MS);
    expect(details(unit, 'system').map(({ what }) => what)).not.toContain('hold-ended');
  });

  test('lock down one door or all: nobody in, nothing used up, the screen says why; exits open', async () => {
    const unit = await start({ more: { inner: {} } });
    desk(unit).lockdown('front', true, 'sue');
    expect([phase(unit), phase(unit, 'inner')]).toStrictEqual(['lockdown', 'locked']);
    await unit.scan('BOB');
    expect(unit.events('scan')).toMatchObject([{ result: null, detail: { unjudged: 'lockdown' } }]);
    expect(unjudged(unit)).toStrictEqual(['lockdown']);
    expect(unit.store.exportSite()?.usage).toStrictEqual([]);
    await unit.scan('BOB', 'out');
    expect(unit.door.state().energised).toBe(true);
    desk(unit).lockdown(null, true, 'sue');
    expect(phase(unit, 'inner')).toBe('lockdown');
    desk(unit).lockdown(null, false, 'mia');
    await unit.clock.advance(10_000);
    expect([phase(unit), phase(unit, 'inner')]).toStrictEqual(['locked', 'locked']);
    expect(details(unit, 'staff')).toStrictEqual([
      { what: 'lockdown', active: true, staffId: 'sue' },
      { what: 'lockdown', active: true, staffId: 'sue' },
      { what: 'lockdown', active: false, staffId: 'mia' },
    ]);
  });

  test('cut a member short by a lockdown; where nobody passed the right is given back', async () => {
    const unit = await start();
    unit.door.force();
    await unit.clock.advance(6_000);
    await unit.scan('BOB');
    desk(unit).lockdown(null, true, 'sue');
    await unit.clock.advance(0);
    expect(unit.door.state().energised).toBe(false);
    expect(unit.events('outcome')).toMatchObject([{ detail: { outcome: 'unused' } }]);
    expect(unit.store.exportSite()?.usage).toStrictEqual([]);
  });
});

describe('staff let somebody in', () => {
  const letting = async (override: Partial<Override> = {}) => {
    const unit = await start();
    desk(unit).lockdown(null, true, 'sue');
    const { clock, journal } = unit;
    const { doors, site } = unit.unit;
    const whole = {
      doorId: 'front',
      memberId: 'bob',
      consume: true,
      why: 'no-code',
      staffId: 'sue',
      ...override,
    } as const;
    const done = letIn({ clock, journal, site, doors }, whole);
    await clock.advance(3_000);
    return { unit, done };
  };

  test('by name: on record with who and why, counted if wished, the door opens though nobody may come in', async () => {
    const { unit, done } = await letting();
    const [event] = unit.events('override');
    expect(done).toStrictEqual({ ok: true, value: event?.seq });
    expect(event).toMatchObject({
      direction: 'in',
      result: { granted: true, reason: 'override', memberId: 'bob' },
      detail: { why: 'no-code', consume: true, staffId: 'sue' },
    });
    expect(unit.events('outcome')).toMatchObject([{ of: event?.seq, detail: { outcome: 'unused' } }]);
    expect(unit.store.exportSite()).toMatchObject({ usage: [{ memberId: 'bob' }], stays: [{ memberId: 'bob' }] });
  });

  test('who then doesn’t go in: what it used up is given back', async () => {
    const unit = await start();
    unit.door.force();
    await unit.clock.advance(6_000);
    const { clock, journal } = unit;
    const { doors, site } = unit.unit;
    letIn(
      { clock, journal, site, doors },
      { doorId: 'front', memberId: 'bob', consume: true, why: 'other', staffId: 'sue' },
    );
    await clock.advance(3_000);
    expect(unit.events('undo')).toMatchObject([{ detail: { by: 'contact' } }]);
    expect(unit.store.exportSite()).toMatchObject({ usage: [], stays: [] });
  });

  test('uncounted, or a guest whom nobody knows', async () => {
    expect((await letting({ consume: false })).unit.store.exportSite()?.usage).toStrictEqual([]);
    const { unit } = await letting({ memberId: null });
    expect(unit.events('override')).toMatchObject([{ result: { memberId: null } }]);
    expect(unit.store.exportSite()?.stays).toStrictEqual([]);
  });

  test.each<[string, Partial<Override>]>([
    ['no-member', { memberId: 'nobody' }],
    ['no-staff', { staffId: 'nobody' }],
    ['not-allowed', { staffId: 'tom' }],
    ['no-door', { doorId: 'nowhere' }],
  ])('but not where there is %s', async (fault, override) => {
    const { unit, done } = await letting(override);
    expect(done).toStrictEqual({ ok: false, error: fault });
    expect(unit.events('override')).toStrictEqual([]);
    expect(unit.door.state().energised).toBe(false);
  });
});

describe('while the record can’t be written', () => {
  test('nothing is opened or held open, everything can be locked down, and people get out', async () => {
    const before = await start();
    const disk = new FailingDisk(before.store);
    const unit = await new TestAppliance(SITE, ALL_INPUTS, 'none', disk.store).start();
    disk.writing = DISK_FULL;
    expect(desk(unit).open('front', 'sue')).toStrictEqual({ ok: false, error: 'store' });
    expect(desk(unit).holdOpen('front', NOON + HOUR_MS, 'sue')).toStrictEqual({ ok: false, error: 'store' });
    expect(phase(unit)).toBe('locked');
    expect(desk(unit).lockdown(null, true, 'sue').ok).toBe(true);
    expect(phase(unit)).toBe('lockdown');
    unit.inputs.exitButton.set(true);
    await unit.clock.advance(0);
    expect(unit.door.state().energised).toBe(true);
    await unit.clock.advance(10_000);
    disk.writing = null;
    await unit.clock.advance(1_000);
    expect(details(unit, 'staff')).toStrictEqual([{ what: 'lockdown', active: true, staffId: 'sue', late: true }]);
    const [press] = unit.events('input');
    expect(press?.detail).toMatchObject({ input: 'exitButton', late: true });
    expect(unit.events('outcome').map(({ of }) => of)).toStrictEqual([press?.seq]);
    expect(disk.store.doorOrders.read()).toMatchObject({ doors: [{ doorId: 'front', lockdown: true }] });
  });

  test('a hold that was given before stays as it was', async () => {
    const before = await start();
    const disk = new FailingDisk(before.store);
    const unit = await new TestAppliance(SITE, ALL_INPUTS, 'none', disk.store).start();
    desk(unit).holdOpen('front', NOON + HOUR_MS, 'sue');
    disk.writing = DISK_FULL;
    expect(desk(unit).holdOpen('front', NOON + 2 * HOUR_MS, 'sue').ok).toBe(false);
    disk.writing = null;
    desk(unit).lockdown(null, false, 'sue');
    expect(disk.store.doorOrders.read().doors).toMatchObject([{ doorId: 'front', heldUntil: NOON + HOUR_MS }]);
    await unit.clock.advance(HOUR_MS);
    expect(phase(unit)).toBe('locked');
  });
});

describe('fire', () => {
  test('releases all doors until the input is normal and a manager resets it; the page’s entries stay unjudged', async () => {
    const unit = await start({ more: { inner: {} } });
    unit.inputs.fire.set(true);
    await unit.clock.advance(0);
    expect([phase(unit), phase(unit, 'inner')]).toStrictEqual(['fire', 'fire']);
    expect([unit.door.state().energised, unit.inner.state().energised]).toStrictEqual([true, true]);
    await unit.scan('BOB');
    expect(unjudged(unit)).toStrictEqual(['fire']);
    await unit.clock.advance(HOUR_MS);
    expect(unit.door.state().energised).toBe(true);
    expect(desk(unit).resetFire('mia')).toStrictEqual({ ok: false, error: 'burning' });
    unit.inputs.fire.set(false);
    await unit.clock.advance(HOUR_MS);
    expect(unit.door.state().energised).toBe(true);
    expect(desk(unit).resetFire('mia').ok).toBe(true);
    await unit.clock.advance(0);
    expect([unit.door.state().energised, unit.inner.state().energised]).toStrictEqual([false, false]);
    expect(details(unit, 'input')).toStrictEqual([
      { input: 'fire', active: true },
      { input: 'fire', active: false },
    ]);
    expect(details(unit, 'alarm')).toStrictEqual([
      { alarm: 'fire', active: true },
      { alarm: 'fire', active: false },
    ]);
    expect(details(unit, 'staff')).toStrictEqual([{ what: 'reset-fire', staffId: 'mia' }]);
  });

  test('goes before a lockdown, and a lockdown comes back after it', async () => {
    const unit = await start();
    desk(unit).lockdown(null, true, 'sue');
    unit.inputs.fire.set(true);
    await unit.clock.advance(0);
    expect(unit.door.state().energised).toBe(true);
    unit.inputs.fire.set(false);
    desk(unit).resetFire('mia');
    await unit.clock.advance(0);
    expect([phase(unit), unit.door.state().energised]).toStrictEqual(['lockdown', false]);
  });

  test('is not ended by an input that goes away', async () => {
    const unit = await start();
    unit.inputs.fire.set(true);
    unit.inputs.fire.unplug();
    await unit.clock.advance(0);
    expect(desk(unit).resetFire('mia')).toStrictEqual({ ok: false, error: 'burning' });
    expect(unit.unit.devices.list().find(({ id }) => id === 'front.fire')).toMatchObject({ state: { ok: false } });
  });
});

describe('a restart', () => {
  test('forgets no lockdown, no hold and no fire', async () => {
    const before = await start({ more: { inner: {} } });
    desk(before).lockdown('inner', true, 'sue');
    desk(before).holdOpen('front', NOON + HOUR_MS, 'sue');
    await before.unit.stop();
    const held = await start({ more: { inner: {} }, before });
    expect([phase(held), phase(held, 'inner')]).toStrictEqual(['held-unlocked', 'lockdown']);
    held.inputs.fire.set(true);
    held.inputs.fire.set(false);
    await held.unit.stop();
    const burning = await start({ more: { inner: {} }, before });
    expect([phase(burning), phase(burning, 'inner')]).toStrictEqual(['fire', 'fire']);
    desk(burning).resetFire('mia');
    await burning.clock.advance(HOUR_MS);
    expect([phase(burning), phase(burning, 'inner')]).toStrictEqual(['locked', 'lockdown']);
    const after = await start({ more: { inner: {} }, before });
    expect([phase(after), phase(after, 'inner')]).toStrictEqual(['locked', 'lockdown']);
  });

  test('takes up no hold whose time is over, nor one whose end nobody can tell', async () => {
    const before = await start();
    desk(before).holdOpen('front', NOON + HOUR_MS, 'sue');
    expect(phase(await start({ before, more: { wall: NOON + HOUR_MS } }))).toBe('locked');
    expect(phase(await start({ before, more: { wall: NOON - HOUR_MS, builtAt: NOON } }))).toBe('locked');
    expect(phase(await start({ before, more: { wall: NOON + HOUR_MS - 1 } }))).toBe('held-unlocked');
  });

  test('knows that nobody knows what became of an opening that was cut off', async () => {
    const before = await start({ more: { inner: {} } });
    const { clock, journal } = before;
    const { doors, site } = before.unit;
    desk(before).open('inner', 'sue');
    before.inputs.exitButton.set(true);
    letIn(
      { clock, journal, site, doors },
      { doorId: 'front', memberId: null, consume: false, why: 'guest', staffId: 'sue' },
    );
    const after = await start({ more: { inner: {} }, before });
    const cutOff = after
      .events('outcome')
      .map(({ of, detail }) => [after.events()[(of ?? 0) - 1]?.type, detail['outcome']]);
    expect(cutOff).toStrictEqual([
      ['staff', 'unknown'],
      ['input', 'unknown'],
      ['override', 'unknown'],
    ]);
  });

  test('leaves the orders for doors that are gone alone', async () => {
    const before = await start({ more: { inner: {} } });
    desk(before).lockdown(null, true, 'sue');
    expect(phase(await start({ before }))).toBe('lockdown');
  });
});

describe('the exit button', () => {
  test('opens, is on record with its outcome, and pressed again while open is the same', async () => {
    const unit = await start();
    for (const active of [true, false, true, false]) {
      unit.inputs.exitButton.set(active);
      await unit.clock.advance(1_000);
    }
    expect(unit.door.state().energised).toBe(true);
    await unit.clock.advance(3_000);
    const [press] = unit.events('input');
    expect(unit.events('input')).toMatchObject([{ direction: 'out', detail: { input: 'exitButton', active: true } }]);
    expect(unit.events('outcome').map(({ of }) => of)).toStrictEqual([press?.seq]);
    unit.inputs.exitButton.set(true);
    await unit.clock.advance(10_000);
    unit.inputs.exitButton.set(false);
    await unit.clock.advance(0);
    expect(unit.events('input')).toHaveLength(2);
    expect(unit.door.state().energised).toBe(false);
  });

  test('opens under lockdown, and waits for a lock that is away', async () => {
    const unit = await start();
    desk(unit).lockdown(null, true, 'sue');
    await unit.plug(false);
    unit.inputs.exitButton.set(true);
    await unit.clock.advance(60_000);
    await unit.plug(true);
    expect(unit.door.state().energised).toBe(true);
  });
});

test('a cover that is opened is an alarm until it is shut', async () => {
  const unit = await start();
  unit.inputs.tamper.set(true);
  expect(unit.unit.stateOf('front')?.alarms).toStrictEqual(['tamper']);
  unit.inputs.tamper.set(false);
  expect(details(unit, 'alarm')).toStrictEqual([
    { alarm: 'tamper', active: true },
    { alarm: 'tamper', active: false },
  ]);
  expect(details(unit, 'input')).toStrictEqual([
    { input: 'tamper', active: true },
    { input: 'tamper', active: false },
  ]);
});

describe('an interlock', () => {
  const sluice = { more: { inner: { interlockWith: 'front', inputs: { contact: { driver: 'sim' } } } } };
  test('lets an entry wait for the other door, and judges it when that is shut', async () => {
    const unit = await start(sluice);
    await unit.scan('ANN');
    unit.door.open();
    await unit.clock.advance(2_500);
    await unit.scan('BOB', 'inner-in');
    expect(unit.inner.state().energised).toBe(false);
    await unit.clock.advance(500);
    expect(unit.inner.state().energised).toBe(true);
    expect(unit.events('scan')).toHaveLength(2);
  });

  test('goes both ways where one door names the other', async () => {
    const unit = await start(sluice);
    await unit.scan('ANN', 'inner-in');
    await unit.scan('BOB');
    expect([unit.inner.state().energised, unit.door.state().energised]).toStrictEqual([true, false]);
  });

  test('turns it away, unjudged, when that takes too long', async () => {
    const unit = await start(sluice);
    await unit.scan('ANN');
    await unit.scan('BOB', 'inner-in');
    await unit.clock.advance(2_000);
    expect(unjudged(unit)).toStrictEqual(['interlock']);
    expect(unit.events('scan').at(-1)).toMatchObject({ detail: { expired: true, unjudged: 'interlock' } });
    expect(unit.store.exportSite()?.usage).toStrictEqual([]);
  });
});

describe('the calendar', () => {
  const openDay: Settings['doorSchedules'] = [
    {
      doorId: 'front',
      bands: [
        { do: 'held-unlocked', weekdays: null, from: '13:00', to: '14:00', holiday: 'closed' },
        { do: 'always-locked', weekdays: ['mon'], from: '13:30', to: '13:45', holiday: 'as-weekday' },
      ],
    },
  ];

  test('holds a door open and locks it at its minutes; each change is on record', async () => {
    const unit = await start({ settings: { doorSchedules: openDay } });
    const seen: [string, boolean][] = [];
    for (const minutes of [60, 30, 15, 15]) {
      await unit.clock.advance(minutes * 60_000 - 1);
      seen.push([phase(unit), unit.door.state().energised]);
      await unit.clock.advance(1);
      seen.push([phase(unit), unit.door.state().energised]);
    }
    expect(seen).toStrictEqual([
      ['locked', false],
      ['held-unlocked', true],
      ['held-unlocked', true],
      ['closed', false],
      ['closed', false],
      ['held-unlocked', true],
      ['held-unlocked', true],
      ['locked', false],
    ]);
    const orders = details(unit, 'system').flatMap(({ what, order }) => (what === 'schedule' ? [order] : []));
    expect(orders).toStrictEqual(['held-unlocked', 'always-locked', 'held-unlocked', null]);
  });

  test('lets nobody in on a closed day, from the beginning of business to its end; exits open', async () => {
    const unit = await start({ settings: { closedDays: [{ doorId: 'front', dates: ['2026-11-03'] }] } });
    await unit.clock.advance(16 * HOUR_MS - 1);
    expect(phase(unit)).toBe('locked');
    await unit.clock.advance(1);
    expect(phase(unit)).toBe('closed');
    await unit.scan('ANN');
    expect(unjudged(unit)).toStrictEqual(['closed']);
    await unit.scan('ANN', 'out');
    expect(unit.door.state().energised).toBe(true);
    await unit.clock.advance(24 * HOUR_MS);
    expect(phase(unit)).toBe('locked');
  });

  test('holds nothing open by a clock that is doubtful, and lets go when it becomes so', async () => {
    const lost = await start({
      settings: { doorSchedules: openDay },
      more: { wall: NOON + 1.25 * HOUR_MS, builtAt: NOON + 2 * HOUR_MS },
    });
    expect(phase(lost)).toBe('locked');
    const unit = await start({ settings: { doorSchedules: openDay } });
    await unit.clock.advance(HOUR_MS);
    expect(phase(unit)).toBe('held-unlocked');
    unit.clock.setWall(NOON + 1.2 * HOUR_MS);
    unit.watch.look();
    await unit.clock.advance(0);
    expect([unit.unit.trust, phase(unit)]).toStrictEqual(['doubtful', 'locked']);
  });

  test('opens nothing without its record, and tries again the next minute', async () => {
    const before = await start({ settings: { doorSchedules: openDay } });
    const disk = new FailingDisk(before.store);
    const unit = await new TestAppliance(SITE, ALL_INPUTS, 'none', disk.store).start();
    disk.writing = DISK_FULL;
    await unit.clock.advance(HOUR_MS);
    expect(phase(unit)).toBe('locked');
    disk.writing = null;
    await unit.clock.advance(60_000);
    expect(phase(unit)).toBe('held-unlocked');
  });

  test('is followed as soon as it is imported, and no longer when it is gone', async () => {
    const unit = await start();
    const [schedule] = openDay;
    const bands = [{ ...schedule!.bands[0]!, from: '11:00', to: '24:00' }];
    for (const [doorSchedules, expected] of [
      [[{ doorId: 'front', bands }], 'held-unlocked'],
      [[], 'unlocking'],
    ] as const) {
      unit.store.transact((writer) => writer.importSettings({ ...SETTINGS, doorSchedules: [...doorSchedules] }));
      unit.unit.site.reload();
      unit.unit.doors.calendar.follow();
      expect(phase(unit)).toBe(expected);
      await unit.clock.advance(0);
    }
    expect(unit.door.state().energised).toBe(false);
    expect(unit.clock.timers().map(({ name }) => name)).not.toContain('calendar of the doors');
  });
});
