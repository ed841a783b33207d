// Boards that answer, on real ptys: a lock that doesn't hear what it should counts as broken, one that does is told and
// asked in turn, and whatever a board babbles in between, the relay is where the guard believes it is.
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Clock } from '../../main/core/clock.ts';
import { SystemClock } from '../clock/system.ts';
import { inputContract } from '../input-contract.ts';
import { RelayInput } from '../inputs/relay.ts';
import { SerialLine } from '../lines/serial-line.ts';
import { lockContract } from '../lock-contract.ts';
import { RelayLock } from '../locks/relay-lock.ts';
import type { DeviceState } from '../ports.ts';
import { SimBoard } from '../sim/boards.ts';
import { realRig } from '../sim/rig.ts';
import { until } from '../sim/wait.ts';
import { modbus } from './modbus/protocol.ts';
import { numato } from './numato/protocol.ts';
import { SerialBoard } from './serial-board.ts';

vi.setConfig({ testTimeout: 60_000 });

const MAKES = {
  numato: { make: (clock: SystemClock) => SimBoard.numato(clock), protocol: () => numato },
  modbus: { make: (clock: SystemClock) => SimBoard.modbus(clock, 7), protocol: () => modbus(7) },
} as const;
type Make = keyof typeof MAKES;

const clock = new SystemClock();

afterAll(() => {
  expect(clock.timers()).toEqual([]);
});

function userOf(sim: SimBoard, make: Make, using: Clock = clock) {
  const { path } = sim.pty;
  return new SerialBoard(new SerialLine({ path, baudRate: 9_600 }, using), path, using).user(MAKES[make].protocol());
}

for (const make of ['numato', 'modbus'] as const) {
  for (const query of [false, true]) {
    lockContract(`RelayLock of a ${make} board, ${query ? 'asked' : 'not asked'}`, async () => {
      const rig = realRig();
      const sim = await MAKES[make].make(clock);
      return {
        rig,
        port: new RelayLock(userOf(sim, make, rig.clock), { name: 'relay 3', channel: 3, query }, rig.clock),
        energised: () => sim.energised(3),
        unplug: () => sim.unplug(),
        replug: () => sim.pty.replug(),
        remove: () => sim.pty.remove(),
      };
    });
  }

  inputContract(`RelayInput of a ${make} board`, async () => {
    const rig = realRig();
    const sim = await MAKES[make].make(clock);
    return {
      rig,
      port: new RelayInput(
        userOf(sim, make, rig.clock),
        { name: 'input 2', channel: 2, activeLow: false, debounceMs: 30 },
        rig.clock,
      ),
      set: (active) => {
        sim.inputs.set(2, active);
        return true;
      },
      plug: { unplug: () => sim.unplug(), replug: () => sim.pty.replug() },
      remove: () => sim.pty.remove(),
    };
  });

  describe(`faults of a ${make} board`, () => {
    async function open(query: boolean) {
      const sim = await MAKES[make].make(clock);
      const lock = new RelayLock(userOf(sim, make), { name: 'relay 0', channel: 0, query }, clock);
      const states: DeviceState[] = [];
      lock.open({ state: (state) => states.push(state) });
      onTestFinished(async () => {
        await lock.close();
        await sim.pty.remove();
      });
      const codes = () => states.map((state) => (state.ok ? 'ok' : state.code)).join(' ');
      const becomes = (wanted: string) => until(`${wanted}`, () => codes().endsWith(wanted), { seen: codes });
      await becomes('ok');
      return { sim, lock, states, codes, becomes };
    }

    test('an answer in pieces and after noise is an answer', async () => {
      const { sim, lock, codes } = await open(true);
      sim.faults.inPieces = true;
      sim.faults.noise = Uint8Array.of(7, 5, 7, 1, 1, 7, 0x85, 2, 0, 0, 13, 10);
      expect(await lock.set(true)).toEqual({ ok: true, value: undefined });
      expect(sim.energised(0)).toBe(true);
      expect(await lock.set(false)).toEqual({ ok: true, value: undefined });
      expect(sim.energised(0)).toBe(false);
      expect(codes()).toBe('ok');
    });

    test('a relay that sticks is found out where the board is asked', async () => {
      const { sim, lock, states, becomes } = await open(true);
      sim.faults.stuck = true;
      expect(await lock.set(true)).toMatchObject({ ok: false, error: { code: 'failed' } });
      await becomes('ok failed');
      expect(states[1]?.detail).toBe('relay 0 is off although it was told otherwise');
      sim.faults.stuck = false;
      await becomes('failed ok');
      expect(await lock.set(true)).toMatchObject({ ok: true });
    });

    test('a board that says nothing any more has no lock, until it rests', async () => {
      const { sim, lock, codes, becomes } = await open(true);
      await lock.set(true);
      sim.faults.deaf = true;
      const began = clock.mono();
      expect(await lock.set(false)).toMatchObject({ ok: false, error: { code: 'no-answer' } });
      expect(clock.mono() - began).toBeLessThan(1_000);
      await becomes('ok no-answer');
      expect(await lock.set(true)).toMatchObject({ ok: false, error: { code: 'no-answer' } });
      expect(await lock.set(false)).toMatchObject({ ok: false, error: { code: 'no-answer' } });
      expect(sim.energised(0)).toBe(true);
      sim.faults.deaf = false;
      // Its rest may have come while it was still deaf, so that it first is found out of place.
      await until('ok again', () => /no-answer( failed)? ok$/.test(codes()), { seen: codes });
      expect(sim.energised(0)).toBe(false);
    });

    test('pulled out in the middle of an answer: the command fails at once, and the next connection begins clean', async () => {
      const { sim, lock, becomes } = await open(true);
      sim.faults.mute = true;
      const commanded = lock.set(true);
      await until('the relay moved', () => sim.energised(0));
      sim.pty.send(Uint8Array.of(7, 5, 0));
      await sim.unplug();
      expect(await commanded).toMatchObject({ ok: false, error: { code: 'unplugged' } });
      sim.faults.mute = false;
      await sim.pty.replug();
      await becomes('unplugged ok');
      expect(sim.energised(0)).toBe(false);
    });
  });
}

describe('what is written', () => {
  test('Numato: one rest, then the two lines of a pulse, though nothing is answered', async () => {
    const sim = await SimBoard.numato(clock);
    sim.faults.mute = true;
    const options = { name: 'relay 12', channel: 12, query: false };
    const lock = new RelayLock(userOf(sim, 'numato'), options, clock);
    let there = false;
    lock.open({ state: ({ ok }) => (there = ok) });
    await until('the lock is there', () => there);
    await lock.set(true);
    await lock.set(false);
    await lock.close();
    const text = () => sim.pty.recorded.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('');
    await until('three lines', () => text().split('\r').length === 4, { seen: text });
    expect(text()).toBe('relay off C\rrelay on C\rrelay off C\r');
    await sim.pty.remove();
  });

  test('Modbus: a coil that the board has not is the board’s refusal, in its words', async () => {
    const sim = await SimBoard.modbus(clock, 7);
    const lock = new RelayLock(userOf(sim, 'modbus'), { name: 'relay 9', channel: 9, query: false }, clock);
    let said = '';
    lock.open({ state: ({ detail }) => (said = detail) });
    await until('a refusal', () => said.includes('refuses'), { seen: () => said });
    expect(said).toMatch(/refuses: Modbus exception 2/);
    await lock.close();
    await sim.pty.remove();
  });
});
