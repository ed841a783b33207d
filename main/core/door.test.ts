// A member is admitted, the lock releases, the leaf opens and falls shut; and everything that can go differently.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTACT_TRUST_MS, type DoorEffect, type DoorInput, type DoorState, restingDoor, stepDoor } from './door.ts';

const SETTINGS = { pulseMs: 3_000, maxPulseMs: 10_000, heldAfterMs: 30_000 };

/** Feeds inputs, 100 ms apart from 0 on. */
function run(inputs: readonly DoorInput[], leafOpen: boolean | null = false) {
  let state: DoorState = restingDoor(leafOpen);
  const effects: DoorEffect[] = [];
  for (const [index, input] of inputs.entries()) {
    const step = stepDoor(SETTINGS, state, input, index * 100);
    state = step.next;
    effects.push(...step.effects);
  }
  const outcomes = effects.flatMap((effect) => (effect.do === 'record-outcome' ? [effect] : []));
  const told = outcomes.map(({ passage, outcome, closedAt }) => ({ event: passage.event, outcome, closedAt }));
  return { state, effects, outcomes, told };
}

const grant = (event: number | null): DoorInput => ({ on: 'grant', event });
const line = (energised: boolean, command = 1): DoorInput => ({ on: 'line', command, energised });
const leaf = (open: boolean | null): DoorInput => ({ on: 'contact', open });
const timer = (name: 'answer' | 'held'): DoorInput => ({ on: 'timer', timer: name });

test('the whole way: commanded, released, passed, closed', () => {
  const { state, outcomes, effects } = run([grant(7), line(true), leaf(true), line(false), leaf(false)]);
  expect(effects[0]).toStrictEqual({ do: 'energise', command: 1, until: 3_000 });
  expect(outcomes).toStrictEqual([
    {
      do: 'record-outcome',
      passage: { event: 7, commandedAt: 0, openedAt: 100, passedAt: 200, watched: false, alone: true },
      outcome: 'opened',
      closedAt: 400,
      nobodyPassed: false,
    },
  ]);
  expect(state).toStrictEqual({ ...restingDoor(false), command: 1, leafMovedAt: 400 });
});

test('the phases on the way', () => {
  const inputs = [grant(7), line(true), leaf(true), line(false), leaf(false)];
  expect(inputs.map((_, index) => run(inputs.slice(0, index + 1)).state.phase)).toStrictEqual([
    'unlocking',
    'unlocking',
    'open',
    'closing',
    'locked',
  ]);
});

describe('how a passage ends', () => {
  test.each<[string, readonly DoorInput[], boolean | null, string, number | null]>([
    ['nobody passed', [grant(7), line(true), line(false)], false, 'unused', 200],
    ['no contact: it counts as passed', [grant(7), line(true), line(false)], null, 'opened', 200],
    [
      'the contact failed meanwhile: it counts as passed',
      [grant(7), line(true), leaf(null), line(false)],
      false,
      'opened',
      300,
    ],
    ['the guard says that it failed', [grant(7), { on: 'failed', command: 1 }], false, 'silent', 100],
    ['the guard says nothing', [grant(7), timer('answer')], false, 'silent', 100],
    ['the guard ended before the lock released', [grant(7), { on: 'guard-lost' }], null, 'silent', 100],
    [
      'the guard ended, but the leaf had opened',
      [grant(7), leaf(true), { on: 'guard-lost' }, leaf(false)],
      false,
      'opened',
      300,
    ],
    [
      'shut again before the pulse ended',
      [grant(7), line(true), leaf(true), leaf(false), line(false)],
      false,
      'opened',
      400,
    ],
    [
      'left open: who passed has passed',
      [grant(7), line(true), leaf(true), line(false), timer('held')],
      false,
      'opened',
      null,
    ],
    ['granted while it stood open', [leaf(true), grant(7), line(true), line(false), leaf(false)], false, 'opened', 400],
  ])('%s', (_, inputs, start, outcome, closedAt) => {
    expect(run(inputs, start).told).toStrictEqual([{ event: 7, outcome, closedAt }]);
  });

  test('several at once end together', () => {
    const { told, effects } = run([
      grant(7),
      line(true),
      grant(8),
      leaf(true),
      line(true, 2),
      line(false, 2),
      leaf(false),
    ]);
    expect(told.map(({ event }) => event)).toStrictEqual([7, 8]);
    expect(effects.filter(({ do: what }) => what === 'energise')).toStrictEqual([
      { do: 'energise', command: 1, until: 3_000 },
      { do: 'energise', command: 2, until: 3_200 },
    ]);
  });

  test('the same exit, held up again, opens again and is one passage', () => {
    expect(run([grant(7), line(true), grant(7), line(false, 2)], null).told).toHaveLength(1);
  });

  test('a failure of an older command says nothing about the newer', () => {
    expect(run([grant(7), grant(8), { on: 'failed', command: 1 }]).told).toStrictEqual([]);
  });

  test('an older pulse that ends while a newer command is on its way ends nothing', () => {
    const { state, told } = run([grant(7), line(true), grant(8), line(false, 1)]);
    expect(told).toStrictEqual([]);
    expect(state).toMatchObject({ phase: 'unlocking', energised: false });
  });

  test('a silent guard is noticed only while it owes an answer', () => {
    expect(run([grant(7)]).effects).toContainEqual({ do: 'start-timer', timer: 'answer', afterMs: 1_500 });
    expect(run([grant(7), line(true)]).effects).toContainEqual({ do: 'stop-timer', timer: 'answer' });
    expect(run([grant(7), line(true), grant(8)]).effects.filter(({ do: what }) => what === 'start-timer')).toHaveLength(
      1,
    );
  });
});

describe('nobody passed', () => {
  const proven = [leaf(true), leaf(false)];
  const vouched = (...inputs: readonly DoorInput[]) =>
    run([...proven, ...inputs]).outcomes.map(({ nobodyPassed }) => nobodyPassed);
  test.each<[string, readonly DoorInput[], readonly boolean[]]>([
    ['the contact that works says so', [grant(7), line(true), line(false)], [true]],
    ['the lock never released', [grant(7), { on: 'failed', command: 1 }], [true]],
    ['somebody did', [grant(7), line(true), leaf(true), leaf(false), line(false)], [false]],
    ['two at once', [grant(7), line(true), grant(8), line(false, 2)], [false, false]],
    ['the contact failed meanwhile', [grant(7), leaf(null), leaf(false), line(false)], [false]],
    ['the guard is gone: who knows when the lock rests', [grant(7), line(true), { on: 'guard-lost' }], [false]],
    ['the guard is silent', [grant(7), timer('answer')], [false]],
  ])('%s', (_, inputs, expected) => expect(vouched(...inputs)).toStrictEqual(expected));
  test('a contact that has not moved since the start, or for a day, vouches for nothing', () => {
    expect(run([grant(7), line(true), line(false)]).outcomes).toMatchObject([{ nobodyPassed: false }]);
    const moved = run(proven).state;
    const later = moved.leafMovedAt! + CONTACT_TRUST_MS;
    const granted = (now: number) => stepDoor(SETTINGS, moved, grant(7), now).next.passages[0]?.watched;
    expect([granted(later), granted(later + 1)]).toStrictEqual([true, false]);
  });
});

describe('alarms', () => {
  test('a leaf that opens without a grant is forced; shut again it is quiet', () => {
    const { effects, state } = run([leaf(true), leaf(false)]);
    expect(effects).toContainEqual({ do: 'alarm', alarm: 'forced', active: true });
    expect(effects).toContainEqual({ do: 'alarm', alarm: 'forced', active: false });
    expect(state.alarms).toStrictEqual([]);
  });
  test('a leaf that stays open is held, once, also while the lock is released', () => {
    const { effects, state } = run([grant(7), line(true), leaf(true), timer('held'), timer('held')]);
    expect(effects.filter(({ do: what }) => what === 'alarm')).toStrictEqual([
      { do: 'alarm', alarm: 'held', active: true },
    ]);
    expect(state).toMatchObject({ phase: 'open', alarms: ['held'] });
    expect(state.passages).toHaveLength(1);
  });
  test('a timer that comes late means nothing', () => {
    expect(
      run([timer('held'), leaf(false), { on: 'guard-lost' }]).effects.filter(({ do: what }) => what === 'alarm'),
    ).toStrictEqual([]);
  });
  test('a door found open at the start, or forced while the guard is away, stays locked as far as the lock goes', () => {
    expect(run([{ on: 'guard-lost' }], true).state.phase).toBe('locked');
  });
});

test('whatever happens: no command without a grant, none longer than allowed, and each grant ends once', () => {
  const input = fc.oneof<fc.Arbitrary<DoorInput>[]>(
    fc.nat(20).map(grant),
    fc.record({ on: fc.constant('line' as const), command: fc.nat(10), energised: fc.boolean() }),
    fc.record({ on: fc.constant('failed' as const), command: fc.nat(10) }),
    fc.constant<DoorInput>({ on: 'guard-lost' }),
    fc.constantFrom(true, false, null).map(leaf),
    fc.constantFrom(timer('answer'), timer('held')),
  );
  fc.assert(
    fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
      const ended = [...inputs, leaf(false), { on: 'guard-lost' } as const];
      const { effects, told, state } = run(ended);
      const commands = effects.flatMap((effect) => (effect.do === 'energise' ? [effect] : []));
      const grants = inputs.filter(({ on }) => on === 'grant').length;
      expect(commands).toHaveLength(grants);
      for (const { until } of commands) expect(until).toBeLessThanOrEqual(ended.length * 100 + SETTINGS.maxPulseMs);
      expect(told.length).toBeLessThanOrEqual(grants);
      expect(state).toMatchObject({ phase: 'locked', passages: [] });
      const events = new Set(inputs.flatMap((one) => (one.on === 'grant' ? [one.event] : [])));
      expect(new Set(told.map(({ event }) => event))).toStrictEqual(events);
    }),
  );
});
