// The guard is what stands between a hung controller and a door that stays open. Whatever is asked of it, or no longer
// asked, or refused by a board: no line is energised longer than its command says, and in the end everything rests.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import type { LockPort } from '../../device/ports.ts';
import { SimLock } from '../../device/sim/lock.ts';
import { Guard } from './guard.ts';
import type { FromGuard, GuardedLock } from './protocol.ts';

const FAULT = { code: 'failed', detail: 'the board said no' } as const;

/** Messages without what every test would have to repeat. */
function brief(message: FromGuard, started: number): string {
  switch (message.say) {
    case 'ready':
      return 'ready';
    case 'line':
      return `${message.door} ${message.seq} ${message.energised ? 'on' : 'off'} at ${message.mono - started}`;
    case 'failed':
      return `${message.door} ${message.seq} failed: ${message.detail}`;
    case 'device':
      return `${message.door} ${message.state.ok ? 'ok' : message.state.code}`;
    case 'part':
      return `${message.id} ${message.state.ok ? 'ok' : message.state.code}`;
    case 'input':
      return `${message.id} ${message.active}`;
    case 'pong':
      return 'pong';
    default:
      return message satisfies never;
  }
}

async function make(doors: readonly string[] = ['front'], maxPulseMs = 10_000) {
  const clock = new VirtualClock();
  const locks = new Map<string, SimLock>();
  const moves: string[] = [];
  const said: FromGuard[] = [];
  const complaints: string[] = [];
  const started = clock.mono();
  const guard = new Guard({
    clock,
    pid: 42,
    makeLocks: (wanted) =>
      wanted.map((lock) => {
        const port = new SimLock(clock, (energised, mono) => {
          moves.push(`${lock.door} ${energised ? 'on' : 'off'} at ${mono - started}`);
        });
        locks.set(lock.door, port);
        return { lock, port, plug: (there) => void (there ? port.replug() : port.unplug()) };
      }),
    makeAuxiliaries: noAuxiliaries,
    say: (message) => said.push(message),
    complain: (text) => complaints.push(text),
  });
  const wanted: GuardedLock[] = doors.map((door) => ({ door, maxPulseMs, line: { driver: 'sim' } }));
  guard.handle({ do: 'open', locks: wanted });
  await clock.advance(0);
  const opening = said.splice(0);
  const lock = locks.get(doors[0] ?? '');
  if (lock === undefined) throw new Error('no lock');
  return {
    clock,
    guard,
    lock,
    locks,
    moves,
    complaints,
    opening: opening.map((message) => brief(message, started)),
    /** What it has said since the last call. */
    heard: () => said.splice(0).map((message) => brief(message, started)),
    energise: (seq: number, ms: number, door = 'front') =>
      guard.handle({ do: 'energise', door, seq, until: clock.mono() + ms }),
    energiseIn: (seq: number, delayMs: number, ms: number) => {
      const at = clock.mono() + delayMs;
      guard.handle({ do: 'energise-at', door: 'front', seq, at, until: at + ms });
    },
    rest: (seq: number, door = 'front') => guard.handle({ do: 'rest', door, seq }),
  };
}

describe('a command that is due later', () => {
  test('is carried out at its time, to its end', async () => {
    const { clock, energiseIn, moves, heard } = await make();
    energiseIn(1, 300, 3_000);
    await clock.advance(299);
    expect(moves).toEqual([]);
    await clock.advance(1);
    expect(moves).toEqual(['front on at 300']);
    await clock.advance(3_000);
    expect(heard()).toEqual(['front 1 on at 300', 'front 1 off at 3300']);
    expect(clock.timers()).toEqual([]);
  });

  test('is forgotten where another command comes first: the record was quick, and the door is open already', async () => {
    const { clock, energise, energiseIn, heard } = await make();
    energiseIn(1, 300, 3_000);
    await clock.advance(20);
    energise(2, 1_000);
    await clock.advance(5_000);
    expect(heard()).toEqual(['front 2 on at 20', 'front 2 off at 1020']);
  });

  test('is forgotten at a rest, at a later one of its kind and at a stop', async () => {
    const { clock, guard, rest, energiseIn, moves } = await make();
    energiseIn(1, 300, 3_000);
    rest(2);
    energiseIn(3, 100, 3_000);
    energiseIn(4, 300, 3_000);
    await clock.advance(299);
    expect(moves).toEqual([]);
    expect(await guard.stop()).toBe(true);
    await clock.advance(10_000);
    expect(moves).toEqual([]);
    expect(clock.timers()).toEqual([]);
  });

  test('moves the end of a running one, and nothing drops', async () => {
    const { clock, energise, energiseIn, moves } = await make();
    energise(1, 1_000);
    energiseIn(2, 300, 3_000);
    await clock.advance(10_000);
    expect(moves).toEqual(['front on at 0', 'front off at 3300']);
  });

  test('at its time the lock is away: it fails, and is not carried out later', async () => {
    const { clock, lock, energiseIn, heard } = await make();
    energiseIn(1, 300, 3_000);
    await lock.unplug();
    await clock.advance(300);
    await lock.replug();
    await clock.advance(1_000);
    expect(heard()).toEqual(['front unplugged', 'front 1 failed: simulated lock was pulled out', 'front ok']);
  });

  test('is no longer than others, and not far ahead', async () => {
    const { clock, energiseIn, heard } = await make(['front'], 1_000);
    energiseIn(1, 1_001, 3_000);
    energiseIn(2, 100, 0);
    expect(heard()).toEqual(
      [1, 2].map((seq) => `front ${seq} failed: its start is not before its end, or too far ahead`),
    );
    energiseIn(3, 1_000, 3_000);
    await clock.advance(5_000);
    expect(heard()).toEqual(['front 3 on at 1000', 'front 3 off at 2000']);
  });
});

test('a word that wakes it moves nothing and is not answered', async () => {
  const { guard, heard, moves } = await make();
  guard.handle({ do: 'wake' });
  expect([heard(), moves]).toEqual([[], []]);
});

test('a ping is answered', async () => {
  const { guard, heard } = await make();
  guard.handle({ do: 'ping' });
  expect(heard()).toEqual(['pong']);
});

describe('opening', () => {
  test('each lock says how it is, then the guard is ready', async () => {
    const { opening, moves } = await make(['front', 'back']);
    expect(opening).toEqual(['front ok', 'back ok', 'ready']);
    expect(moves).toEqual([]);
  });

  test('without locks it is ready at once; a second open is ignored', async () => {
    const clock = new VirtualClock();
    const said: FromGuard[] = [];
    const complaints: string[] = [];
    const guard = new Guard({
      clock,
      pid: 42,
      makeLocks: () => [],
      makeAuxiliaries: noAuxiliaries,
      say: (message) => said.push(message),
      complain: (text) => complaints.push(text),
    });
    guard.handle({ do: 'open', locks: [] });
    expect(said).toEqual([{ say: 'ready', pid: 42 }]);
    guard.handle({ do: 'open', locks: [] });
    expect(said).toHaveLength(1);
    expect(complaints).toHaveLength(1);
    expect(clock.timers()).toEqual([]);
  });

  test('a lock that says nothing holds the others up for two seconds at most', async () => {
    const clock = new VirtualClock();
    const said: FromGuard[] = [];
    const silent = {
      open: () => undefined,
      set: () => new Promise<never>(() => undefined),
      close: async () => undefined,
    };
    const guard = new Guard({
      clock,
      pid: 42,
      makeLocks: (locks) => locks.map((lock) => ({ lock, port: silent, plug: null })),
      makeAuxiliaries: noAuxiliaries,
      say: (message) => said.push(message),
      complain: () => undefined,
    });
    guard.handle({ do: 'open', locks: [{ door: 'front', maxPulseMs: 3_000, line: { driver: 'sim' } }] });
    guard.handle({ do: 'energise', door: 'front', seq: 1, until: clock.mono() + 1_000 });
    expect(said).toEqual([{ say: 'failed', door: 'front', seq: 1, detail: 'the lock is still being opened' }]);
    await clock.advance(1_999);
    expect(said).toHaveLength(1);
    await clock.advance(1);
    expect(said).toHaveLength(2);
  });
});

describe('a command', () => {
  test('energises before anything else happens, says so, and ends by itself', async () => {
    const { clock, energise, heard, moves } = await make();
    energise(1, 3_000);
    expect(moves).toEqual(['front on at 0']);
    await clock.advance(0);
    expect(heard()).toEqual(['front 1 on at 0']);
    await clock.advance(2_999);
    expect(moves).toHaveLength(1);
    await clock.advance(1);
    expect(moves).toEqual(['front on at 0', 'front off at 3000']);
    expect(heard()).toEqual(['front 1 off at 3000']);
    expect(clock.timers()).toEqual([]);
  });

  test('is cut to the longest pulse of its door', async () => {
    const { clock, energise, moves } = await make(['front'], 4_000);
    energise(1, 1_000_000);
    await clock.advance(60_000);
    expect(moves).toEqual(['front on at 0', 'front off at 4000']);
  });

  test('is ended by rest, with the command’s own number or a later one', async () => {
    const { clock, energise, rest, heard, moves } = await make();
    energise(1, 3_000);
    await clock.advance(500);
    rest(1);
    await clock.advance(500);
    energise(2, 3_000);
    await clock.advance(500);
    rest(3);
    await clock.advance(60_000);
    expect(moves).toEqual(['front on at 0', 'front off at 500', 'front on at 1000', 'front off at 1500']);
    expect(heard()).toEqual(['front 1 on at 0', 'front 1 off at 500', 'front 2 on at 1000', 'front 3 off at 1500']);
  });

  test('a rest is answered also where nothing is to be done, and then moves nothing', async () => {
    const { clock, energise, rest, heard, moves } = await make();
    rest(1);
    expect(heard()).toEqual(['front 1 off at 0']);
    energise(2, 1_000);
    await clock.advance(2_000);
    heard();
    rest(3);
    expect(heard()).toEqual(['front 3 off at 2000']);
    expect(moves).toEqual(['front on at 0', 'front off at 1000']);
  });

  test('a hold is a chain of commands through which the relay does not drop', async () => {
    const { clock, energise, heard, moves } = await make();
    for (let seq = 1; seq <= 10; seq += 1) {
      energise(seq, 10_000);
      await clock.advance(5_000);
    }
    await clock.advance(60_000);
    expect(moves).toEqual(['front on at 0', 'front off at 55000']);
    expect(heard()).toEqual(['front 1 on at 0', 'front 10 off at 55000']);
  });

  test('a chain is not longer than its last command, cut as any other', async () => {
    const { clock, energise, moves } = await make(['front'], 4_000);
    energise(1, 4_000);
    await clock.advance(2_000);
    energise(2, 1_000_000);
    await clock.advance(60_000);
    expect(moves).toEqual(['front on at 0', 'front off at 6000']);
  });

  test('a later command shortens the running one', async () => {
    const { clock, energise, moves } = await make();
    energise(1, 10_000);
    await clock.advance(1_000);
    energise(2, 500);
    await clock.advance(60_000);
    expect(moves).toEqual(['front on at 0', 'front off at 1500']);
  });

  test.each([
    ['stale', 5, 1_000, 'stale: command 5 has come already'],
    ['older', 4, 1_000, 'stale: command 5 has come already'],
    ['whose end is now', 6, 0, 'its end is past'],
    ['whose end is past', 6, -1, 'its end is past'],
  ])('%s is refused, and the running one goes on', async (_, seq, ms, why) => {
    const { clock, energise, heard, moves } = await make();
    energise(5, 3_000);
    await clock.advance(1_000);
    energise(seq, ms);
    await clock.advance(60_000);
    expect(heard()).toEqual(['front 5 on at 0', `front ${seq} failed: ${why}`, 'front 5 off at 3000']);
    expect(moves).toEqual(['front on at 0', 'front off at 3000']);
  });

  test('a stale rest ends nothing: it was meant for another command', async () => {
    const { clock, energise, rest, heard, moves } = await make();
    energise(5, 3_000);
    rest(4);
    await clock.advance(60_000);
    expect(heard()).toContain('front 4 failed: stale: command 5 has come already');
    expect(moves).toEqual(['front on at 0', 'front off at 3000']);
  });

  test('after a rest an energise from before it is stale', async () => {
    const { clock, energise, rest, moves } = await make();
    rest(7);
    energise(6, 1_000);
    energise(7, 1_000);
    await clock.advance(60_000);
    expect(moves).toEqual([]);
  });

  test('for a door that nobody knows is refused', async () => {
    const { energise, rest, heard, complaints, guard } = await make();
    energise(1, 1_000, 'cellar');
    rest(1, 'cellar');
    expect(heard()).toEqual(['cellar 1 failed: unknown door', 'cellar 1 failed: unknown door']);
    guard.handle({ do: 'plug', door: 'cellar', there: false });
    expect(complaints).toHaveLength(1);
  });

  test('doors don’t know of each other', async () => {
    const { clock, energise, rest, moves } = await make(['front', 'back']);
    energise(1, 3_000);
    energise(1, 2_000, 'back');
    await clock.advance(1_000);
    rest(2);
    await clock.advance(60_000);
    expect(moves).toEqual(['front on at 0', 'back on at 0', 'front off at 1000', 'back off at 2000']);
  });
});

describe('a board with faults', () => {
  test('an energise that fails is said, and the line is put to rest all the same', async () => {
    const { clock, lock, energise, heard, moves } = await make();
    lock.failNext(FAULT);
    energise(1, 3_000);
    await clock.advance(0);
    expect(heard()).toEqual(['front 1 failed: the board said no', 'front 1 off at 0']);
    energise(2, 3_000);
    await clock.advance(60_000);
    expect(moves).toEqual(['front on at 0', 'front off at 3000']);
    expect(clock.timers()).toEqual([]);
  });

  test('a rest that fails is said once and tried again, after 100 ms, then more slowly, until it is done', async () => {
    const { clock, lock, energise, heard, moves } = await make();
    energise(1, 1_000);
    await clock.advance(500);
    lock.failNext(FAULT, 7);
    await clock.advance(60_000);
    // 1,000, then after 100, 200, 400, 800, 1,000, 1,000 and 1,000 ms more
    expect(moves).toEqual(['front on at 0', 'front off at 5500']);
    expect(heard()).toEqual([
      'front 1 on at 0',
      'front 1 failed: could not be put to rest: the board said no',
      'front 1 off at 5500',
    ]);
    expect(clock.timers()).toEqual([]);
  });

  test('a new command while a rest is being tried again takes over, and has its own end', async () => {
    const { clock, lock, energise, heard, moves } = await make();
    energise(1, 1_000);
    await clock.advance(500);
    lock.failNext(FAULT, 3);
    await clock.advance(1_000);
    heard();
    energise(2, 2_000);
    await clock.advance(60_000);
    expect(moves).toEqual(['front on at 0', 'front off at 3500']);
    expect(heard()).toEqual(['front 2 on at 1500', 'front 2 off at 3500']);
  });

  test('a board that does not answer an energise: said after a second, at rest once it answers', async () => {
    const { clock, lock, energise, heard } = await make();
    lock.stall(true);
    energise(1, 3_000);
    await clock.advance(1_000);
    expect(heard()).toEqual(['front 1 failed: simulated lock doesn’t answer']);
    lock.stall(false);
    await clock.advance(60_000);
    expect(heard()).toEqual(['front 1 off at 2100']);
    expect(lock.energised).toBe(false);
  });

  test('pulled out in the middle: the command is over, and does not go on when the line is back', async () => {
    const { clock, guard, energise, heard, moves } = await make();
    energise(1, 10_000);
    await clock.advance(1_000);
    guard.handle({ do: 'plug', door: 'front', there: false });
    await clock.advance(1_000);
    energise(2, 5_000);
    await clock.advance(1_000);
    guard.handle({ do: 'plug', door: 'front', there: true });
    await clock.advance(60_000);
    expect(heard()).toEqual([
      'front 1 on at 0',
      'front unplugged',
      'front 1 failed: simulated lock was pulled out',
      'front 2 failed: simulated lock was pulled out',
      'front ok',
      'front 1 off at 3000',
    ]);
    expect(moves).toEqual(['front on at 0', 'front off at 1000']);
    expect(clock.timers()).toEqual([]);
    energise(3, 1_000);
    await clock.advance(0);
    expect(heard()).toEqual(['front 3 on at 63000']);
  });

  test('put back before the end of the command that it interrupted, it takes the next one as a new one', async () => {
    const { clock, guard, lock, energise, moves } = await make();
    energise(1, 10_000);
    await clock.advance(1_000);
    guard.handle({ do: 'plug', door: 'front', there: false });
    guard.handle({ do: 'plug', door: 'front', there: true });
    await clock.advance(1_000);
    energise(2, 1_000);
    expect(lock.energised).toBe(true);
    await clock.advance(60_000);
    expect(moves.slice(2)).toEqual(['front on at 2000', 'front off at 3000']);
  });

  test('told to rest while a rest is being tried again, it answers when that is done', async () => {
    const { clock, lock, energise, rest, heard } = await make();
    energise(1, 1_000);
    await clock.advance(500);
    lock.failNext(FAULT, 2);
    await clock.advance(520);
    heard();
    rest(2);
    await clock.advance(60_000);
    expect(heard()).toEqual(['front 2 failed: could not be put to rest: the board said no', 'front 2 off at 1120']);
  });
});

describe('answers that come late', () => {
  /** A port whose commands the test answers. */
  async function makeSlow() {
    const clock = new VirtualClock();
    const said: FromGuard[] = [];
    const asked: { readonly energised: boolean; answer(result: Awaited<ReturnType<LockPort['set']>>): void }[] = [];
    const port: LockPort = {
      open: (sink) => sink.state({ ok: true, detail: 'slow' }),
      set: (energised) => new Promise((resolve) => asked.push({ energised, answer: resolve })),
      close: () => Promise.resolve(),
    };
    const guard = new Guard({
      clock,
      pid: 42,
      makeLocks: (locks) => locks.map((lock) => ({ lock, port, plug: null })),
      makeAuxiliaries: noAuxiliaries,
      say: (message) => said.push(message),
      complain: () => undefined,
    });
    guard.handle({ do: 'open', locks: [{ door: 'front', maxPulseMs: 10_000, line: { driver: 'sim' } }] });
    const started = clock.mono();
    return {
      clock,
      guard,
      asked: () => asked.map(({ energised }) => energised),
      answer: async (index: number, result: 'ok' | 'fault') => {
        asked[index]?.answer(result === 'ok' ? { ok: true, value: undefined } : { ok: false, error: FAULT });
        await clock.advance(0);
      },
      heard: () => said.slice(2).map((message) => brief(message, started)),
      energise: (seq: number, ms: number) =>
        guard.handle({ do: 'energise', door: 'front', seq, until: clock.mono() + ms }),
      rest: (seq: number) => guard.handle({ do: 'rest', door: 'front', seq }),
    };
  }

  test('a rest that is answered after the next energise does not count: the line is not taken for resting', async () => {
    const { guard, energise, rest, answer, asked, heard } = await makeSlow();
    energise(1, 10_000);
    await answer(0, 'ok');
    rest(2);
    energise(3, 10_000);
    await answer(1, 'ok');
    await answer(2, 'ok');
    expect(heard()).toEqual(['front 1 on at 0', 'front 3 on at 0']);
    const stopping = guard.stop();
    await answer(3, 'ok');
    expect(await stopping).toBe(true);
    expect(asked()).toEqual([true, false, true, false]);
  });

  test('an energise that is refused after the rest that followed it moves nothing more', async () => {
    const { energise, rest, answer, asked, heard } = await makeSlow();
    energise(1, 10_000);
    rest(2);
    await answer(1, 'ok');
    await answer(0, 'fault');
    expect(asked()).toEqual([true, false]);
    expect(heard()).toEqual(['front 2 off at 0']);
  });
});

describe('a process that was stopped', () => {
  test.each([500, 5_000])('for %i ms beyond the middle of a command: rest, before the bytes that wait', async (ms) => {
    const { clock, guard, heard, moves } = await make();
    const end = clock.mono() + 1_000;
    guard.handle({ do: 'energise', door: 'front', seq: 1, until: end });
    await clock.advance(500);
    // Nothing has run, timers included, and the bytes come first.
    const stopped = clock.mono.bind(clock);
    clock.mono = () => stopped() + ms;
    guard.expire();
    guard.handle({ do: 'energise', door: 'front', seq: 2, until: end });
    expect(moves.map((move) => move.split(' at ')[0])).toEqual(['front on', 'front off']);
    await Promise.resolve();
    expect(heard().filter((text) => text.includes('failed'))).toEqual(['front 2 failed: its end is past']);
  });

  test('expiring ends nothing before its time', async () => {
    const { clock, guard, energise, moves } = await make();
    energise(1, 1_000);
    await clock.advance(999);
    guard.expire();
    expect(moves).toEqual(['front on at 0']);
  });
});

describe('stop', () => {
  test('everything rests at once, nothing is followed any more, no timer is left', async () => {
    const { clock, guard, energise, heard, moves } = await make(['front', 'back']);
    energise(1, 10_000);
    energise(1, 10_000, 'back');
    await clock.advance(1_000);
    const stopping = guard.stop();
    expect(moves.slice(2)).toEqual(['front off at 1000', 'back off at 1000']);
    energise(2, 10_000);
    expect(await stopping).toBe(true);
    expect(await guard.stop()).toBe(true);
    await clock.advance(60_000);
    expect(moves).toHaveLength(4);
    expect(heard().slice(2)).toEqual(['front 1 off at 1000', 'back 1 off at 1000']);
    expect(clock.timers()).toEqual([]);
  });

  test('a board that does not answer holds it up for 500 ms and makes it a failure; the others rest at once', async () => {
    const { clock, guard, lock, energise, moves } = await make(['front', 'back']);
    energise(1, 10_000);
    energise(1, 10_000, 'back');
    lock.stall(true);
    let result: boolean | null = null;
    void guard.stop().then((rested) => {
      result = rested;
    });
    expect(moves.slice(2)).toEqual(['back off at 0']);
    await clock.advance(499);
    expect(result).toBe(null);
    await clock.advance(1);
    expect(result).toBe(false);
  });

  test('a rest that is refused makes it a failure', async () => {
    const { guard, lock, energise } = await make();
    energise(1, 10_000);
    lock.failNext(FAULT);
    expect(await guard.stop()).toBe(false);
  });

  test('a line that is away and was at rest is no failure', async () => {
    const { clock, guard, energise } = await make();
    energise(1, 1_000);
    await clock.advance(2_000);
    guard.handle({ do: 'plug', door: 'front', there: false });
    expect(await guard.stop()).toBe(true);
  });

  test('before anything was opened there is nothing to do', async () => {
    const clock = new VirtualClock();
    const quiet = { say: () => undefined, complain: () => undefined };
    const parts = { clock, pid: 42, makeLocks: () => [], makeAuxiliaries: noAuxiliaries, ...quiet };
    expect(await new Guard(parts).stop()).toBe(true);
    expect(clock.timers()).toEqual([]);
  });
});

test('whatever is asked: no line is energised beyond the end of its last command or its longest pulse', async () => {
  type Step =
    | { wait: number }
    | { energise: number; seq: number }
    | { later: number; energise: number; seq: number }
    | { rest: number }
    | { plug: boolean }
    | { fail: number };
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ wait: fc.integer({ min: 0, max: 5_000 }) }),
    fc.record({ energise: fc.integer({ min: -100, max: 20_000 }), seq: fc.integer({ min: 0, max: 30 }) }),
    fc.record({
      later: fc.integer({ min: -100, max: 1_100 }),
      energise: fc.integer({ min: -100, max: 20_000 }),
      seq: fc.integer({ min: 0, max: 30 }),
    }),
    fc.record({ rest: fc.integer({ min: 0, max: 30 }) }),
    fc.record({ plug: fc.boolean() }),
    fc.record({ fail: fc.integer({ min: 1, max: 3 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { clock, guard, lock, energise, energiseIn, rest } = await make(['front'], 4_000);
      const longestMs = 4_000;
      // A failed rest may need three more tries: 100, 200 and 400 ms.
      const retriesMs = 700;
      let allowedUntil = Number.NEGATIVE_INFINITY;
      for (const action of steps) {
        if ('wait' in action) {
          for (let passed = 0; passed < action.wait; passed += 100) {
            await clock.advance(Math.min(100, action.wait - passed));
            if (lock.energised) expect(clock.mono()).toBeLessThan(allowedUntil + retriesMs);
          }
        } else if ('energise' in action) {
          const laterMs = 'later' in action ? Math.max(0, action.later) : 0;
          if (action.energise > 0) {
            allowedUntil = Math.max(allowedUntil, clock.mono() + laterMs + Math.min(action.energise, longestMs));
          }
          if ('later' in action) energiseIn(action.seq, action.later, action.energise);
          else energise(action.seq, action.energise);
        } else if ('rest' in action) rest(action.rest);
        else if ('plug' in action) guard.handle({ do: 'plug', door: 'front', there: action.plug });
        else lock.failNext(FAULT, action.fail);
      }
      await clock.advance(1_000 + longestMs + retriesMs);
      expect(lock.energised).toBe(false);
      guard.handle({ do: 'plug', door: 'front', there: true });
      await clock.advance(longestMs);
      expect(await guard.stop()).toBe(true);
      expect(clock.timers()).toEqual([]);
    }),
  );
}, 60_000);

function noAuxiliaries() {
  return { inputs: new Map(), outputs: new Map() };
}
