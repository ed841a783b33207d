// The controller asks, the guard acts. Either may be killed or stopped at any moment, and the door must not stay open:
// the guard is replaced and begins with rest; the controller's end is the guard's end.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { guardsOf } from '../../build/e2e/appliance.ts';
import { SystemClock } from '../../device/clock/system.ts';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { Pty } from '../../device/sim/pty.ts';
import { until } from '../../device/sim/wait.ts';
import type { FromGuard, GuardedLock } from '../guard/protocol.ts';
import { GuardClient, type GuardClientOptions, type GuardSink } from './guard-client.ts';
import { GuardAhead } from './guard-start.ts';

vi.setConfig({ testTimeout: 60_000 });

const GUARD = {
  command: process.execPath,
  args: [fileURLToPath(new URL('../guard/run.ts', import.meta.url))],
};
const PARENT = fileURLToPath(new URL('./guard-client.parent.ts', import.meta.url));
const ON = 'a0 01 01 a2';
const OFF = 'a0 01 00 a1';
const SIM: GuardedLock = { door: 'front', maxPulseMs: 10_000, line: { driver: 'sim' } };

type Heard =
  | { readonly say: 'up'; readonly pid: number }
  | { readonly say: 'down'; readonly detail: string }
  | FromGuard;

function recorder() {
  const heard: Heard[] = [];
  const sink: GuardSink = {
    up: (pid) => heard.push({ say: 'up', pid }),
    down: (detail) => heard.push({ say: 'down', detail }),
    line: (message) => heard.push(message),
    failed: (message) => heard.push(message),
    device: (message) => heard.push(message),
  };
  const count = (say: Heard['say']) => heard.filter((message) => message.say === say).length;
  const hears = (say: Heard['say'], times = 1) =>
    until(`${say}, ${times} times`, () => count(say) >= times, { seen: () => JSON.stringify(heard) });
  const hearsLine = (seq: number, energised: boolean) =>
    until(
      `line ${seq} ${energised}`,
      () => heard.some((message) => message.say === 'line' && message.seq === seq && message.energised === energised),
      { seen: () => JSON.stringify(heard) },
    );
  return { heard, sink, count, hears, hearsLine };
}

async function makeBoard(clock: SystemClock) {
  const pty = await Pty.make(clock);
  onTestFinished(() => pty.remove());
  const wrote = (...frames: string[]) =>
    until(`the bytes ${frames.join(' ')}`, () => pty.hex() === frames.join(' '), { seen: () => pty.hex() });
  const lock: GuardedLock = {
    door: 'front',
    maxPulseMs: 10_000,
    line: { driver: 'serial-relay', protocol: 'lcus', path: pty.path, baudRate: 9_600, channel: 1, query: false },
  };
  return { pty, wrote, lock };
}

async function start(locks: readonly GuardedLock[] | 'board', options: Partial<GuardClientOptions> = {}) {
  const clock = new SystemClock();
  const board = await makeBoard(clock);
  const client = new GuardClient({ clock, spawn: GUARD, locks: locks === 'board' ? [board.lock] : locks, ...options });
  onTestFinished(() => client.stop());
  const recorded = recorder();
  client.start(recorded.sink);
  await recorded.hears('up');
  const energise = (seq: number, ms: number) => client.energise('front', seq, clock.mono() + ms);
  const guardPid = (): number => {
    const pid = client.pid();
    if (pid === null) throw new Error('no guard');
    return pid;
  };
  return { ...board, ...recorded, client, clock, energise, guardPid };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a guard that lives', () => {
  test('a pulse on a real line is two frames, each said', async () => {
    const { energise, wrote, hearsLine, heard, guardPid, clock } = await start('board');
    expect(heard).toContainEqual({ say: 'up', pid: guardPid() });
    const before = clock.mono();
    energise(1, 200);
    await wrote(OFF, ON, OFF);
    await hearsLine(1, true);
    await hearsLine(1, false);
    const monos = heard.flatMap((message) => (message.say === 'line' ? [message.mono] : []));
    expect(monos[0]).toBeGreaterThanOrEqual(before);
    expect(monos[1]).toBeGreaterThanOrEqual(before + 200);
    expect(monos[1]).toBeLessThanOrEqual(clock.mono());
  });

  test('rest ends a pulse', async () => {
    const { client, energise, wrote, hearsLine } = await start('board');
    energise(1, 10_000);
    await hearsLine(1, true);
    client.rest('front', 2);
    await hearsLine(2, false);
    await wrote(OFF, ON, OFF);
  });

  test('a simulated line is pulled out and put back', async () => {
    const { client, energise, heard, hears, hearsLine } = await start([SIM]);
    energise(1, 10_000);
    await hearsLine(1, true);
    client.tell({ do: 'plug', door: 'front', there: false });
    await hears('failed');
    client.tell({ do: 'plug', door: 'front', there: true });
    await hearsLine(1, false);
    const states = heard.flatMap((message) => (message.say === 'device' ? [message.state.ok] : []));
    expect(states).toEqual([true, false, true]);
  });

  test('healthy it is left alone, through a hold and long after it', async () => {
    const { clock, client, energise, hearsLine, count } = await start([SIM]);
    for (let seq = 1; seq <= 5; seq += 1) {
      const sent = clock.mono();
      energise(seq, 400);
      await until('half of the command is over', () => clock.mono() > sent + 200);
    }
    await hearsLine(5, false);
    client.rest('front', 6);
    await hearsLine(6, false);
    await until('nothing is expected any more', () => clock.timers().length === 0, {
      seen: () => JSON.stringify(clock.timers()),
    });
    expect(count('down')).toBe(0);
  });
});

describe('a guard that dies', () => {
  test('killed while energised: it is replaced at once, and the new one begins with rest', async () => {
    const { energise, wrote, hears, guardPid, heard, hearsLine } = await start('board');
    const first = guardPid();
    energise(1, 10_000);
    await wrote(OFF, ON);
    process.kill(first, 'SIGKILL');
    await hears('down');
    await wrote(OFF, ON, OFF);
    await hears('up', 2);
    expect(heard).toContainEqual({ say: 'down', detail: 'the guard ended by SIGKILL' });
    expect(guardPid()).not.toBe(first);
    energise(1, 100);
    await hearsLine(1, false);
    await wrote(OFF, ON, OFF, ON, OFF);
  });

  test('commands while it is away fail at once, and are not kept for later', async () => {
    const { client, energise, hears, heard, wrote, guardPid } = await start('board');
    process.kill(guardPid(), 'SIGKILL');
    await hears('down');
    energise(1, 10_000);
    client.rest('front', 2);
    expect(heard.at(-1)?.say).toBe('down');
    await hears('failed', 2);
    await hears('up', 2);
    await wrote(OFF, OFF);
  });

  test('a command into the pipe of a guard that is dead, but not yet known to be, throws nothing', async () => {
    const { energise, hears, guardPid } = await start([SIM]);
    const pid = guardPid();
    process.kill(pid, 'SIGKILL');
    // Without giving this process a chance to hear of it.
    while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    for (let seq = 1; seq <= 100; seq += 1) energise(seq, 1_000);
    await hears('up', 2);
  });

  test('commands before it is up are refused', async () => {
    const clock = new SystemClock();
    const client = new GuardClient({ clock, spawn: GUARD, locks: [SIM] });
    onTestFinished(() => client.stop());
    const { sink, heard, hears, count } = recorder();
    client.start(sink);
    client.energise('front', 1, clock.mono() + 10_000);
    client.tell({ do: 'plug', door: 'front', there: false });
    await hears('up');
    expect(heard[0]).toEqual({ say: 'failed', door: 'front', seq: 1, detail: 'the guard is not up' });
    expect(count('line')).toBe(0);
    expect(heard).toContainEqual({ say: 'device', door: 'front', state: { ok: true, detail: 'simulated lock' } });
  });

  test('the first one may be loading already; the next one is a process of its own', async () => {
    const ahead = new GuardAhead(GUARD);
    const { client, guardPid, hears } = await start([SIM], { spawn: { ...GUARD, ahead } });
    expect(ahead.take()).toBe(null);
    const first = guardPid();
    process.kill(first, 'SIGKILL');
    await hears('up', 2);
    expect(client.pid()).not.toBe(first);
  });

  test('one that ended before it was needed is replaced at once', async () => {
    const dead = new GuardAhead({ command: '/nonexistent/guard', args: [] });
    await new Promise(setImmediate);
    const { count } = await start([SIM], { spawn: { ...GUARD, ahead: dead } });
    expect(count('down')).toBe(0);
  });

  test('one that nobody needs ends', async () => {
    const others = guardsOf(process.pid);
    const unused = new GuardAhead(GUARD);
    const own = () => guardsOf(process.pid).filter((pid) => !others.includes(pid));
    await until('it runs', () => own().length === 1);
    unused.release();
    await until('it has ended', () => own().length === 0);
  });

  test('it is started again at once, then after a pause that grows to 2 s; a steady guard makes it begin anew', async () => {
    const clock = new VirtualClock();
    const client = new GuardClient({ clock, spawn: { command: '/nonexistent/guard', args: [] }, locks: [SIM] });
    onTestFinished(() => client.stop());
    const { sink, heard } = recorder();
    client.start(sink);
    const pauses: number[] = [];
    const restart = () => clock.timers().find((timer) => timer.name === 'guard restart');
    for (let death = 0; death < 8; death += 1) {
      const due = await until('a restart is planned', restart);
      pauses.push(due.dueMono - clock.mono());
      await clock.advance(due.dueMono - clock.mono());
    }
    expect(pauses).toEqual([0, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
    expect(heard[0]).toMatchObject({ say: 'down', detail: expect.stringContaining('could not be started') });
    expect(client.pid()).toBe(null);
  });
});

describe('a guard that hangs', () => {
  test('silent beyond the end of its command, it is replaced, and the line rests', async () => {
    const { energise, wrote, hearsLine, hears, guardPid } = await start('board');
    const first = guardPid();
    energise(1, 500);
    await hearsLine(1, true);
    process.kill(first, 'SIGSTOP');
    await hears('down');
    await wrote(OFF, ON, OFF);
    await hears('up', 2);
    expect(isAlive(first)).toBe(false);
  });

  test('its pipe fills no memory: commands are refused', async () => {
    const { energise, hears, guardPid } = await start([SIM]);
    process.kill(guardPid(), 'SIGSTOP');
    for (let seq = 1; seq <= 20_000; seq += 1) energise(seq, 10_000);
    await hears('failed');
    await hears('up', 2);
  });

  /** A client in virtual time over a guard that follows a script: it answers the nth command by the nth text. */
  async function startScripted(...answers: string[]) {
    const clock = new VirtualClock();
    const script = `
      const answers = ${JSON.stringify(answers)};
      process.stdout.write('{"say":"ready","pid":1}\\n');
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        if (!line.includes('"open"')) process.stdout.write((answers.shift() ?? '') + '\\n');
      });`;
    const client = new GuardClient({ clock, spawn: { command: process.execPath, args: ['-e', script] }, locks: [SIM] });
    onTestFinished(() => client.stop());
    const recorded = recorder();
    client.start(recorded.sink);
    await recorded.hears('up');
    const energise = (seq: number, ms: number) => client.energise('front', seq, clock.mono() + ms);
    return { ...recorded, clock, client, energise };
  }

  const said = (seq: number, energised: boolean): string =>
    JSON.stringify({ say: 'line', door: 'front', seq, energised, mono: 1 });

  test('silent when it is commanded, it is killed after 1.75 s, also when it is commanded again meanwhile', async () => {
    const { clock, energise, count, hears } = await startScripted();
    energise(1, 10_000);
    await clock.advance(1_000);
    energise(2, 10_000);
    await clock.advance(749);
    expect(count('down')).toBe(0);
    await clock.advance(1);
    await hears('down');
  });

  test('silent at the time of a command that was due later, it is killed 1.75 s after that', async () => {
    const { clock, client, count, hears } = await startScripted();
    client.energiseAt('front', 1, clock.mono() + 300, clock.mono() + 3_300);
    await clock.advance(2_049);
    expect(count('down')).toBe(0);
    await clock.advance(1);
    await hears('down');
  });

  test('a command due later, over a running one, only moves its end: silence about it is no hanging', async () => {
    const { clock, client, energise, count, hears, hearsLine } = await startScripted(said(1, true));
    energise(1, 3_000);
    await hearsLine(1, true);
    client.energiseAt('front', 2, clock.mono() + 300, clock.mono() + 9_000);
    await clock.advance(10_249);
    expect(count('down')).toBe(0);
    await clock.advance(1);
    await hears('down');
  });

  test('silent when it is asked for a sign of life, it is killed after 5.25 s; asking again changes nothing', async () => {
    const { clock, client, count, hears } = await startScripted();
    client.check();
    await clock.advance(5_000);
    client.check();
    await clock.advance(249);
    expect(count('down')).toBe(0);
    await clock.advance(1);
    await hears('down');
    expect(client.heardMono()).toBe(null);
  });

  test('a sign of life is remembered, and asked for again', async () => {
    const { clock, client, count } = await startScripted('{"say":"pong"}', '{"say":"pong"}');
    const up = client.heardMono();
    for (const _ of [1, 2]) {
      await clock.advance(1_000);
      const asked = clock.mono();
      client.check();
      await until('the pong', () => client.heardMono() === asked);
      expect(clock.timers()).toEqual([]);
    }
    expect(client.heardMono()).toBeGreaterThan(up ?? Number.POSITIVE_INFINITY);
    await clock.advance(60_000);
    expect(count('down')).toBe(0);
  });

  test('silent when it is told to rest, it is killed after 1.75 s, though the command has long to go', async () => {
    const { clock, client, energise, count, hears, hearsLine } = await startScripted(said(1, true));
    energise(1, 10_000);
    await hearsLine(1, true);
    client.rest('front', 2);
    await clock.advance(1_749);
    expect(count('down')).toBe(0);
    await clock.advance(1);
    await hears('down');
  });

  test('silent about the end of a hold, it is killed 1.25 s after that end and not before', async () => {
    const { clock, energise, count, hears, hearsLine } = await startScripted(said(1, true));
    energise(1, 10_000);
    await hearsLine(1, true);
    for (let seq = 2; seq <= 5; seq += 1) {
      await clock.advance(5_000);
      energise(seq, 10_000);
    }
    await clock.advance(11_249);
    expect(count('down')).toBe(0);
    await clock.advance(1);
    await hears('down');
  });

  test('the end of an earlier command is no answer to a later one', async () => {
    const { clock, energise, hears, hearsLine } = await startScripted(said(1, true), said(1, false));
    energise(1, 1_000);
    await hearsLine(1, true);
    energise(2, 10_000);
    await hearsLine(1, false);
    await clock.advance(12_000);
    await hears('down');
  });

  test('one that answers is left alone', async () => {
    const { clock, client, energise, count, hearsLine } = await startScripted(said(1, true), said(2, false));
    energise(1, 10_000);
    await hearsLine(1, true);
    client.rest('front', 2);
    await hearsLine(2, false);
    await clock.advance(3_600_000);
    expect(count('down')).toBe(0);
    expect(clock.timers()).toEqual([]);
  });

  test('one that never says that it is ready is killed after 10 s, the next one after 20 s', async () => {
    const clock = new VirtualClock();
    const spawn = { command: process.execPath, args: ['-e', 'process.stdin.resume()'] };
    const client = new GuardClient({ clock, spawn, locks: [SIM] });
    onTestFinished(() => client.stop());
    const { sink, count, hears } = recorder();
    client.start(sink);
    await clock.advance(9_999);
    expect(count('down')).toBe(0);
    await clock.advance(1);
    await hears('down');
    await clock.advance(0);
    await clock.advance(19_999);
    expect(count('down')).toBe(1);
    await clock.advance(1);
    await hears('down', 2);
  });
});

describe('stop', () => {
  test('while energised: the line rests, the guard ends, nothing starts it again, nothing more is heard', async () => {
    const { client, clock, energise, wrote, hearsLine, guardPid, heard } = await start('board');
    const pid = guardPid();
    energise(1, 10_000);
    await hearsLine(1, true);
    const before = heard.length;
    await client.stop();
    await client.stop();
    expect(isAlive(pid)).toBe(false);
    expect(client.pid()).toBe(null);
    expect(clock.timers()).toEqual([]);
    await wrote(OFF, ON, OFF);
    expect(heard).toHaveLength(before);
  });

  test('a guard that hangs is ended by force', async () => {
    const { client, guardPid } = await start([SIM]);
    const pid = guardPid();
    process.kill(pid, 'SIGSTOP');
    await client.stop();
    expect(isAlive(pid)).toBe(false);
  });

  test('a guard that is away stays away', async () => {
    const { client, clock, hears, guardPid } = await start([SIM]);
    process.kill(guardPid(), 'SIGKILL');
    await hears('down');
    await client.stop();
    expect(clock.timers()).toEqual([]);
    expect(client.pid()).toBe(null);
  });
});

describe('a controller', () => {
  async function startParent(ms: number) {
    const clock = new SystemClock();
    const board = await makeBoard(clock);
    const argument = JSON.stringify({ ...GUARD, lock: board.lock, ms });
    const parent = spawn(process.execPath, [PARENT, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    parent.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    onTestFinished(() => {
      parent.kill('SIGKILL');
    });
    await until('the parent has energised the line', () => output.endsWith('\n'));
    await board.wrote(OFF, ON);
    const guardPid = Number(output);
    const guardEnds = () => until('the guard ends', () => !isAlive(guardPid));
    return { ...board, clock, parent, guardEnds };
  }

  test('that is killed: the line rests at once, long before the end of the command, and the guard ends', async () => {
    const { parent, wrote, guardEnds, clock } = await startParent(10_000);
    const end = clock.mono() + 8_000;
    parent.kill('SIGKILL');
    await wrote(OFF, ON, OFF);
    expect(clock.mono()).toBeLessThan(end);
    await guardEnds();
  });

  test('that is stopped: the line rests at the end of the command', async () => {
    const { parent, wrote, guardEnds } = await startParent(1_000);
    parent.kill('SIGSTOP');
    await wrote(OFF, ON, OFF);
    parent.kill('SIGKILL');
    await guardEnds();
    await wrote(OFF, ON, OFF);
  });
});

test('more locks than the protocol carries are a mistake of whoever wires it', () => {
  const line = { driver: 'serial-relay', protocol: 'lcus', baudRate: 9_600, channel: 1, query: false } as const;
  const locks = Array.from({ length: 64 }, (_, n): GuardedLock => {
    return { door: `door ${n}`, maxPulseMs: 10_000, line: { ...line, path: `/${n}`.padEnd(4_096, 'x') } };
  });
  const make = (more: readonly GuardedLock[]) =>
    new GuardClient({ clock: new VirtualClock(), spawn: GUARD, locks: more });
  expect(make(locks).pid()).toBe(null);
  expect(() => make([...locks, ...locks])).toThrow('too many');
});
