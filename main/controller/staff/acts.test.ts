// Staff at the screen: each thing they do opens, counts or ends what it should, and the record says who did it and why.
// Codes that they make open doors as long as they are good, and nothing else.
import { describe, expect, test } from 'vitest';
import { phaseOf } from '../../core/door-orders.ts';
import { TEST_SITE } from '../testing.ts';
import { act, details, HOUR_MS, MIA, PIN, type StaffedUnit, SUE, startStaffed, TOM } from './testing.ts';

const FIRE = { inputs: { contact: { driver: 'sim' }, fire: { driver: 'sim' } } };
const phase = ({ unit }: StaffedUnit) => phaseOf(unit.unit.stateOf('front')!);
const last = (house: StaffedUnit) => details(house).at(-1);
const remaining = ({ staff }: StaffedUnit, memberId = 'dan') => {
  const found = staff.looks.member({ memberId });
  return found.ok ? found.value.tickets.map(({ ticketId, remaining: left }) => [ticketId, left]) : found;
};

describe('doors', () => {
  test('are opened once, with who and why', async () => {
    const house = await startStaffed();
    expect(house.staff.acts.open(SUE, { act: act(), doorId: 'front', why: 'delivery' })).toMatchObject({ ok: true });
    await house.unit.clock.advance(0);
    expect(house.unit.door.state().energised).toBe(true);
    expect(last(house)).toStrictEqual({ what: 'open', staffId: 'sue', why: 'delivery' });
    expect(house.staff.acts.open(SUE, { act: act(), doorId: 'x', why: 'other' })).toMatchObject({ error: 'no-door' });
    expect(house.staff.acts.open(TOM, { act: act(), doorId: 'front', why: 'other' })).toMatchObject({
      error: 'not-allowed',
    });
  });

  test('are held open, and no longer', async () => {
    const house = await startStaffed();
    const until = house.unit.clock.wall() + HOUR_MS;
    expect(house.staff.acts.holdOpen(SUE, { act: act(), doorId: 'front', until, why: 'event' })).toMatchObject({
      ok: true,
    });
    await house.unit.clock.advance(60_000);
    expect(phase(house)).toBe('held-unlocked');
    house.staff.acts.endHold(SUE, { act: act(), doorId: 'front', why: 'closing' });
    await house.unit.clock.advance(0);
    expect(phase(house)).toBe('locked');
    expect(details(house)).toMatchObject([
      { what: 'hold-open', staffId: 'sue', why: 'event' },
      { what: 'hold-open', until: null, why: 'closing' },
    ]);
    const tooLong = { act: act(), doorId: 'front', until: until + 24 * HOUR_MS, why: 'event' } as const;
    expect(house.staff.acts.holdOpen(SUE, tooLong)).toMatchObject({ error: 'bad-until' });
  });

  test('are locked down and opened up again', async () => {
    const house = await startStaffed();
    house.staff.acts.lockdown(SUE, { act: act(), doorId: null, why: 'danger' }, true);
    expect(phase(house)).toBe('lockdown');
    house.staff.acts.lockdown(SUE, { act: act(), doorId: null, why: 'other' }, false);
    expect(phase(house)).toBe('locked');
    expect(details(house)).toMatchObject([
      { what: 'lockdown', active: true, staffId: 'sue', why: 'danger' },
      { what: 'lockdown', active: false, why: 'other' },
    ]);
  });

  test('a fire is reset by a manager once nothing burns', async () => {
    const house = await startStaffed({ door: FIRE });
    house.unit.inputs.fire.set(true);
    await house.unit.clock.advance(0);
    expect(house.staff.acts.resetFire(MIA, { act: act() })).toMatchObject({ error: 'burning' });
    house.unit.inputs.fire.set(false);
    await house.unit.clock.advance(0);
    expect(house.staff.acts.resetFire(SUE, { act: act() })).toMatchObject({ error: 'not-allowed' });
    expect(house.staff.acts.resetFire(MIA, { act: act() })).toMatchObject({ ok: true });
    expect(phase(house)).not.toBe('fire');
  });

  test('a doubtful clock is confirmed by a manager, with the time that was shown', async () => {
    const house = await startStaffed();
    house.unit.clock.setWall(house.unit.clock.wall() + HOUR_MS);
    house.unit.watch.look();
    expect(house.staff.looks.clock()).toMatchObject({ value: { trust: 'doubtful', doubt: 'jumped' } });
    const confirm = (shownAt: number) => house.staff.acts.confirmClock(MIA, { act: act(), shownAt });
    expect(confirm(0)).toMatchObject({ error: 'not-shown' });
    expect(confirm(house.unit.clock.wall())).toMatchObject({ ok: true });
    expect(details(house, 'clock').at(-1)).toMatchObject({ why: 'confirmed', staffId: 'mia' });
    expect(confirm(house.unit.clock.wall())).toMatchObject({ error: 'trusted' });
  });
});

describe('members', () => {
  const letIn = (house: StaffedUnit, memberId: string | null, consume = false) =>
    house.staff.acts.letIn(SUE, { act: act(), doorId: 'front', memberId, consume, why: 'no-code' });

  test('are let in, counted or not, undone, and their stay is ended', async () => {
    const house = await startStaffed();
    const done = letIn(house, 'bob', true);
    if (!done.ok) throw new Error(done.error);
    expect(house.unit.events('override')).toMatchObject([
      {
        seq: done.value.event,
        result: { reason: 'override', consumed: [{ kind: 'band' }] },
        detail: { why: 'no-code' },
      },
    ]);
    const undo = (event: number) => house.staff.acts.undo(SUE, { act: act(), event });
    expect(undo(done.value.event)).toStrictEqual({ ok: true, value: { bands: 1, uses: 0, stays: 1 } });
    expect(undo(done.value.event)).toMatchObject({ error: 'twice' });
    expect(undo(1)).toMatchObject({ error: 'no-entry' });
    letIn(house, 'ann');
    const endStay = () => house.staff.acts.endStay(SUE, { act: act(), memberId: 'ann', placeId: 'pl' });
    expect(endStay()).toStrictEqual({ ok: true, value: { ended: 1 } });
    expect(endStay()).toMatchObject({ error: 'not-inside' });
    expect(letIn(house, 'nobody')).toMatchObject({ error: 'no-member' });
    expect(letIn(house, null)).toMatchObject({ ok: true });
  });
});

describe('tickets', () => {
  const redeem = (house: StaffedUnit, ticketId: string, uses = 1) =>
    house.staff.acts.redeem(SUE, { act: act(), ticketId, uses });
  const issue = (house: StaffedUnit, memberId = 'ann', typeId = 'tt') =>
    house.staff.acts.issueTicket(SUE, { act: act(), memberId, typeId });

  test('are redeemed as long as uses are left, on record with who', async () => {
    const house = await startStaffed();
    expect(redeem(house, 'k')).toMatchObject({ value: { memberId: 'dan', remaining: 1 } });
    expect(redeem(house, 'k', 2)).toMatchObject({ error: 'no-ticket' });
    expect(redeem(house, 'k')).toMatchObject({ value: { remaining: 0 } });
    expect(redeem(house, 'k')).toMatchObject({ error: 'no-ticket' });
    expect(redeem(house, 'none')).toMatchObject({ error: 'no-ticket' });
    expect(house.unit.events('redeem')).toMatchObject([
      {
        result: { reason: 'redeemed', consumed: [{ ticketId: 'k', uses: 1 }] },
        detail: { staffId: 'sue', effects: { memberId: 'dan', consumed: { kind: 'ticket', ticketId: 'k', uses: 1 } } },
      },
      {},
    ]);
  });

  test('are issued, open the door, wait for the hub, and outlive an import that doesn’t know them', async () => {
    const house = await startStaffed();
    const issued = issue(house, 'dan');
    if (!issued.ok) throw new Error(issued.error);
    const { ticketId, event } = issued.value;
    expect(last(house)).toMatchObject({
      what: 'issue-ticket',
      staffId: 'sue',
      memberId: 'dan',
      typeId: 'tt',
      ticketId,
    });
    expect(remaining(house)).toStrictEqual([
      ['k', 2],
      [ticketId, 10],
    ]);
    redeem(house, ticketId, 3);
    const importAgain = () => {
      house.unit.store.transact((writer) => writer.importSite(TEST_SITE, house.unit.clock.wall()));
      house.unit.unit.dataChanged();
    };
    importAgain();
    expect(remaining(house)).toStrictEqual([
      ['k', 2],
      [ticketId, 7],
    ]);
    const [held] = house.unit.store.held.waiting(9);
    expect(held).toMatchObject({ kind: 'ticket', seq: event, body: { ticketId, memberId: 'dan', uses: 10 } });
    // The hub has it, and says from now on what there is.
    house.unit.store.transact((writer) => writer.held.taken(held?.id ?? '', house.unit.clock.wall()));
    importAgain();
    expect(remaining(house)).toStrictEqual([['k', 2]]);
  });

  test('are issued to members and of types that are there', async () => {
    const house = await startStaffed();
    expect(issue(house, 'nobody')).toMatchObject({ error: 'no-member' });
    expect(issue(house, 'ann', 'none')).toMatchObject({ error: 'no-type' });
    expect(house.unit.store.held.waiting(9)).toStrictEqual([]);
    expect(details(house)).toStrictEqual([]);
  });
});

describe('visitors', () => {
  async function withPass(hours = 2) {
    const house = await startStaffed();
    const until = house.unit.clock.wall() + hours * HOUR_MS;
    const made = house.staff.acts.visitorPass(SUE, { act: act(), until, doorIds: ['front'] });
    if (!made.ok) throw new Error(made.error);
    return { ...house, ...made.value, until };
  }
  const opened = ({ unit }: StaffedUnit) => unit.events('scan').map(({ result }) => result?.granted);

  test('come in with the code as often as they like, are no entries, and not after its time', async () => {
    const house = await withPass();
    for (let times = 0; times < 2; times += 1) {
      await house.unit.scan(house.text);
      expect(house.unit.door.state().energised).toBe(true);
      await house.unit.clock.advance(10_000);
    }
    expect(house.unit.events('scan')).toMatchObject([
      { result: { granted: true, reason: 'override', consumed: [] }, detail: { visitor: house.id } },
      { detail: { visitor: house.id } },
    ]);
    expect(house.staff.looks.inside({ placeId: 'pl', after: null })).toMatchObject({ value: { rows: [] } });
    await house.unit.clock.advance(2 * HOUR_MS);
    await house.unit.scan(house.text);
    expect(opened(house)).toStrictEqual([true, true, false]);
    expect(house.unit.events('scan').at(-1)?.detail).toMatchObject({ pass: 'expired' });
  });

  test('stay outside while the door is locked down, once the pass is ended, and at other doors', async () => {
    const house = await withPass();
    house.staff.acts.lockdown(SUE, { act: act(), doorId: null, why: 'danger' }, true);
    await house.unit.scan(house.text);
    expect(house.unit.messages.at(-1)).toMatchObject({ kind: 'unjudged', why: 'lockdown' });
    house.staff.acts.lockdown(SUE, { act: act(), doorId: null, why: 'other' }, false);
    expect(house.staff.looks.visitorPasses()).toMatchObject({ value: [{ id: house.id, doorIds: ['front'] }] });
    expect(house.staff.acts.endVisitorPass(SUE, { act: act(), id: house.id })).toMatchObject({ ok: true });
    expect(house.staff.acts.endVisitorPass(SUE, { act: act(), id: house.id })).toMatchObject({ error: 'no-code' });
    await house.unit.clock.advance(10_000);
    await house.unit.scan(house.text);
    expect(opened(house).at(-1)).toBe(false);
    const elsewhere = house.unit.store.transact((writer) => writer.ownCodes.makePass(house.until, ['inner'], 0));
    if (!elsewhere.ok) throw new Error(elsewhere.error.detail);
    await house.unit.scan(elsewhere.value.text);
    expect(house.unit.events('scan').at(-1)).toMatchObject({ result: { granted: false }, detail: { pass: 'door' } });
  });

  test('get a pass for doors of this unit, of at most 31 days, and none while nobody knows the time', async () => {
    const house = await startStaffed();
    const now = house.unit.clock.wall();
    const pass = (until: number, doorIds = ['front']) =>
      house.staff.acts.visitorPass(SUE, { act: act(), until, doorIds });
    expect(pass(now)).toMatchObject({ error: 'bad-until' });
    expect(pass(now + 32 * 24 * HOUR_MS)).toMatchObject({ error: 'bad-until' });
    expect(pass(now + HOUR_MS, ['front', 'x'])).toMatchObject({ error: 'no-door' });
    house.unit.clock.setWall(now + 2 * HOUR_MS);
    expect(pass(house.unit.clock.wall() + HOUR_MS)).toMatchObject({ error: 'clock' });
  });

  test('the code stands nowhere but sealed, for the hub', async () => {
    const house = await withPass();
    await house.unit.scan(house.text);
    expect([...house.unit.store.record.since(0)].join('')).not.toContain(house.text);
    expect(house.unit.store.held.waiting(9)).toMatchObject([{ kind: 'visitor-pass', body: { text: house.text } }]);
  });
});

describe('codes of staff', () => {
  async function withCode() {
    const house = await startStaffed();
    const made = house.staff.acts.staffCode(SUE, { act: act(), staffId: null });
    if (!made.ok) throw new Error(made.error);
    return { ...house, ...made.value };
  }

  test('open through a lockdown, are on record as theirs, and are no entry', async () => {
    const house = await withCode();
    house.staff.acts.lockdown(SUE, { act: act(), doorId: null, why: 'danger' }, true);
    await house.unit.scan(house.text);
    expect(house.unit.door.state().energised).toBe(true);
    expect(last(house)).toStrictEqual({ what: 'open', staffId: 'sue', by: 'code', code: house.id, readerId: 'in' });
    expect(house.unit.events('scan')).toStrictEqual([]);
    expect([...house.unit.store.record.since(0)].join('')).not.toContain(house.text);
  });

  test('open nothing once they are ended, replaced, or whose they are is gone', async () => {
    const house = await withCode();
    const scan = async (text: string) => {
      await house.unit.clock.advance(20_000);
      await house.unit.scan(text);
      return house.unit.door.state().energised;
    };
    const second = house.staff.acts.staffCode(MIA, { act: act(), staffId: 'sue' });
    if (!second.ok) throw new Error(second.error);
    expect(await scan(house.text)).toBe(false);
    expect(await scan(second.value.text)).toBe(true);
    expect(house.staff.acts.endStaffCode(MIA, { act: act(), id: second.value.id })).toMatchObject({ ok: true });
    expect(await scan(second.value.text)).toBe(false);
    const third = house.staff.acts.staffCode(SUE, { act: act(), staffId: null });
    if (!third.ok) throw new Error(third.error);
    house.unit.store.transact((writer) => writer.importSettings({ ...house.unit.store.settings()!, staff: [] }));
    expect(await scan(third.value.text)).toBe(false);
    expect(house.unit.events('scan').map(({ result }) => result?.reason)).toStrictEqual(
      Array.from({ length: 3 }, () => 'unknown-credential'),
    );
  });

  test('of others are a manager’s to make and end; a technician has none', async () => {
    const house = await withCode();
    const make = (by: typeof SUE, staffId: string | null) => house.staff.acts.staffCode(by, { act: act(), staffId });
    expect(make(SUE, 'mia')).toMatchObject({ error: 'not-allowed' });
    expect(make(MIA, 'tom')).toMatchObject({ error: 'not-allowed' });
    expect(make(MIA, 'nobody')).toMatchObject({ error: 'no-staff' });
    await house.unit.clock.advance(1_000);
    const hers = make(MIA, null);
    if (!hers.ok) throw new Error(hers.error);
    expect(house.staff.acts.endStaffCode(SUE, { act: act(), id: hers.value.id })).toMatchObject({
      error: 'not-allowed',
    });
    expect(house.staff.looks.staffCodes()).toMatchObject({ value: [{ staffId: 'mia' }, { staffId: 'sue' }] });
  });

  test('are turned away with the reason where the door can’t be opened', async () => {
    const house = await withCode();
    await house.unit.plug(false);
    await house.unit.scan(house.text);
    expect(house.unit.messages.at(-1)).toMatchObject({ kind: 'unjudged', why: 'lock-away' });
    await house.unit.plug(true);
    await house.unit.clock.advance(10_000);
    house.unit.store.transact = () => ({ ok: false, error: { code: 'full', detail: 'full' } });
    await house.unit.scan(house.text);
    expect(house.unit.messages.at(-1)).toMatchObject({ kind: 'unjudged', why: 'store-failure' });
    expect(house.unit.door.state().energised).toBe(false);
  });
});

describe('alarms', () => {
  test('stand until they end, taken by whoever was first; the page is told at once', async () => {
    const house = await startStaffed();
    house.unit.door.force();
    await house.unit.clock.advance(0);
    const list = () => {
      const found = house.staff.looks.alarms();
      return found.ok ? found.value : [];
    };
    const [alarm] = list();
    expect(alarm).toMatchObject({ doorId: 'front', alarm: 'forced', takenBy: null });
    const take = (id = alarm?.id ?? '') => house.staff.acts.takeAlarm(TOM, { act: act(), id });
    expect(take('none')).toMatchObject({ error: 'no-alarm' });
    expect(take()).toMatchObject({ ok: true });
    expect(take()).toMatchObject({ error: 'twice' });
    expect(list()).toMatchObject([{ takenBy: 'tom' }]);
    expect(last(house)).toStrictEqual({ what: 'take-alarm', alarm: 'forced', staffId: 'tom' });
    await house.unit.clock.advance(60_000);
    expect(list()).toStrictEqual([]);
  });
});

test('nothing that was typed is in an event', async () => {
  const house = await startStaffed();
  await house.staff.signIn('sue', PIN);
  await house.staff.signIn('sue', '135790');
  const record = [...house.unit.store.record.since(0)].join('');
  for (const secret of [PIN, '135790', 'Sakai']) expect(record).not.toContain(secret);
});
