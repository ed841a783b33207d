// Several doors on one unit: it burns at one and all open; two doors of a sluice are never open at once.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DoorEffect, type DoorInput, NO_ORDERS, type Opening } from './door-model.ts';
import { isPassable, phaseOf } from './door-orders.ts';
import { type Orders, restingUnit, stepUnit, type UnitDoors, type UnitInput } from './unit-doors.ts';

const TIMES = { pulseMs: 3_000, maxPulseMs: 10_000, heldAfterMs: 30_000 };
const SETTINGS = new Map([
  ['front', { ...TIMES, interlockWith: 'inner' }],
  ['inner', { ...TIMES, interlockWith: 'front' }],
  ['back', { ...TIMES, interlockWith: null }],
]);
const DOORS = [...SETTINGS.keys()];

const door = (id: string, input: DoorInput): UnitInput => ({ on: 'door', door: id, input });
const open = (id: string, by: Opening = 'entry', event = 7) => door(id, { on: 'open', event, by });
const line = (id: string, command: number, energised: boolean) => door(id, { on: 'line', command, energised });
const leaf = (id: string, isOpen: boolean) => door(id, { on: 'contact', open: isOpen });
const order = (id: string, change: Partial<Orders>): UnitInput => ({ on: 'order', door: id, order: change });
const RESET: UnitInput = { on: 'reset-fire' };
const BURNING: UnitInput = { on: 'fire-goes-on' };

function run(inputs: readonly UnitInput[]) {
  let unit: UnitDoors = restingUnit(DOORS);
  const ready = DOORS.map((id) => door(id, { on: 'lock', ready: true }));
  const effects: { readonly door: string; readonly effect: DoorEffect }[] = [];
  for (const [index, input] of [...ready, ...inputs].entries()) {
    const step = stepUnit(SETTINGS, unit, input, index);
    unit = step.next;
    effects.push(...step.effects);
  }
  const commands = effects.flatMap(({ door: id, effect }) =>
    effect.do === 'energise' || effect.do === 'rest' ? [`${id} ${effect.do} ${effect.command}`] : [],
  );
  return { unit, commands };
}

function stateOf(unit: UnitDoors, id: string) {
  const found = unit.doors.get(id);
  if (found === undefined) throw new Error('no such door');
  return found.state;
}

const phases = (unit: UnitDoors) => DOORS.map((id) => phaseOf(stateOf(unit, id)));

describe('fire', () => {
  test('at one door releases all, until the input is normal and somebody has reset it', () => {
    const burning = [order('back', { fireInput: true })];
    const { unit, commands } = run(burning);
    expect(commands).toStrictEqual(['front energise 1', 'inner energise 1', 'back energise 1']);
    expect(phases(unit)).toStrictEqual(['fire', 'fire', 'fire']);
    expect(run([...burning, RESET]).unit.fire).toBe(true);
    expect(run([...burning, order('back', { fireInput: false })]).unit.fire).toBe(true);
    const over = run([...burning, order('back', { fireInput: false }), RESET]);
    expect(over.unit.fire).toBe(false);
    expect(over.commands.slice(3)).toStrictEqual(['front rest 2', 'inner rest 2', 'back rest 2']);
  });
  test('at two doors is over when both are normal', () => {
    const both = [order('back', { fireInput: true }), order('front', { fireInput: true })];
    expect(run([...both, order('back', { fireInput: false }), RESET]).unit.fire).toBe(true);
  });
  test('that nobody has reset goes on after a restart', () => {
    expect(phases(run([BURNING]).unit)).toStrictEqual(['fire', 'fire', 'fire']);
    expect(phases(run([BURNING, RESET]).unit)).toStrictEqual(['locked', 'locked', 'locked']);
  });
});

describe('an interlock', () => {
  test('lets one door wait while the other is unlocked or open', () => {
    const { unit } = run([open('front')]);
    expect(stateOf(unit, 'inner').mode).toStrictEqual({ ...NO_ORDERS, interlocked: true });
    expect(stateOf(unit, 'back').mode).toStrictEqual(NO_ORDERS);
    expect(run([open('front'), open('inner', 'entry', 8)]).commands).toStrictEqual(['front energise 1']);
    expect(run([leaf('front', true), open('inner')]).commands).toStrictEqual([]);
  });
  test('holds no exit, and an exit ends an entry at the other door', () => {
    expect(run([open('front'), open('inner', 'exit', 8)]).commands).toStrictEqual([
      'front energise 1',
      'inner energise 1',
      'front rest 2',
    ]);
    expect(run([leaf('front', true), open('inner', 'exit')]).commands).toStrictEqual(['inner energise 1']);
  });
  test('of two doors that are to be held open holds the first', () => {
    const held = [order('front', { hold: true }), order('inner', { schedule: 'held-unlocked' })];
    expect(run(held).commands).toStrictEqual(['front energise 1']);
    const passed = [...held, line('front', 1, true), order('front', { hold: false }), line('front', 2, false)];
    expect(run(passed).commands).toStrictEqual(['front energise 1', 'front rest 2', 'inner energise 1']);
  });
  test('after a fire leaves one of the two open at most', () => {
    const held = [order('front', { hold: true, fireInput: true }), order('inner', { hold: true })];
    const lines = [line('front', 1, true), line('inner', 1, true)];
    const over = [...held, ...lines, order('front', { fireInput: false }), RESET];
    expect(phases(run(over).unit).slice(0, 2)).toStrictEqual(['unlocking', 'unlocking']);
    const rested = run([...over, line('front', 2, false), line('inner', 2, false)]);
    expect(phases(rested.unit).filter((phase) => phase === 'held-unlocked')).toHaveLength(1);
  });
});

test.each<[Partial<Orders>, string]>([
  [{ lockdown: true }, 'lockdown'],
  [{ schedule: 'always-locked' }, 'closed'],
  [{ schedule: 'held-unlocked' }, 'held-unlocked'],
  [{ hold: true }, 'held-unlocked'],
  [{ hold: true, schedule: 'always-locked' }, 'closed'],
  [{ hold: true, schedule: 'held-unlocked', lockdown: true }, 'lockdown'],
])('orders for one door leave the others alone: %j', (orders, phase) => {
  expect(phases(run([order('back', orders)]).unit)).toStrictEqual(['locked', 'locked', phase]);
  expect(
    phases(run([order('back', orders), order('back', { lockdown: false, hold: false, schedule: null })]).unit).at(-1),
  ).toMatch(/locked|unlocking/);
});

test('a door that is not there is a mistake of ours', () => {
  expect(() => run([open('nowhere')])).toThrow('there is no door nowhere');
});

describe('whatever happens', () => {
  const anyDoor = fc.constantFrom(...DOORS);
  const anyInput = fc.oneof<fc.Arbitrary<UnitInput>[]>(
    fc
      .tuple(anyDoor, fc.constantFrom<Opening>('entry', 'exit', 'staff'), fc.nat(50))
      .map(([id, by, event]) => open(id, by, event)),
    fc.tuple(anyDoor, fc.nat(8), fc.boolean()).map(([id, command, energised]) => line(id, command, energised)),
    fc.tuple(anyDoor, fc.boolean()).map(([id, isOpen]) => leaf(id, isOpen)),
    fc.tuple(anyDoor, fc.boolean()).map(([id, ready]) => door(id, { on: 'lock', ready })),
    fc
      .tuple(anyDoor, fc.constantFrom('answer', 'held', 'renew'))
      .map(([id, timer]) => door(id, { on: 'timer', timer })),
    fc
      .tuple(
        anyDoor,
        fc.record(
          {
            lockdown: fc.boolean(),
            hold: fc.boolean(),
            fireInput: fc.boolean(),
            schedule: fc.constantFrom(null, 'held-unlocked', 'always-locked'),
          },
          { requiredKeys: [] },
        ),
      )
      .map(([id, change]) => order(id, change)),
    fc.constant(RESET),
  );

  test('in a fire all locks that are there are held released; an interlock never begins an entry or a hold beside an open door', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 60 }), (inputs) => {
        let unit = restingUnit(DOORS);
        for (const [index, input] of inputs.entries()) {
          const before = unit;
          const step = stepUnit(SETTINGS, unit, input, index);
          unit = step.next;
          for (const [id, { state }] of unit.doors) {
            const { interlockWith } = SETTINGS.get(id) ?? { interlockWith: null };
            if (unit.fire) expect(state.holding).toBe(state.ready);
            if (interlockWith === null) continue;
            expect(state.mode.interlocked).toBe(isPassable(stateOf(unit, interlockWith)));
            const began = step.effects.some((one) => one.door === id && one.effect.do === 'energise');
            const free = unit.fire || state.passages.some(({ by, until }) => by !== 'entry' && until > index);
            if (began && !free)
              expect(isPassable(stateOf(before, interlockWith)) && isPassable(stateOf(unit, interlockWith))).toBe(
                false,
              );
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
