// A door whose contact, exit button and lamp sit on the relay board that moves its lock. The guard has the board; the
// controller sees ports like any other, and what the guard doesn't know nobody knows.
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { SystemClock } from '../../device/clock/system.ts';
import { inputContract } from '../../device/input-contract.ts';
import { outputContract } from '../../device/output-contract.ts';
import type { DeviceState } from '../../device/ports.ts';
import { SimBoard } from '../../device/sim/boards.ts';
import { virtualRig } from '../../device/sim/rig.ts';
import { until } from '../../device/sim/wait.ts';
import { type Config, parseConfig } from '../contract/config.ts';
import { BoardParts } from './board-parts.ts';
import { GuardClient } from './guard-client.ts';

vi.setConfig({ testTimeout: 60_000 });

function configOf(path: string, protocol = 'numato'): Config {
  const relay = { driver: 'serial-relay', protocol, path };
  const config = parseConfig({
    dataDir: 'd',
    doors: [
      {
        id: 'front',
        lock: relay,
        readers: [],
        inputs: { contact: { ...relay, channel: 2 }, tamper: { ...relay, channel: 3 }, fire: { driver: 'sim' } },
        outputs: { admitted: { ...relay, channel: 1 }, buzzer: { driver: 'gpio', line: 'BUZZER' } },
      },
    ],
  });
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value;
}

const OK: DeviceState = { ok: true, detail: 'board' };
const GONE: DeviceState = { ok: false, code: 'unplugged', detail: 'board is gone' };

inputContract('an input of the guard', async () => {
  const rig = virtualRig();
  const parts = new BoardParts(configOf('/dev/x'), () => true);
  const port = parts.input('front.contact');
  if (port === null) throw new Error('no port');
  let level = false;
  let there = true;
  const say = () => {
    if (there) parts.hear({ say: 'input', id: 'front.contact', active: level, mono: rig.clock.mono() });
  };
  parts.hear({ say: 'part', id: 'front.contact', state: OK });
  say();
  return {
    rig,
    port,
    set: (active) => {
      level = active;
      say();
      return true;
    },
    plug: {
      unplug: async () => {
        there = false;
        parts.hear({ say: 'part', id: 'front.contact', state: GONE });
      },
      replug: async () => {
        there = true;
        parts.hear({ say: 'part', id: 'front.contact', state: OK });
        say();
      },
    },
    remove: async () => undefined,
  };
});

outputContract('of the guard', async () => {
  const rig = virtualRig();
  let on = false;
  const parts = new BoardParts(configOf('/dev/x'), (_, wanted) => {
    on = wanted;
    return true;
  });
  const port = parts.output('front.admitted');
  if (port === null) throw new Error('no port');
  parts.hear({ say: 'part', id: 'front.admitted', state: OK });
  return {
    rig,
    port,
    energised: () => on,
    unplug: async () => {
      on = false;
      parts.hear({ say: 'part', id: 'front.admitted', state: GONE });
    },
    replug: async () => parts.hear({ say: 'part', id: 'front.admitted', state: OK }),
    remove: async () => undefined,
  };
});

describe('with a guard that has gone', () => {
  test('every part says so, and its level is told again only if it is another', async () => {
    const parts = new BoardParts(configOf('/dev/x'), () => true);
    const told: string[] = [];
    parts.input('front.contact')?.open({
      state: (state) => told.push(state.ok ? 'ok' : state.code),
      level: (active) => told.push(String(active)),
    });
    const say = (active: boolean) => {
      parts.hear({ say: 'part', id: 'front.contact', state: OK });
      parts.hear({ say: 'input', id: 'front.contact', active, mono: 1 });
    };
    say(true);
    parts.guardIsGone();
    say(true);
    parts.guardIsGone();
    say(false);
    expect(told).toEqual(['ok', 'true', 'no-answer', 'ok', 'no-answer', 'ok', 'false']);
  });

  test('whoever asks while it is gone is told no level of before', async () => {
    const parts = new BoardParts(configOf('/dev/x'), () => true);
    parts.hear({ say: 'part', id: 'front.contact', state: OK });
    parts.hear({ say: 'input', id: 'front.contact', active: true, mono: 1 });
    parts.guardIsGone();
    const told: string[] = [];
    parts.input('front.contact')?.open({
      state: (state) => told.push(state.ok ? 'ok' : state.code),
      level: (active) => told.push(String(active)),
    });
    await Promise.resolve();
    expect(told).toEqual(['no-answer']);
  });

  test('an output is refused, in words', async () => {
    let guardIsUp = true;
    const parts = new BoardParts(configOf('/dev/x'), () => guardIsUp);
    const lamp = parts.output('front.admitted');
    lamp?.open({ state: () => undefined });
    expect(await lamp?.set(true)).toMatchObject({ ok: false, error: { detail: 'the guard is not up' } });
    parts.hear({ say: 'part', id: 'front.admitted', state: OK });
    expect(await lamp?.set(true)).toMatchObject({ ok: true });
    guardIsUp = false;
    expect(await lamp?.set(true)).toMatchObject({ ok: false, error: { detail: 'the guard is not up' } });
    parts.hear({ say: 'part', id: 'front.admitted', state: GONE });
    expect(await lamp?.set(true)).toMatchObject({ ok: false, error: { code: 'unplugged' } });
  });
});

test('only what is on a board is the guard’s', () => {
  const parts = new BoardParts(configOf('/dev/x'), () => true);
  expect(parts.inputs.map(({ id, activeLow }) => [id, activeLow])).toEqual([
    ['front.contact', false],
    // Normally closed: it is an alarm when it reads low.
    ['front.tamper', true],
  ]);
  expect(parts.outputs.map(({ id }) => id)).toEqual(['front.admitted']);
  expect(parts.input('front.fire')).toBe(null);
  expect(parts.output('front.buzzer')).toBe(null);
});

test('lock, contact and lamp on one board, through a real guard', async () => {
  const clock = new SystemClock();
  const board = await SimBoard.numato(clock);
  board.inputs.set(3, true);
  const config = configOf(board.pty.path);
  const parts = new BoardParts(config, (id, on) => guard.tell({ do: 'output', id, on }));
  const [door] = config.doors;
  if (door === undefined) throw new Error('no door');
  const command = process.execPath;
  const guard = new GuardClient({
    clock,
    locks: [{ door: door.id, maxPulseMs: 5_000, line: door.lock }],
    inputs: parts.inputs,
    outputs: parts.outputs,
    spawn: { command, args: [fileURLToPath(new URL('../guard/run.ts', import.meta.url))] },
  });
  onTestFinished(async () => {
    await guard.stop();
    await board.pty.remove();
  });
  const told: string[] = [];
  for (const name of ['contact', 'tamper']) {
    parts.input(`front.${name}`)?.open({
      state: () => undefined,
      level: (active) => told.push(`${name} ${active}`),
    });
  }
  let up = false;
  guard.start({
    up: () => {
      up = true;
    },
    down: () => parts.guardIsGone(),
    line: () => undefined,
    failed: () => undefined,
    device: () => undefined,
    part: (message) => parts.hear(message),
  });
  await until('the guard is up and has said both levels', () => up && told.length === 2, { seen: () => told.join() });
  expect([...told].sort()).toEqual(['contact false', 'tamper false']);
  const lamp = parts.output('front.admitted');
  let lampIsThere = false;
  lamp?.open({
    state: ({ ok }) => {
      lampIsThere = ok;
    },
  });
  await until('the lamp is there', () => lampIsThere);
  guard.energise('front', 1, clock.mono() + 3_000);
  await until('the lock', () => board.energised(0));
  expect(await lamp?.set(true)).toMatchObject({ ok: true });
  await until('the lamp', () => board.energised(1));
  board.inputs.set(2, true);
  board.inputs.set(3, false);
  await until('contact and tamper', () => told.includes('contact true') && told.includes('tamper true'));
  await guard.stop();
  await until('all at rest', () => !board.energised(0) && !board.energised(1));
});
