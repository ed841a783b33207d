// A new unit gets its first manager by the setup code; she adds a colleague, who signs in. Somebody who tries PINs is slowed,
// also over a restart, and never learns more than that it was wrong.
import { describe, expect, test } from 'vitest';
import { NO_SETTINGS } from '../testing.ts';
import { act, cheapHash, details, MIA, PIN, STAFF, type StaffedUnit, SUE, startStaffed } from './testing.ts';

const WRONG = '000001';

async function wrong({ staff }: StaffedUnit, times: number, staffId = 'sue'): Promise<unknown> {
  let last: unknown;
  for (let index = 0; index < times; index += 1) last = await staff.signIn(staffId, WRONG);
  return last;
}

const refused = (fault: string, waitMs: number | null = null) => ({
  ...{ ok: false, error: { fault, waitMs, triesLeft: null } },
});
const wrongOne = (triesLeft: number, waitMs: number | null = null, fault = 'wrong-pin') => ({
  ...{ ok: false, error: { fault, waitMs, triesLeft } },
});

describe('the first manager', () => {
  const input = (code: string) => ({ code, name: 'Aki Abe', pin: '739204' });

  test('is made by the setup code, once, and is signed in by the new PIN', async () => {
    const house = await startStaffed({ team: null });
    const code = house.unit.store.setupCode() ?? '';
    expect(house.staff.who()).toStrictEqual({ people: [], firstManager: true });
    const other = code === '12345678' ? '12345679' : '12345678';
    expect(await house.staff.makeFirstManager(input(other))).toStrictEqual(wrongOne(2, null, 'wrong-code'));
    expect(await house.staff.makeFirstManager({ ...input(code), pin: '111111' })).toStrictEqual(refused('weak-pin'));
    const made = await house.staff.makeFirstManager(input(code));
    expect(made).toMatchObject({ ok: true, value: { name: 'Aki Abe', role: 'manager' } });
    const id = made.ok ? made.value.staffId : '';
    expect(house.staff.who()).toStrictEqual({
      people: [{ staffId: id, name: 'Aki Abe', role: 'manager' }],
      firstManager: false,
    });
    expect(house.unit.store.setupCode()).toBeNull();
    expect(await house.staff.makeFirstManager(input(code))).toStrictEqual(refused('no-first-manager'));
    expect(await house.staff.signIn(id, '739204')).toMatchObject({ ok: true });
    expect(details(house)).toMatchObject([
      { what: 'first-manager', staffId: id },
      { what: 'sign-in', staffId: id },
      { what: 'sign-in', staffId: id },
    ]);
    // And is there after a restart.
    const again = await startStaffed({ before: house });
    expect(await again.staff.signIn(id, '739204')).toMatchObject({ ok: true });
  });

  test('is not made where the settings have a manager; a code that is tried is slowed', async () => {
    const house = await startStaffed();
    const code = house.unit.store.setupCode() ?? '';
    expect(await house.staff.makeFirstManager(input(code))).toStrictEqual(refused('no-first-manager'));
    const bare = await startStaffed({ team: null });
    const tries = [];
    for (let index = 0; index < 4; index += 1) tries.push(await bare.staff.makeFirstManager(input('99999999')));
    expect(tries).toStrictEqual([
      wrongOne(2, null, 'wrong-code'),
      wrongOne(1, null, 'wrong-code'),
      wrongOne(0, 5_000, 'wrong-code'),
      refused('wait', 5_000),
    ]);
    // The right one waits too.
    expect(await bare.staff.makeFirstManager(input(bare.unit.store.setupCode() ?? ''))).toMatchObject(
      refused('wait', 5_000),
    );
  });

  test('can be made anew when nobody is a manager any more', async () => {
    const house = await startStaffed({ team: null });
    await house.staff.makeFirstManager(input(house.unit.store.setupCode() ?? ''));
    const [only] = house.staff.who().people;
    house.unit.store.transact(({ staff }) => staff.remove(only?.staffId ?? ''));
    house.unit.unit.dataChanged();
    expect(house.unit.store.setupCode()).toMatch(/^\d{8}$/);
    expect(house.staff.who().firstManager).toBe(true);
    expect(details(house, 'system')).toContainEqual({ what: 'setup-code-renewed' });
  });
});

describe('a PIN', () => {
  test('signs in whose it is, and nobody else', async () => {
    const house = await startStaffed();
    expect(await house.staff.signIn('sue', PIN)).toStrictEqual({ ok: true, value: SUE });
    expect(await house.staff.signIn('sue', WRONG)).toStrictEqual(wrongOne(2));
    expect(details(house)).toStrictEqual([{ what: 'sign-in', staffId: 'sue' }]);
  });

  test('of nobody on the list is refused in the same words as a wrong one, and slowed as it is', async () => {
    const house = await startStaffed();
    const tries = async (staffIds: readonly string[]) => {
      const said = [];
      for (const staffId of staffIds) said.push(await house.staff.signIn(staffId, PIN));
      return said;
    };
    const known = [await wrong(house, 1), await wrong(house, 1), await wrong(house, 1), await wrong(house, 1)];
    expect(known).toStrictEqual([wrongOne(2), wrongOne(1), wrongOne(0, 5_000), refused('wait', 5_000)]);
    // Under as many names as they like: what is remembered of them is one row.
    expect(await tries(['nobody', 'noone', 'nobody', 'none'])).toStrictEqual(known);
    expect(details(house).at(-1)).toStrictEqual({ what: 'pin-lockout', staffId: null, failures: 3, waitMs: 5_000 });
    expect(await house.staff.signIn('mia', PIN)).toMatchObject({ ok: true });
  });

  test('is slowed after three wrong ones, alone; the right one makes it as it was', async () => {
    const house = await startStaffed();
    expect(await wrong(house, 3)).toStrictEqual(wrongOne(0, 5_000));
    expect(await house.staff.signIn('sue', PIN)).toStrictEqual(refused('wait', 5_000));
    expect(await house.staff.signIn('mia', PIN)).toMatchObject({ ok: true });
    await house.unit.clock.advance(5_000);
    expect(await wrong(house, 2)).toStrictEqual(refused('wait', 10_000));
    await house.unit.clock.advance(10_000);
    expect(await house.staff.signIn('sue', PIN)).toMatchObject({ ok: true });
    expect(await wrong(house, 1)).toStrictEqual(wrongOne(2));
    expect(details(house).filter(({ what }) => what === 'pin-lockout')).toStrictEqual([
      { what: 'pin-lockout', staffId: 'sue', failures: 3, waitMs: 5_000 },
      { what: 'pin-lockout', staffId: 'sue', failures: 4, waitMs: 10_000 },
    ]);
  });

  test('is slowed over a restart, also one in the middle of a try, and with the clock set back', async () => {
    const house = await startStaffed();
    await wrong(house, 2);
    // The plug is pulled while the third is checked.
    const unfinished = house.staff.signIn('sue', WRONG);
    const again = await startStaffed({ before: house });
    await unfinished;
    expect(await again.staff.signIn('sue', PIN)).toStrictEqual(refused('wait', 5_000));
    const earlier = await startStaffed({ before: house, more: { wall: house.unit.clock.wall() - 86_400_000 } });
    expect(await earlier.staff.signIn('sue', PIN)).toStrictEqual(refused('wait', 5_000));
    const later = await startStaffed({ before: house, more: { wall: house.unit.clock.wall() + 5_000 } });
    expect(await later.staff.signIn('sue', PIN)).toMatchObject({ ok: true });
  });

  test('of all together is slowed for a minute at most', async () => {
    const team = Array.from({ length: 12 }, (_, n) => ({ ...STAFF[0]!, id: `s${n}` }));
    const house = await startStaffed({ team: [...team, ...STAFF] });
    for (const { id } of team.slice(0, 9)) await house.staff.signIn(id, WRONG);
    // One who knows a PIN doesn't wash off what was tried of the others.
    expect(await house.staff.signIn('mia', PIN)).toMatchObject({ ok: true });
    await house.staff.signIn('s9', WRONG);
    expect(await house.staff.signIn('mia', PIN)).toStrictEqual(refused('wait', 2_000));
    await house.unit.clock.advance(2_000);
    expect(await house.staff.signIn('mia', PIN)).toMatchObject({ ok: true });
  });

  test('is tried one at a time', async () => {
    const { staff } = await startStaffed();
    const both = await Promise.all([staff.signIn('sue', PIN), staff.signIn('mia', PIN)]);
    expect(both).toMatchObject([{ ok: true }, refused('busy')]);
  });

  test('is tried and counted while the record can’t be written', async () => {
    const house = await startStaffed();
    house.unit.store.transact = () => ({ ok: false, error: { code: 'full', detail: 'full' } });
    await wrong(house, 3);
    expect(await house.staff.signIn('sue', PIN)).toStrictEqual(refused('wait', 5_000));
    expect(await house.staff.signIn('mia', PIN)).toMatchObject({ ok: true });
  });
});

describe('the team', () => {
  const tomo = { name: 'Tomo Tani', role: 'staff', pin: '590318' } as const;

  async function withTomo() {
    const house = await startStaffed();
    const added = await house.staff.team.add(MIA, { act: act(), ...tomo });
    if (!added.ok) throw new Error(added.error);
    return { ...house, id: added.value.staffId };
  }

  test('a manager adds somebody, who then signs in', async () => {
    const house = await withTomo();
    expect(house.staff.team.list()).toMatchObject({
      value: [{ staffId: 'sue', from: 'settings' }, {}, {}, { staffId: house.id, from: 'unit', codes: 0 }],
    });
    expect(await house.staff.signIn(house.id, tomo.pin)).toMatchObject({ ok: true, value: { name: tomo.name } });
    expect(details(house)[0]).toStrictEqual({ what: 'add-staff', staffId: 'mia', person: house.id, role: 'staff' });
    const record = [...house.unit.store.record.since(0)].join('');
    for (const secret of [tomo.name, tomo.pin, 'argon2']) expect(record).not.toContain(secret);
  });

  test('a changed PIN or role, or who is taken off, ends what was signed in; a name does not', async () => {
    const house = await withTomo();
    const change = (more: object) =>
      house.staff.team.change(MIA, { act: act(), staffId: house.id, name: null, role: null, pin: null, ...more });
    const signIn = async (pin: string) => {
      const signed = await house.staff.signIn(house.id, pin);
      if (!signed.ok) throw new Error(signed.error.fault);
      return signed.value;
    };
    const first = await signIn(tomo.pin);
    expect(await change({ name: 'Tomo T.' })).toMatchObject({ ok: true });
    expect(house.staff.isStill(first)).toBe(true);
    expect(await change({ pin: '123456' })).toMatchObject({ error: 'weak-pin' });
    expect(await change({ pin: '604417' })).toMatchObject({ ok: true });
    expect(house.staff.isStill(first)).toBe(false);
    const second = await signIn('604417');
    expect(await change({ role: 'technician' })).toMatchObject({ ok: true });
    expect(house.staff.isStill(second)).toBe(false);
    const third = await signIn('604417');
    expect(house.staff.team.remove(MIA, { act: act(), staffId: house.id })).toMatchObject({ ok: true });
    expect(house.staff.isStill(third)).toBe(false);
  });

  test('one changes one’s own PIN by the old one, and stays signed in', async () => {
    const house = await withTomo();
    const signed = await house.staff.signIn(house.id, tomo.pin);
    if (!signed.ok) throw new Error(signed.error.fault);
    const to = (pin: string, newPin: string) => house.staff.team.changePin(signed.value, { act: act(), pin, newPin });
    expect(await to(WRONG, '604417')).toStrictEqual(wrongOne(2));
    expect(await to(tomo.pin, '222222')).toStrictEqual(refused('weak-pin'));
    expect(await to(tomo.pin, '604417')).toMatchObject({ ok: true });
    expect(house.staff.isStill(signed.value)).toBe(true);
    expect(await house.staff.signIn(house.id, tomo.pin)).toStrictEqual(wrongOne(2));
    expect(await house.staff.team.changePin(SUE, { act: act(), pin: PIN, newPin: '604417' })).toStrictEqual(
      refused('of-settings'),
    );
  });

  test('those of the settings are changed there, and hold where an id stands in both', async () => {
    const house = await withTomo();
    const { team } = house.staff;
    const mine = { act: act(), staffId: 'sue', name: 'X', role: null, pin: null };
    expect(await team.change(MIA, mine)).toMatchObject({ error: 'of-settings' });
    expect(team.remove(MIA, { act: act(), staffId: 'sue' })).toMatchObject({ error: 'of-settings' });
    const settled = { id: house.id, name: 'Settled', role: 'technician', pinHash: cheapHash('777123') } as const;
    house.unit.store.transact((writer) => writer.importSettings({ ...NO_SETTINGS, staff: [settled, ...STAFF] }));
    expect(await house.staff.signIn(house.id, tomo.pin)).toStrictEqual(wrongOne(2));
    expect(await house.staff.signIn(house.id, '777123')).toMatchObject({ value: { role: 'technician' } });
  });

  test('the last manager stays', async () => {
    const house = await startStaffed({ team: null });
    const code = house.unit.store.setupCode() ?? '';
    const made = await house.staff.makeFirstManager({ code, name: 'Aki', pin: '739204' });
    if (!made.ok) throw new Error(made.error.fault);
    const { staffId } = made.value;
    const { team } = house.staff;
    expect(team.remove(made.value, { act: act(), staffId })).toMatchObject({ error: 'last-manager' });
    const down = { act: act(), staffId, name: null, role: 'staff', pin: null } as const;
    expect(await team.change(made.value, down)).toMatchObject({ error: 'last-manager' });
    await team.add(made.value, { act: act(), name: 'Ben', role: 'manager', pin: '482916' });
    expect(team.remove(made.value, { act: act(), staffId })).toMatchObject({ ok: true });
  });
});
