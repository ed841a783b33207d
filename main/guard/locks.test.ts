// One board has one line, however its path is written: by-id for one door, the kernel's own name for the other, and a lamp
// on a third relay.
import { expect, onTestFinished, test, vi } from 'vitest';
import { SystemClock } from '../../device/clock/system.ts';
import type { LockPort } from '../../device/ports.ts';
import { SimBoard } from '../../device/sim/boards.ts';
import { until } from '../../device/sim/wait.ts';
import { Drivers } from './locks.ts';
import type { LockLine } from './protocol.ts';

vi.setConfig({ testTimeout: 60_000 });

test('a board by its symlink and by its target is one board', async () => {
  const clock = new SystemClock();
  const board = await SimBoard.modbus(clock);
  const line = (path: string, channel: number): LockLine => ({
    ...{ driver: 'serial-relay', protocol: 'modbus', baudRate: 9_600, unitId: 1, query: true },
    path,
    channel,
  });
  const drivers = new Drivers(clock);
  const locks = drivers.locks([
    { door: 'front', maxPulseMs: 3_000, line: line(board.pty.path, 0) },
    { door: 'back', maxPulseMs: 3_000, line: line(board.pty.target(), 1) },
  ]);
  const { outputs } = drivers.auxiliaries([], [{ id: 'lamp', line: line(board.pty.target(), 2) }]);
  const ports: LockPort[] = [...locks.map(({ port }) => port), ...outputs.values()];
  const states = ports.map((port) => {
    const told: string[] = [];
    port.open({ state: (state) => told.push(state.ok ? 'ok' : state.code) });
    return told;
  });
  onTestFinished(async () => {
    await Promise.all(ports.map((port) => port.close()));
    await board.pty.remove();
    expect(clock.timers()).toEqual([]);
  });
  await until('all three are there', () => states.every((told) => told.includes('ok')), {
    seen: () => JSON.stringify(states),
  });
  for (const [channel, port] of ports.entries()) {
    expect(await port.set(true)).toMatchObject({ ok: true });
    expect([0, 1, 2].map((relay) => board.energised(relay))).toEqual([0, 1, 2].map((relay) => relay === channel));
    expect(await port.set(false)).toMatchObject({ ok: true });
  }
  expect(states).toEqual([['ok'], ['ok'], ['ok']]);
});
