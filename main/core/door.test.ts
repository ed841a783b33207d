// A member is admitted, the lock releases, the leaf opens and falls shut; and everything that can go differently.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stepDoor } from './door.ts';
import { doorAfter, effectText, INPUTS, type InputName, SITUATIONS, type Situation } from './door-cases.ts';
import { doorManual, wordsOf } from './door-manual.ts';
import {
  ANSWER_MS,
  CONTACT_TRUST_MS,
  type DoorEffect,
  type DoorInput,
  type DoorMode,
  type DoorState,
  type DoorTimer,
  MOST_PASSAGES,
  NO_ORDERS,
  type Opening,
  restingDoor,
} from './door-model.ts';
import { entryBar, isPassable, phaseOf } from './door-orders.ts';
import { TRANSITIONS } from './door-table.ts';

const SETTINGS = { pulseMs: 3_000, maxPulseMs: 10_000, heldAfterMs: 30_000 };
const ready: DoorInput = { on: 'lock', ready: true };
const gone: DoorInput = { on: 'lock', ready: false };

/** Feeds inputs, 100 ms apart from 0 on, to a door whose lock is there. */
function run(inputs: readonly DoorInput[], leafOpen: boolean | null = false, settings = SETTINGS) {
  let state: DoorState = stepDoor(settings, restingDoor(leafOpen), ready, 0).next;
  const effects: DoorEffect[] = [];
  for (const [index, input] of inputs.entries()) {
    const step = stepDoor(settings, state, input, index * 100);
    state = step.next;
    effects.push(...step.effects);
  }
  const outcomes = effects.flatMap((effect) => (effect.do === 'record-outcome' ? [effect] : []));
  const told = outcomes.map(({ passage, outcome, closedAt }) => ({ event: passage.event, outcome, closedAt }));
  const commands = effects.flatMap((effect) => (effect.do === 'energise' || effect.do === 'rest' ? [effect] : []));
  return { state, effects, outcomes, told, commands };
}

const open = (event: number | null, by: Opening = 'entry'): DoorInput => ({ on: 'open', event, by });
const line = (energised: boolean, command = 1): DoorInput => ({ on: 'line', command, energised });
const leaf = (isOpen: boolean | null): DoorInput => ({ on: 'contact', open: isOpen });
const timer = (name: DoorTimer): DoorInput => ({ on: 'timer', timer: name });
const mode = (orders: Partial<DoorMode> = {}): DoorInput => ({ on: 'mode', mode: { ...NO_ORDERS, ...orders } });
const failed = (command = 1): DoorInput => ({ on: 'failed', command });

const names = <T extends string>(record: Readonly<Partial<Record<T, unknown>>>) => Object.keys(record) as T[];

describe('the table of transitions', () => {
  const cells = names<Situation>(SITUATIONS).flatMap((situation) =>
    names<InputName>(INPUTS).map((input): [Situation, InputName] => [situation, input]),
  );
  test.each(cells)('%s: %s', (situation, name) => {
    const state = SITUATIONS[situation]();
    const { next, effects } = stepDoor(SETTINGS, state, INPUTS[name](state), 1_000);
    const expected = TRANSITIONS[situation][name];
    if (expected === undefined) expect({ next, effects }).toStrictEqual({ next: state, effects: [] });
    else expect([phaseOf(next), ...effects.map(effectText)].join(', ')).toBe(expected);
  });

  test('the manual shows it as it is', async () => {
    await expect(doorManual()).toMatchFileSnapshot('../../resources/manual/door.md');
    expect(() => wordsOf({}, 'something new')).toThrow('something new');
  });
});

test('the whole way: commanded, released, passed, closed', () => {
  const { state, outcomes, effects } = run([open(7), line(true), leaf(true), line(false), leaf(false)]);
  expect(effects[0]).toStrictEqual({ do: 'energise', command: 1, until: 3_000 });
  expect(outcomes).toStrictEqual([
    {
      do: 'record-outcome',
      passage: {
        event: 7,
        by: 'entry',
        commandedAt: 0,
        until: 300,
        openedAt: 100,
        passedAt: 200,
        watched: false,
        alone: true,
      },
      outcome: 'opened',
      closedAt: 400,
      nobodyPassed: false,
    },
  ]);
  expect(state).toStrictEqual({ ...restingDoor(false), ready: true, command: 1, leafMovedAt: 400 });
});

test('a pulse is never longer than a command may be', () => {
  expect(run([open(7)], false, { ...SETTINGS, pulseMs: 20_000 }).commands).toStrictEqual([
    { do: 'energise', command: 1, until: 10_000 },
  ]);
});

describe('how a passage ends', () => {
  test.each<[string, readonly DoorInput[], boolean | null, string, number | null]>([
    ['nobody passed', [open(7), line(true), line(false)], false, 'unused', 200],
    ['no contact: it counts as passed', [open(7), line(true), line(false)], null, 'opened', 200],
    [
      'the contact failed meanwhile: it counts as passed',
      [open(7), line(true), leaf(null), line(false)],
      false,
      'opened',
      300,
    ],
    ['the guard says that it failed', [open(7), failed()], false, 'silent', 100],
    ['the guard says nothing', [open(7), timer('answer')], false, 'silent', 100],
    ['the guard ended before the lock released', [open(7), gone], null, 'silent', 100],
    ['the guard ended, but the leaf had opened', [open(7), leaf(true), gone, leaf(false)], false, 'opened', 300],
    [
      'shut again before the pulse ended',
      [open(7), line(true), leaf(true), leaf(false), line(false)],
      false,
      'opened',
      400,
    ],
    [
      'left open: who passed has passed',
      [open(7), line(true), leaf(true), line(false), timer('held')],
      false,
      'opened',
      null,
    ],
    ['granted while it stood open', [leaf(true), open(7), line(true), line(false), leaf(false)], false, 'opened', 400],
    [
      'the program ends while the leaf is open',
      [open(7), line(true), leaf(true), { on: 'stop' }],
      false,
      'opened',
      null,
    ],
    ['an exit that waits when the program ends', [gone, open(7, 'exit'), { on: 'stop' }], false, 'silent', 200],
  ])('%s', (_, inputs, start, outcome, closedAt) => {
    expect(run(inputs, start).told).toStrictEqual([{ event: 7, outcome, closedAt }]);
  });

  test('several at once end together', () => {
    const inputs = [open(7), line(true), open(8), leaf(true), line(true, 2), line(false, 2), leaf(false)];
    const { told, commands } = run(inputs);
    expect(told.map(({ event }) => event)).toStrictEqual([7, 8]);
    expect(commands).toStrictEqual([
      { do: 'energise', command: 1, until: 3_000 },
      { do: 'energise', command: 2, until: 3_200 },
    ]);
  });

  test('the first times stay, whatever comes again', () => {
    const inputs = [open(7), line(true), line(true), leaf(true), leaf(false), leaf(true), line(false), leaf(false)];
    expect(run(inputs).outcomes).toMatchObject([{ passage: { openedAt: 100, passedAt: 300 }, closedAt: 700 }]);
  });

  test('the same exit, held up again, opens again and is one passage', () => {
    const { told, commands } = run([open(7, 'exit'), line(true), open(7, 'exit'), line(false, 2)], null);
    expect(told).toHaveLength(1);
    expect(commands.at(-1)).toStrictEqual({ do: 'energise', command: 2, until: 3_200 });
  });

  test('a failure of an older command says nothing about the newer', () => {
    expect(run([open(7), open(8), failed()]).told).toStrictEqual([]);
  });

  test('an older pulse that ends while a newer command is on its way ends nothing, and the newer owes an answer', () => {
    const { state, told, effects } = run([open(7), line(true), open(8), line(false, 1)]);
    expect(told).toStrictEqual([]);
    expect(phaseOf(state)).toBe('unlocking');
    expect(state.energised).toBe(false);
    expect(effects.at(-1)).toStrictEqual({ do: 'start-timer', timer: 'answer', afterMs: 1_500 });
  });

  test('a command that failed is not tried again for an entry, also where the leaf is open', () => {
    const { commands, state } = run([leaf(true), open(7), failed(), line(false), leaf(false)]);
    expect(commands).toHaveLength(1);
    expect(state.passages).toStrictEqual([]);
  });

  test('who goes through a door that is held open already has the outcome when the pulse is over', () => {
    const { told } = run([leaf(true), timer('held'), open(7), line(true), line(false)]);
    expect(told).toStrictEqual([{ event: 7, outcome: 'opened', closedAt: null }]);
  });

  test('who goes out through a door that is held open needs no lock, and waits for none', () => {
    const { told, state } = run([leaf(true), timer('held'), gone, open(7, 'exit')]);
    expect(told).toStrictEqual([{ event: 7, outcome: 'opened', closedAt: null }]);
    expect(state.passages).toStrictEqual([]);
  });

  test('in a crowd the earliest has its outcome when there are too many', () => {
    const crowd = Array.from({ length: MOST_PASSAGES + 1 }, (_, index) => open(index));
    const { told, state } = run([leaf(true), ...crowd]);
    expect(told).toMatchObject([{ event: 0 }]);
    expect(state.passages).toHaveLength(MOST_PASSAGES);
  });

  test('what the leaf does while an earlier command’s end is reported ends no running pulse', () => {
    expect(run([open(7), leaf(true), leaf(false)]).told).toStrictEqual([]);
  });
});

describe('nobody passed', () => {
  const proven = [leaf(true), leaf(false)];
  const vouched = (...inputs: readonly DoorInput[]) =>
    run([...proven, ...inputs]).outcomes.map(({ nobodyPassed }) => nobodyPassed);
  test.each<[string, readonly DoorInput[], readonly boolean[]]>([
    ['the contact that works says so', [open(7), line(true), line(false)], [true]],
    ['the lock never released', [open(7), failed()], [true]],
    ['the lock doesn’t come to rest', [open(7), line(true), failed()], [false]],
    ['somebody did', [open(7), line(true), leaf(true), leaf(false), line(false)], [false]],
    ['two at once', [open(7), line(true), open(8), line(false, 2)], [false, false]],
    ['somebody went out meanwhile', [open(7), line(true), open(8, 'exit'), line(false, 2)], [false, false]],
    ['the contact failed meanwhile', [open(7), leaf(null), leaf(false), line(false)], [false]],
    ['the lock is gone: who knows when it rests', [open(7), line(true), gone], [false]],
    ['the guard is silent', [open(7), timer('answer')], [false]],
    ['the lock never released, and the contact is away', [leaf(null), open(7), failed()], [false]],
    ['the contact was away at first', [leaf(null), open(7), line(true), leaf(false), line(false)], [false]],
    ['it was cut off by a lockdown', [open(7), line(true), mode({ lockdown: true }), line(false, 2)], [true]],
  ])('%s', (_, inputs, expected) => expect(vouched(...inputs)).toStrictEqual(expected));

  test('a contact that has not moved since the start, or for a day, vouches for nothing', () => {
    expect(run([open(7), line(true), line(false)]).outcomes).toMatchObject([{ nobodyPassed: false }]);
    const moved = run(proven).state;
    const later = (moved.leafMovedAt ?? 0) + CONTACT_TRUST_MS;
    const opened = (now: number) => stepDoor(SETTINGS, moved, open(7), now).next.passages[0]?.watched;
    expect([opened(later), opened(later + 1)]).toStrictEqual([true, false]);
  });

  test('a contact that comes back has not moved', () => {
    expect(run([leaf(null), leaf(false), leaf(null), leaf(true)]).state.leafMovedAt).toBeNull();
  });

  test('a repeated exit vouches for no more than it did at first', () => {
    const { outcomes } = run([
      leaf(true),
      leaf(false),
      open(7, 'exit'),
      line(true),
      leaf(null),
      leaf(false),
      open(7, 'exit'),
      line(false, 2),
    ]);
    expect(outcomes).toMatchObject([{ nobodyPassed: false }]);
  });
});

describe('an exit', () => {
  test('waits for a lock that is away, however long, and is commanded when it is back', () => {
    const { told, commands, state } = run([gone, open(7, 'exit'), failed(0), leaf(null), leaf(false), gone, ready]);
    expect(told).toStrictEqual([]);
    expect(commands).toStrictEqual([{ do: 'energise', command: 1, until: 3_600 }]);
    expect(state.passages).toMatchObject([{ event: 7, commandedAt: 600, until: 3_600 }]);
  });

  test('is commanded again where the lock went before it released', () => {
    const { told, commands } = run([open(7, 'exit'), gone, failed(), ready, line(true, 2), line(false, 2)]);
    expect(commands).toHaveLength(2);
    expect(told).toStrictEqual([{ event: 7, outcome: 'unused', closedAt: 500 }]);
  });

  test('whose lock had released is over when the lock goes', () => {
    const { told, commands } = run([open(7, 'exit'), line(true), gone, ready]);
    expect(told).toHaveLength(1);
    expect(commands).toHaveLength(1);
  });

  test('needs no command any more where the leaf opened by its handle', () => {
    const { told, commands, effects } = run([gone, open(7, 'exit'), leaf(true), leaf(false), ready]);
    expect(told).toStrictEqual([{ event: 7, outcome: 'opened', closedAt: 300 }]);
    expect(commands).toStrictEqual([]);
    expect(effects.map(effectText)).not.toContain('alarm forced');
  });

  test.each<[string, Partial<DoorMode>]>([
    ['lockdown', { lockdown: true }],
    ['a closed day', { closed: true }],
    ['an interlock', { interlocked: true }],
    ['all of them and a hold', { lockdown: true, closed: true, interlocked: true, hold: true }],
  ])('opens under %s, and so does staff', (_, orders) => {
    for (const by of ['exit', 'staff'] as const) {
      const { commands } = run([mode(orders), open(7, by)]);
      expect(commands).toStrictEqual([{ do: 'energise', command: 1, until: 3_100 }]);
    }
  });

  test('after a command that was ended has a number of its own', () => {
    const { commands } = run([open(7), mode({ lockdown: true }), open(8, 'exit')]);
    expect(commands.map(({ command }) => command)).toStrictEqual([1, 2, 3]);
  });

  test('goes on when a lockdown ends the entry beside it', () => {
    const { commands } = run([open(7, 'exit'), line(true), open(8), mode({ lockdown: true })]);
    expect(commands).toStrictEqual([
      { do: 'energise', command: 1, until: 3_000 },
      { do: 'energise', command: 2, until: 3_200 },
      { do: 'energise', command: 3, until: 3_000 },
    ]);
  });
});

describe('precedence', () => {
  const HIGHER: readonly (keyof DoorMode)[] = ['lockdown', 'closed', 'interlocked'];
  test.each(HIGHER)('%s ends an entry and a hold at once, and lets neither begin', (order) => {
    const barred = { [order]: true };
    expect(run([open(7), line(true), mode(barred)]).commands.at(-1)).toStrictEqual({ do: 'rest', command: 2 });
    const held = run([mode({ hold: true }), line(true), mode({ ...barred, hold: true })]);
    expect(held.commands.at(-1)).toStrictEqual({ do: 'rest', command: 2 });
    expect(held.state.holding).toBe(false);
    expect(run([mode({ ...barred, hold: true }), open(7)]).commands).toStrictEqual([]);
  });

  test('a member who may not enter after all has an outcome at once: the lock was not asked', () => {
    expect(run([mode({ lockdown: true }), open(7)]).told).toStrictEqual([
      { event: 7, outcome: 'silent', closedAt: 100 },
    ]);
    expect(run([mode({ lockdown: true }), open(7)]).state.passages).toStrictEqual([]);
    expect(run([gone, open(7, 'staff')]).told).toStrictEqual([{ event: 7, outcome: 'silent', closedAt: 100 }]);
  });

  test('fire releases whatever else is ordered', () => {
    const all = { fire: true, lockdown: true, closed: true, interlocked: true };
    expect(run([mode(all)]).commands).toStrictEqual([{ do: 'energise', command: 1, until: 10_000 }]);
  });

  test.each<[string, Partial<DoorMode>, boolean, string | null]>([
    ['nothing', {}, true, null],
    ['fire', { fire: true, lockdown: true, closed: true, interlocked: true }, false, 'fire'],
    ['lockdown', { lockdown: true, closed: true, interlocked: true }, false, 'lockdown'],
    ['closed', { closed: true, interlocked: true }, false, 'closed'],
    ['the lock', { interlocked: true }, false, 'lock'],
    ['the interlock', { interlocked: true }, true, 'interlock'],
    ['a hold bars nobody', { hold: true }, true, null],
  ])('what bars an entry: %s', (_, orders, isReady, bar) => {
    expect(entryBar({ ready: isReady, mode: { ...NO_ORDERS, ...orders } })).toBe(bar);
  });

  test('a grant that ends later than the hold goes on for its time', () => {
    const { commands } = run([mode({ hold: true }), line(true), open(7), mode()]);
    expect(commands.at(-1)).toStrictEqual({ do: 'energise', command: 2, until: 3_200 });
  });

  test('a command at its end is not ended once more', () => {
    const before = run([open(7), line(true)]).state;
    expect(stepDoor(SETTINGS, before, leaf(true), 2_999).next.commandedUntil).toBe(3_000);
    expect(stepDoor(SETTINGS, before, { on: 'tamper', active: true }, 3_000).effects).toStrictEqual([
      { do: 'alarm', alarm: 'tamper', active: true },
    ]);
  });
});

describe('a hold', () => {
  const held = [mode({ hold: true }), line(true)];
  test('is a chain of commands, renewed at half time', () => {
    const { commands, effects } = run([...held, timer('renew'), timer('renew')]);
    expect(commands).toStrictEqual([
      { do: 'energise', command: 1, until: 10_000 },
      { do: 'energise', command: 2, until: 10_200 },
      { do: 'energise', command: 3, until: 10_300 },
    ]);
    const renewals = effects.filter((one) => one.do === 'start-timer' && one.timer === 'renew');
    expect(renewals).toStrictEqual(Array(3).fill({ do: 'start-timer', timer: 'renew', afterMs: 5_000 }));
  });

  test.each<[string, DoorInput]>([
    ['fails', failed()],
    ['drops', line(false)],
  ])('that %s is commanded anew after a second', (_, trouble) => {
    const { effects, state } = run([...held, trouble]);
    expect(effects.at(-1)).toStrictEqual({ do: 'start-timer', timer: 'renew', afterMs: 1_000 });
    expect(state).toMatchObject({ holding: true, commandedUntil: null });
  });

  test('whose lock went is commanded when it is back', () => {
    expect(run([...held, gone, ready]).commands.at(-1)).toStrictEqual({ do: 'energise', command: 2, until: 10_300 });
  });

  test('lets who scans be counted: the outcome comes when the pulse is over, as passed or unused', () => {
    const { state, outcomes } = run([leaf(true), leaf(false), ...held, open(7), leaf(true), leaf(false), open(8)]);
    expect(outcomes).toStrictEqual([]);
    const before = stepDoor(SETTINGS, state, timer('renew'), 3_600);
    const after = stepDoor(SETTINGS, before.next, timer('renew'), 9_000);
    const told = [...before.effects, ...after.effects].filter((one) => one.do === 'record-outcome');
    expect(told).toMatchObject([
      { passage: { event: 7 }, outcome: 'opened', nobodyPassed: false },
      { passage: { event: 8 }, outcome: 'unused', nobodyPassed: false },
    ]);
    expect(before.next.passages).toHaveLength(1);
  });

  test('lets the leaf stand open; from its end on the leaf is watched', () => {
    const { effects, state } = run([...held, leaf(true), timer('held'), mode(), line(false, 2)]);
    expect(effects.filter(({ do: what }) => what === 'alarm')).toStrictEqual([]);
    expect(effects).toContainEqual({ do: 'start-timer', timer: 'held', afterMs: 30_000 });
    expect(phaseOf(state)).toBe('closing');
  });

  test('quiets a door that was held or forced open', () => {
    const { effects, state } = run([leaf(true), timer('held'), ...held]);
    expect(effects.map(effectText)).toStrictEqual(expect.arrayContaining(['end held', 'end forced', 'stop held']));
    expect(state.alarms).toStrictEqual([]);
  });

  test('that the lock doesn’t follow makes no forced alarm', () => {
    expect(run([...held, line(false), leaf(true)]).state.alarms).toStrictEqual([]);
  });
});

describe('alarms', () => {
  const alarmsOf = (inputs: readonly DoorInput[], start = false) =>
    run(inputs, start).effects.flatMap((one) => (one.do === 'alarm' ? [effectText(one)] : []));

  test.each<[string, readonly DoorInput[], readonly string[]]>([
    [
      'a leaf that opens without an opening is forced; shut again it is quiet',
      [leaf(true), leaf(false)],
      ['alarm forced', 'end forced'],
    ],
    [
      'a wire that is cut ends no alarm, a shut leaf does',
      [leaf(true), leaf(null), leaf(false)],
      ['alarm forced', 'end forced'],
    ],
    [
      'a leaf that stays open is held, once, also while the lock is released',
      [open(7), line(true), leaf(true), timer('held'), timer('held'), leaf(false)],
      ['alarm held', 'end held'],
    ],
    ['a timer that comes late means nothing', [timer('held'), gone], []],
    [
      'a cover that is opened and shut',
      [
        { on: 'tamper', active: true },
        { on: 'tamper', active: true },
        { on: 'tamper', active: false },
      ],
      ['alarm tamper', 'end tamper'],
    ],
    [
      'a lock that doesn’t answer, then does',
      [open(7), timer('answer'), open(8), line(true, 2)],
      ['alarm lock', 'end lock'],
    ],
    ['a lock that fails, and comes back', [open(7), failed(), gone, ready], ['alarm lock', 'end lock']],
    [
      'a lock that doesn’t come to rest, then does',
      [open(7), line(true), failed(), line(false)],
      ['alarm lock', 'end lock'],
    ],
    ['a lock that rests after it failed has shown nothing', [open(7), failed(), line(false)], ['alarm lock']],
    ['a lock that is away and fails is no news', [gone, failed(0)], []],
    ['a lock that has answered owes none', [open(7), line(true), timer('answer')], []],
    ['a leaf that opens before the lock has answered', [open(7), leaf(true)], []],
    [
      'a leaf that opens when the lock answers too late',
      [open(7), timer('answer'), line(true), leaf(true)],
      ['alarm lock', 'end lock'],
    ],
  ])('%s', (_, inputs, expected) => expect(alarmsOf(inputs)).toStrictEqual(expected));

  test('a door found open at the start is forced: nobody opened it', () => {
    expect(alarmsOf([leaf(false), leaf(null), leaf(true)])).toStrictEqual(['alarm forced']);
  });
});

describe('an exit whose record takes long', () => {
  const wanted: DoorInput = { on: 'exit-wanted' };
  const exit: DoorInput = { on: 'open', event: 9, by: 'exit' };
  const locked = () => doorAfter(ready);
  const step = (state: DoorState, input: DoorInput, now: number) => stepDoor(SETTINGS, state, input, now);

  test('in time: the guard is told otherwise before it is due', () => {
    const asked = step(locked(), wanted, 1_000);
    expect(asked.effects).toStrictEqual([{ do: 'energise-at', command: 1, at: 1_300, until: 4_300 }]);
    const opened = step(asked.next, exit, 1_299);
    expect(opened.effects).toStrictEqual([
      { do: 'energise', command: 2, until: 4_299 },
      { do: 'start-timer', timer: 'answer', afterMs: ANSWER_MS },
    ]);
    expect(opened.next.due).toBeNull();
  });

  test('too long: the guard has opened, which is this opening; its pulse runs on', () => {
    const asked = step(locked(), wanted, 1_000).next;
    const opened = step(asked, exit, 1_300);
    expect(opened.effects).toStrictEqual([{ do: 'start-timer', timer: 'answer', afterMs: ANSWER_MS }]);
    expect(opened.next).toMatchObject({ command: 1, commandedUntil: 4_300, due: null });
    const on = step(opened.next, line(true), 1_350);
    const off = step(on.next, line(false), 4_300);
    expect(off.effects.filter((one) => one.do === 'record-outcome')).toMatchObject([
      { outcome: 'unused', passage: { event: 9, commandedAt: 1_300, openedAt: 1_350 } },
    ]);
  });

  test('longer than the pulse: nothing is opened a second time, and the outcome comes with the guard’s word', () => {
    const asked = step(locked(), wanted, 1_000).next;
    const opened = step(asked, exit, 6_000);
    expect(opened.effects).toStrictEqual([{ do: 'start-timer', timer: 'answer', afterMs: ANSWER_MS }]);
    const on = step(opened.next, line(true), 6_001);
    const off = step(on.next, line(false), 6_002);
    expect(off.effects.filter((one) => one.do === 'record-outcome')).toMatchObject([{ passage: { event: 9 } }]);
    expect(off.next.passages).toStrictEqual([]);
  });

  test('with the lock gone meanwhile: it waits for the lock, as every exit does', () => {
    const asked = step(locked(), wanted, 1_000).next;
    const away = step(asked, gone, 1_100).next;
    const opened = step(away, exit, 6_000);
    expect(opened.effects).toStrictEqual([]);
    expect(step(opened.next, ready, 7_000).effects).toContainEqual({ do: 'energise', command: 2, until: 10_000 });
  });

  test('nothing is asked of a lock that is away, or held released', () => {
    expect(step(doorAfter(), wanted, 1_000).effects).toStrictEqual([]);
    const held = doorAfter(ready, mode({ hold: true }), line(true));
    expect(step(held, wanted, 1_000)).toStrictEqual({ next: held, effects: [] });
  });
});

test('the other door of an interlock waits while somebody could walk through', () => {
  const passable = (...inputs: readonly DoorInput[]) => isPassable(doorAfter(ready, ...inputs));
  expect(passable()).toBe(false);
  expect(passable(open(7))).toBe(true);
  expect(passable(open(7), line(true))).toBe(true);
  expect(passable(open(7), line(true), line(false))).toBe(false);
  expect(passable(leaf(true))).toBe(true);
  expect(passable(mode({ hold: true }), failed())).toBe(true);
});

const anyInput = fc.oneof<fc.Arbitrary<DoorInput>[]>(
  fc.tuple(fc.nat(20), fc.constantFrom('entry', 'exit', 'staff')).map(([event, by]) => open(event, by)),
  fc.record({ on: fc.constant('line'), command: fc.nat(10), energised: fc.boolean() }),
  fc.nat(10).map(failed),
  fc.constantFrom<DoorInput>(ready, gone, { on: 'exit-wanted' }),
  fc.constantFrom(true, false, null).map(leaf),
  fc.boolean().map((active): DoorInput => ({ on: 'tamper', active })),
  fc.constantFrom('answer', 'held', 'renew').map(timer),
  fc
    .record({
      fire: fc.boolean(),
      lockdown: fc.boolean(),
      closed: fc.boolean(),
      interlocked: fc.boolean(),
      hold: fc.boolean(),
    })
    .map(mode),
);

/** Walks through inputs, 100 ms apart, with every step checked. */
function walk(
  inputs: readonly DoorInput[],
  check: (state: DoorState, effects: readonly DoorEffect[], input: DoorInput, now: number) => void,
) {
  let state = restingDoor(false);
  const effects: DoorEffect[] = [];
  for (const [index, input] of inputs.entries()) {
    const step = stepDoor(SETTINGS, state, input, index * 100);
    check(step.next, step.effects, input, index * 100);
    effects.push(...step.effects);
    state = step.next;
  }
  return { state, effects };
}

describe('whatever happens', () => {
  const everything = (property: (inputs: readonly DoorInput[]) => void) =>
    fc.assert(fc.property(fc.array(anyInput, { maxLength: 60 }), property), { numRuns: 300 });

  test('no command is longer than allowed, none begins without an order or an opening, each has a new number', () => {
    everything((inputs) => {
      let last = 0;
      walk(inputs, (state, effects, _, now) => {
        for (const effect of effects) {
          if (effect.do !== 'energise' && effect.do !== 'energise-at' && effect.do !== 'rest') continue;
          expect(effect.command).toBeGreaterThan(last);
          last = effect.command;
          if (effect.do !== 'energise') continue;
          expect(effect.until).toBeGreaterThan(now);
          expect(effect.until).toBeLessThanOrEqual(now + SETTINGS.maxPulseMs);
          expect(state.holding || state.passages.some(({ until }) => until === effect.until)).toBe(true);
        }
      });
    });
  });

  test('in a fire a lock that is there is released, or being commanded, until it is over', () => {
    everything((inputs) => {
      const timers = new Set<DoorTimer>();
      walk(inputs, (state, effects) => {
        for (const effect of effects) {
          if (effect.do === 'start-timer') timers.add(effect.timer);
          if (effect.do === 'stop-timer') timers.delete(effect.timer);
        }
        if (!state.mode.fire || !state.ready) return;
        expect(state.holding).toBe(true);
        expect(timers).toContain('renew');
        expect(effects.some(({ do: what }) => what === 'rest')).toBe(false);
      });
    });
  });

  test('nothing that is ordered keeps anybody in', () => {
    everything((inputs) => {
      walk(inputs, (state, effects, input, now) => {
        if (input.on !== 'open' || input.by !== 'exit') return;
        const runs = effects.some(({ do: what }) => what === 'energise') || state.holding;
        const waits = state.passages.some(({ event }) => event === input.event);
        const isOpen = state.leafOpen === true;
        expect(state.ready ? runs || state.commandedUntil === now + SETTINGS.pulseMs : waits || isOpen).toBe(true);
      });
    });
  });

  test('under lockdown, closed and interlock the lock is released for exits and staff alone', () => {
    everything((inputs) => {
      walk(inputs, (state, effects, _, now) => {
        const { fire, lockdown, closed, interlocked } = state.mode;
        if (fire || !(lockdown || closed || interlocked)) return;
        const free = state.passages.some(({ by, until }) => by !== 'entry' && until > now);
        if (!free) expect(effects.some(({ do: what }) => what === 'energise')).toBe(false);
        if (!free && state.commandedUntil !== null) expect(state.commandedUntil).toBeLessThanOrEqual(now);
      });
    });
  });

  test('each passage has exactly one outcome, and each alarm ends', () => {
    everything((inputs) => {
      const distinct = inputs.map(
        (input, index): DoorInput => (input.on === 'open' ? { ...input, event: index } : input),
      );
      const quiet: DoorInput[] = [mode(), { on: 'tamper', active: false }, leaf(false), { on: 'stop' }, ready];
      const { state, effects } = walk([...distinct, ...quiet], () => undefined);
      const opened = distinct.flatMap((input) => (input.on === 'open' ? [input.event] : []));
      const told = effects.flatMap((one) => (one.do === 'record-outcome' ? [one.passage.event] : []));
      expect(told.toSorted()).toStrictEqual(opened.toSorted());
      expect(state).toMatchObject({ passages: [], alarms: [], holding: false, commandedUntil: null });
      const balance = new Map<string, number>();
      for (const one of effects) {
        if (one.do !== 'alarm') continue;
        const count = (balance.get(one.alarm) ?? 0) + (one.active ? 1 : -1);
        expect([0, 1]).toContain(count);
        balance.set(one.alarm, count);
      }
      expect([...balance.values()].every((count) => count === 0)).toBe(true);
    });
  });

  test('somebody has passed only where the contact didn’t deny it', () => {
    everything((inputs) => {
      const { effects } = walk([...inputs, { on: 'stop' }], () => undefined);
      for (const one of effects) {
        if (one.do !== 'record-outcome' || !one.nobodyPassed) continue;
        expect(one.passage).toMatchObject({ passedAt: null, watched: true, alone: true });
      }
    });
  });
});
