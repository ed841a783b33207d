// A relay board without an answer: all that can be known is what was written. A connection begins with one rest frame, a
// pulse is two frames, and nothing else is ever written.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Clock } from '../../../main/core/clock.ts';
import { SystemClock } from '../../clock/system.ts';
import { VirtualClock } from '../../clock/virtual.ts';
import type { Line, LineSink } from '../../lines/line.ts';
import { SerialLine } from '../../lines/serial-line.ts';
import { lockContract } from '../../lock-contract.ts';
import { RelayLock } from '../../locks/relay-lock.ts';
import type { DeviceState, LockPort } from '../../ports.ts';
import { Pty } from '../../sim/pty.ts';
import { realRig } from '../../sim/rig.ts';
import { until } from '../../sim/wait.ts';
import { SerialBoard } from '../serial-board.ts';
import { LcusFrameParser } from './frame.ts';
import { lcus } from './protocol.ts';

vi.setConfig({ testTimeout: 60_000 });

const ON = 'a0 01 01 a2';
const OFF = 'a0 01 00 a1';

/** The board: a pty, and the relay that its frames move. It drops when it is pulled out, as its supply is USB. */
async function makeBoard(clock: SystemClock) {
  const pty = await Pty.make(clock);
  const parser = new LcusFrameParser();
  const relays = new Map<number, boolean>();
  pty.onRecorded(({ bytes }) => {
    for (const frame of parser.feed(bytes)) relays.set(frame.channel, frame.energised);
  });
  const unplug = async () => {
    await pty.unplug();
    relays.clear();
  };
  return { pty, unplug, energised: (channel: number) => relays.get(channel) ?? false };
}

lockContract('RelayLock of an LCUS board over a pty', async () => {
  const rig = realRig();
  const board = await makeBoard(new SystemClock());
  return {
    rig,
    port: relay(boardAt(board.pty, rig.clock), 1, rig.clock),
    energised: () => board.energised(1),
    unplug: board.unplug,
    replug: () => board.pty.replug(),
    remove: () => board.pty.remove(),
  };
});

describe('the bytes on the line', () => {
  async function open() {
    const clock = new SystemClock();
    const board = await makeBoard(clock);
    const lock = relay(boardAt(board.pty, clock), 1, clock);
    const watched = watch(lock);
    onTestFinished(async () => {
      await lock.close();
      await board.pty.remove();
    });
    const wrote = (...frames: string[]) =>
      until(`the bytes ${frames.join(' ')}`, () => board.pty.hex() === frames.join(' '), { seen: board.pty.hex });
    return { ...board, lock, wrote, ...watched };
  }

  test('rest, on, off; closed at rest nothing more', async () => {
    const { pty, lock, wrote, becomes } = await open();
    await becomes('ok');
    await wrote(OFF);
    await lock.set(true);
    await lock.set(false);
    await wrote(OFF, ON, OFF);
    await lock.close();
    expect(pty.hex()).toBe([OFF, ON, OFF].join(' '));
  });

  test('closed while energised: one rest frame', async () => {
    const { lock, wrote, becomes } = await open();
    await becomes('ok');
    await lock.set(true);
    await lock.close();
    await wrote(OFF, ON, OFF);
  });

  test('pulled out while energised: one rest frame when it is back', async () => {
    const { pty, lock, unplug, wrote, becomes } = await open();
    await becomes('ok');
    await lock.set(true);
    await wrote(OFF, ON);
    await unplug();
    await becomes('unplugged');
    expect(await lock.set(false)).toMatchObject({ ok: false, error: { code: 'unplugged' } });
    await pty.replug();
    await becomes('ok');
    await wrote(OFF, ON, OFF);
  });

  test('bytes that the board sends change nothing', async () => {
    const { pty, lock, wrote, becomes } = await open();
    await becomes('ok');
    pty.send('CH1: ON\r\n'.repeat(1_000));
    await lock.set(true);
    await lock.set(false);
    await wrote(OFF, ON, OFF);
  });
});

test('two locks on one board: one line, a rest frame a channel, and each moves its own relay', async () => {
  const clock = new SystemClock();
  const { pty, energised } = await makeBoard(clock);
  const shared = boardAt(pty, clock);
  const locks = [1, 2].map((channel) => relay(shared, channel, clock));
  const watched = locks.map(watch);
  onTestFinished(async () => {
    for (const lock of locks) await lock.close();
    await pty.remove();
    expect(clock.timers()).toEqual([]);
  });
  for (const { becomes } of watched) await becomes('ok');
  await locks[1]?.set(true);
  await until('relay 2', () => energised(2));
  expect(energised(1)).toBe(false);
  await locks[0]?.close();
  expect(await locks[0]?.set(true)).toMatchObject({ ok: false });
  await locks[1]?.set(false);
  await until('relay 2 at rest', () => !energised(2));
  expect(pty.hex()).toBe('a0 01 00 a1 a0 02 00 a2 a0 02 01 a3 a0 02 00 a2');
});

test('a lock that joins a board that is already there is told so', async () => {
  const clock = new SystemClock();
  const { pty } = await makeBoard(clock);
  const shared = boardAt(pty, clock);
  const first = relay(shared, 1, clock);
  await watch(first).becomes('ok');
  const second = relay(shared, 2, clock);
  await watch(second).becomes('ok');
  onTestFinished(async () => {
    await Promise.all([first.close(), second.close()]);
    await pty.remove();
  });
});

test('a rest frame that could not be written is not taken for rest', async () => {
  const written: string[] = [];
  let failing = false;
  let sink: LineSink | null = null;
  const line: Line = {
    open: (given) => {
      sink = given;
      sink.state({ ok: true, detail: 'board' });
    },
    write: (bytes) => {
      written.push(Buffer.from(bytes).toString('hex'));
      return Promise.resolve(
        failing ? { ok: false, error: { code: 'no-answer', detail: 'stuck' } } : { ok: true, value: undefined },
      );
    },
    close: () => Promise.resolve(),
  };
  const clock = new VirtualClock();
  const lock = relay(new SerialBoard(line, 'board', clock), 1, clock);
  await watch(lock).becomes('ok');
  await lock.set(true);
  failing = true;
  expect(await lock.set(false)).toMatchObject({ ok: false });
  failing = false;
  await lock.close();
  expect(written).toEqual(['a00100a1', 'a00101a2', 'a00100a1', 'a00100a1']);
});

function boardAt({ path }: Pty, clock: Clock): SerialBoard {
  return new SerialBoard(new SerialLine({ path, baudRate: 9_600 }, clock), path, clock);
}

function relay(board: SerialBoard, channel: number, clock: Clock): RelayLock {
  return new RelayLock(board.user(lcus), { name: `relay ${channel}`, channel, query: false }, clock);
}

function watch(lock: LockPort) {
  const states: DeviceState[] = [];
  lock.open({ state: (state) => states.push(state) });
  const codes = () => states.map((state) => (state.ok ? 'ok' : state.code));
  const becomes = (wanted: string) =>
    until(`the lock is ${wanted}`, () => codes().at(-1) === wanted, { seen: () => codes().join(', ') });
  return { states, becomes };
}
