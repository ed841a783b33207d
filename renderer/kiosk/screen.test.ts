/**
 * People come to the door one after the other: one is admitted, one is refused and still reads while the next already
 * scans, one leaves with a fee; the door fails to open; the controller goes away. Each must see their own screen, at
 * once, and nothing may stay for the next.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admitted, leaving, NOW, refused, STATUS, unjudged } from '../../build/e2e/kiosk/scenes.ts';
import type { PageMessage, StatusMessage } from '../../main/contract/page.ts';
import { dueAt, firstState, type ScreenInput, type ScreenState, step, TIMES, viewOf } from './screen.ts';

const T0 = 500_000;
const door = STATUS.doors[0]!;
const outcome = (of: number, what: 'opened' | 'unused' | 'silent' | 'unknown' = 'silent'): PageMessage => ({
  kind: 'outcome',
  of,
  doorId: 'front',
  outcome: what,
});

function hear(state: ScreenState, message: PageMessage, atMono: number): ScreenState {
  return step(state, { on: 'message', message }, atMono);
}

function waiting(status: Partial<StatusMessage> = {}, askedDoor: string | null = null): ScreenState {
  const up = step(firstState(askedDoor, T0), { on: 'link', up: true }, T0);
  return hear(up, { ...STATUS, ...status }, T0);
}

const screenAt = (state: ScreenState, atMono: number): string => {
  const view = viewOf(state, atMono);
  return view.screen === 'fault' ? view.reason : view.screen;
};

describe('before the first status', () => {
  test('the page is starting, and says so when nobody answers', () => {
    const first = firstState(null, T0);
    expect(screenAt(first, T0)).toBe('starting');
    expect(dueAt(first, T0)).toBe(T0 + TIMES.lostGraceMs);
    expect(screenAt(first, T0 + TIMES.lostGraceMs)).toBe('controller-lost');
  });

  test('a decision that comes first takes no screen: nobody knows yet whose door this is', () => {
    const state = hear(step(firstState(null, T0), { on: 'link', up: true }, T0), admitted(), T0);
    expect(screenAt(state, T0)).toBe('starting');
  });
});

describe('several in one opening', () => {
  const partyAt = (state: ScreenState, atMono: number): number | null => {
    const view = viewOf(state, atMono);
    return view.screen === 'admitted' ? view.party : null;
  };
  const open = (state: ScreenState['status'], of: 'unlocking' | 'locked') =>
    ({ ...STATUS, ...state, doors: [{ ...door, state: of }] }) satisfies StatusMessage;

  test('are counted while the one before is still on the screen, or the door is open', () => {
    const one = hear(waiting(), admitted(), T0);
    const two = hear(one, admitted({ event: 42 }), T0 + 2_000);
    expect([partyAt(one, T0), partyAt(two, T0 + 2_000)]).toEqual([1, 2]);
    const still = step(hear(two, open(null, 'unlocking'), T0 + 2_100), { on: 'time' }, T0 + 5_000);
    expect(partyAt(hear(still, admitted({ event: 43 }), T0 + 5_000), T0 + 5_000)).toBe(3);
  });

  test('whoever comes when it is shut again, or after a refusal or a way out, begins anew', () => {
    const one = hear(waiting(), admitted(), T0);
    const later = step(one, { on: 'time' }, T0 + 2_500);
    expect(partyAt(hear(later, admitted({ event: 42 }), T0 + 2_500), T0 + 2_500)).toBe(1);
    for (const between of [refused('suspended', {}, { event: 42 }), leaving({ event: 42 })]) {
      const next = hear(hear(one, between, T0 + 100), admitted({ event: 43 }), T0 + 200);
      expect(partyAt(next, T0 + 200)).toBe(1);
    }
  });
});

describe('admitted', () => {
  const state = hear(waiting(), admitted(), T0);

  test('stands at once for 2.5 s, then the door waits again, without a card', () => {
    expect(viewOf(state, T0)).toMatchObject({ screen: 'admitted', decision: { event: 41 } });
    expect(dueAt(state, T0)).toBe(T0 + 2_500);
    expect(screenAt(state, T0 + 2_499)).toBe('admitted');
    expect(viewOf(state, T0 + 2_500)).toEqual({ screen: 'waiting', card: null });
  });

  test('is ended at once by the next decision, whatever it is', () => {
    const next = hear(state, refused('suspended', {}, { event: 42 }), T0 + 100);
    expect(viewOf(next, T0 + 100)).toMatchObject({ screen: 'refused', decision: { event: 42 } });
    expect(screenAt(next, T0 + 2_600)).toBe('refused');
  });

  test('the same member twice begins anew', () => {
    const next = hear(state, admitted({ event: 42 }), T0 + 2_000);
    expect(screenAt(next, T0 + 4_499)).toBe('admitted');
  });
});

test('fire takes the screen from whoever is on it, and gives it back to nobody but the door', () => {
  const left = hear(waiting(), leaving({ stay: { minutes: 60, fee: 500 } }), T0);
  const burning = { ...STATUS, doors: [{ ...door, state: 'fire' as const }] };
  expect(viewOf(hear(left, burning, T0 + 100), T0 + 100)).toEqual({ screen: 'fault', reason: 'fire', decision: null });
  expect(screenAt(hear(hear(left, burning, T0), STATUS, T0), T0 + TIMES.leavingWithFeeMs)).toBe('waiting');
});

describe('refused', () => {
  const state = hear(waiting(), refused('outside-hours'), T0);

  test('stands for 6 s, then is a card on the waiting screen until 20 s', () => {
    expect(screenAt(state, T0 + 5_999)).toBe('refused');
    expect(viewOf(state, T0 + 6_000)).toMatchObject({
      screen: 'waiting',
      card: { decision: { reason: 'outside-hours' }, unspent: false },
    });
    expect(viewOf(state, T0 + 19_999)).toMatchObject({ screen: 'waiting', card: { decision: { event: 41 } } });
    expect(viewOf(state, T0 + 20_000)).toEqual({ screen: 'waiting', card: null });
  });

  test('the times that change the view are known beforehand', () => {
    expect(dueAt(state, T0)).toBe(T0 + 6_000);
    const card = step(state, { on: 'time' }, T0 + 6_000);
    expect(dueAt(card, T0 + 6_000)).toBe(T0 + 20_000);
    expect(dueAt(step(card, { on: 'time' }, T0 + 20_000), T0 + 20_000)).toBeNull();
  });

  test('the card is the same when nobody looked at 6 s', () => {
    expect(step(step(state, { on: 'time' }, T0 + 6_000), { on: 'time' }, T0 + 9_000).card).toEqual(
      step(state, { on: 'time' }, T0 + 9_000).card,
    );
  });

  test('a new decision ends screen and card at once', () => {
    const during = hear(state, admitted({ event: 42 }), T0 + 1_000);
    expect(viewOf(during, T0 + 7_000)).toEqual({ screen: 'waiting', card: null });
    const card = step(state, { on: 'time' }, T0 + 7_000);
    const after = hear(card, admitted({ event: 42 }), T0 + 7_000);
    expect(viewOf(after, T0 + 9_500)).toEqual({ screen: 'waiting', card: null });
  });

  test('close ends it without a card, and closes the card', () => {
    expect(viewOf(step(state, { on: 'close' }, T0 + 1_000), T0 + 1_000)).toEqual({ screen: 'waiting', card: null });
    expect(viewOf(step(state, { on: 'close' }, T0 + 8_000), T0 + 8_000)).toEqual({ screen: 'waiting', card: null });
  });
});

describe('refused, with a ticket that would serve', () => {
  const offer = { ticketId: 't1', name: '1回入館券', remaining: 3, after: 2 };
  const state = hear(waiting(), refused('limit-reached', { tickets: [offer] }), T0);

  test('asks for 20 s; unanswered it spends nothing and says so for 6 s', () => {
    expect(viewOf(state, T0 + 19_999)).toMatchObject({ screen: 'refused', busy: false });
    expect(viewOf(state, T0 + 20_000)).toMatchObject({ screen: 'waiting', card: { unspent: true } });
    expect(viewOf(state, T0 + 25_999)).toMatchObject({ screen: 'waiting', card: { unspent: true } });
    expect(viewOf(state, T0 + 26_000)).toEqual({ screen: 'waiting', card: null });
  });

  test('a choice is made once; when no answer comes, nothing is claimed', () => {
    const chosen = step(state, { on: 'choose', event: 41 }, T0 + 1_000);
    expect(viewOf(chosen, T0 + 1_000)).toMatchObject({ screen: 'refused', busy: true });
    expect(viewOf(chosen, T0 + 20_000)).toMatchObject({ screen: 'waiting', card: { unspent: false } });
  });

  test('choices and ends of choices for another decision change nothing', () => {
    expect(step(state, { on: 'choose', event: 40 }, T0)).toEqual(state);
    expect(step(state, { on: 'choice-ended', event: 40, unspent: true }, T0)).toEqual(state);
  });

  test('“not now” closes it', () => {
    expect(viewOf(step(state, { on: 'close' }, T0 + 1), T0 + 1)).toEqual({ screen: 'waiting', card: null });
  });
});

describe('leaving', () => {
  test.each([
    ['without a stay', null, 6_000],
    ['free of charge', { minutes: 90, fee: 0 }, 6_000],
    ['with something to pay', { minutes: 90, fee: 1 }, 10_000],
  ] as const)('%s', (_what, stay, standsMs) => {
    const state = hear(waiting(), leaving({ stay }), T0);
    expect(screenAt(state, T0 + standsMs - 1)).toBe('leaving');
    expect(screenAt(state, T0 + standsMs)).toBe('waiting');
  });
});

describe('the door that didn’t open', () => {
  const state = hear(waiting(), admitted(), T0);

  test('takes back what was promised, for 6 s', () => {
    const silent = hear(state, outcome(41), T0 + 800);
    expect(viewOf(silent, T0 + 800)).toMatchObject({ screen: 'fault', reason: 'lock-silent', decision: { event: 41 } });
    expect(screenAt(silent, T0 + 6_799)).toBe('lock-silent');
    expect(screenAt(silent, T0 + 6_800)).toBe('waiting');
  });

  test('also after the screen is over, as long as somebody may stand there', () => {
    expect(screenAt(hear(state, outcome(41), T0 + 4_000), T0 + 4_000)).toBe('lock-silent');
    expect(screenAt(hear(state, outcome(41), T0 + 20_000), T0 + 20_000)).toBe('waiting');
  });

  test.each(['opened', 'unused', 'unknown'] as const)('%s is no news', (what) => {
    expect(screenAt(hear(state, outcome(41, what), T0 + 800), T0 + 800)).toBe('admitted');
  });

  test('an outcome of somebody else’s event, or of a refusal, changes nothing', () => {
    expect(screenAt(hear(state, outcome(40), T0 + 800), T0 + 800)).toBe('admitted');
    const no = hear(waiting(), refused('suspended'), T0);
    expect(screenAt(hear(no, outcome(41), T0 + 800), T0 + 800)).toBe('refused');
  });

  test('the next decision takes the screen from it', () => {
    const next = hear(hear(state, outcome(41), T0 + 800), admitted({ event: 42 }), T0 + 1_000);
    expect(screenAt(next, T0 + 1_000)).toBe('admitted');
  });
});

describe('which door', () => {
  const south = { ...door, id: 'south', name: '南口' };
  const two = { doors: [door, south] };

  test('the first of the status, or the one of the address', () => {
    const there = admitted({ doorId: 'south' });
    expect(screenAt(hear(waiting(two), there, T0), T0)).toBe('waiting');
    expect(screenAt(hear(waiting(two, 'south'), there, T0), T0)).toBe('admitted');
  });

  test('an address without a door says so, and shows no other door', () => {
    expect(screenAt(waiting(two, 'north'), T0)).toBe('no-door');
    expect(screenAt(hear(waiting(two, 'north'), admitted(), T0), T0)).toBe('no-door');
  });
});

describe('the controller is away', () => {
  const down = (state: ScreenState, atMono: number): ScreenState => step(state, { on: 'link', up: false }, atMono);

  test('a restart of a second is not seen', () => {
    const gone = down(waiting(), T0);
    expect(screenAt(gone, T0 + 1_499)).toBe('waiting');
    const back = step(gone, { on: 'link', up: true }, T0 + 1_000);
    expect(screenAt(back, T0 + 60_000)).toBe('waiting');
  });

  test('longer is said, and a decision is read to its end first', () => {
    const gone = down(hear(waiting(), refused('suspended'), T0), T0 + 100);
    expect(screenAt(gone, T0 + 5_999)).toBe('refused');
    expect(screenAt(gone, T0 + 6_000)).toBe('controller-lost');
  });

  test('however long it is away, nothing is due any more', () => {
    expect(dueAt(down(waiting(), T0), T0 + 90_000)).toBeNull();
  });

  test('its return ends it at once', () => {
    const back = step(down(waiting(), T0), { on: 'link', up: true }, T0 + 90_000);
    expect(screenAt(back, T0 + 90_000)).toBe('waiting');
  });
});

test('a camera that gives no picture leaves the other readers in use', () => {
  const off = step(waiting(), { on: 'camera', works: false }, T0);
  expect(screenAt(off, T0)).toBe('waiting');
  const alone = waiting({
    devices: STATUS.devices.filter((device) => device.driver !== 'sim' || device.kind === 'lock'),
  });
  expect(screenAt(step(alone, { on: 'camera', works: false }, T0), T0)).toBe('readers-out');
  expect(screenAt(alone, T0)).toBe('waiting');
});

const anyDecision = fc
  .record({
    event: fc.integer({ min: 1, max: 6 }),
    granted: fc.boolean(),
    direction: fc.constantFrom('in' as const, 'out' as const),
    fee: fc.integer({ min: 0, max: 2 }),
    doorId: fc.constantFrom('front', 'south'),
  })
  .map(({ event, granted, direction, fee, doorId }): ScreenInput => {
    const stay = direction === 'out' ? { minutes: 5, fee } : null;
    const reason = granted ? 'plan' : 'suspended';
    return { on: 'message', message: { ...admitted({ event, granted, direction, stay, doorId, reason }), at: NOW } };
  });
const anyInput: fc.Arbitrary<ScreenInput> = fc.oneof(
  anyDecision,
  fc.integer({ min: 1, max: 6 }).map((of): ScreenInput => ({ on: 'message', message: outcome(of) })),
  fc.constant<ScreenInput>({ on: 'message', message: STATUS }),
  fc.boolean().map((up): ScreenInput => ({ on: 'link', up })),
  fc.boolean().map((works): ScreenInput => ({ on: 'camera', works })),
  fc.constant<ScreenInput>({ on: 'close' }),
  fc.constant<ScreenInput>({ on: 'time' }),
);

test('whatever happens, in any order: nothing is stuck, and the view changes only when it was announced', () => {
  const story = fc.array(fc.tuple(anyInput, fc.integer({ min: 0, max: 9_000 })), { maxLength: 40 });
  fc.assert(
    fc.property(story, (inputs) => {
      let state = waiting();
      let now = T0;
      for (const [input, laterMs] of inputs) {
        state = step(state, input, now);
        const due = dueAt(state, now) ?? Number.POSITIVE_INFINITY;
        expect(due).toBeGreaterThan(now);
        expect(viewOf(state, Math.min(due, now + laterMs + 1) - 0.5)).toEqual(viewOf(state, now));
        now += laterMs;
      }
      state = step(state, { on: 'link', up: true }, now);
      expect(screenAt(step(state, { on: 'camera', works: true }, now), now + 20_000)).toBe('waiting');
    }),
    { numRuns: 500 },
  );
});

describe('turned away unjudged', () => {
  const state = hear(waiting(), unjudged('store-failure'), T0);

  test('stands for 6 s, then the door waits again, without a card: it was about nobody', () => {
    expect(viewOf(state, T0)).toMatchObject({ screen: 'unjudged', message: { why: 'store-failure', event: 41 } });
    expect(dueAt(state, T0)).toBe(T0 + TIMES.refusedMs);
    expect(screenAt(state, T0 + 5_999)).toBe('unjudged');
    expect(viewOf(state, T0 + 6_000)).toEqual({ screen: 'waiting', card: null });
  });

  test('takes the screen from a decision, and gives it to the next', () => {
    expect(screenAt(hear(hear(waiting(), admitted(), T0), unjudged('lock-away'), T0 + 100), T0 + 100)).toBe('unjudged');
    const next = hear(state, admitted({ event: 42 }), T0 + 100);
    expect(screenAt(next, T0 + 100)).toBe('admitted');
    expect(screenAt(next, T0 + 5_000)).toBe('waiting');
  });

  test('is closed by a press, and stands at its own door alone', () => {
    expect(screenAt(step(state, { on: 'close' }, T0 + 1), T0 + 1)).toBe('waiting');
    expect(screenAt(hear(waiting(), { ...unjudged('lock-away'), doorId: 'south' }, T0), T0)).toBe('waiting');
  });
});
