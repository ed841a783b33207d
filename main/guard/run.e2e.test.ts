// The guard as it is installed: a process of its own, a board on a serial line, a controller at the other end of two
// pipes that dies, hangs, floods or babbles. Whatever it does, the last frame on the line is a rest.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { SystemClock } from '../../device/clock/system.ts';
import { Pty } from '../../device/sim/pty.ts';
import { until } from '../../device/sim/wait.ts';
import { LineSplitter, parseFromGuard } from './parse.ts';
import { type FromGuard, MAX_LINE, type ToGuard } from './protocol.ts';

vi.setConfig({ testTimeout: 60_000 });

const RUN = fileURLToPath(new URL('./run.ts', import.meta.url));
const ON = 'a0 01 01 a2';
const OFF = 'a0 01 00 a1';
const clock = new SystemClock();

function start() {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [RUN], { stdio: 'pipe' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const said: FromGuard[] = [];
  const splitter = new LineSplitter();
  let complained = '';
  let ended: { readonly code: number | null; readonly signal: string | null } | null = null;
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (bytes: Buffer) => {
    for (const line of splitter.feed(bytes)) {
      const message = line === null ? null : parseFromGuard(line);
      if (message === null) throw new Error('the guard said something that is no message');
      said.push(message);
    }
  });
  child.stderr.on('data', (bytes: Buffer) => {
    complained += bytes.toString();
  });
  child.once('exit', (code, signal) => {
    ended = { code, signal };
  });
  return {
    child,
    said,
    complained: () => complained,
    tell: (message: ToGuard) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    hears: <Kind extends FromGuard['say']>(say: Kind) =>
      until(`the guard says ${say}`, () => said.find((message) => message.say === say), {
        seen: () => JSON.stringify(said),
      }),
    ends: () => until('the guard ends', () => ended),
  };
}

async function startWithBoard() {
  const pty = await Pty.make(clock);
  onTestFinished(() => pty.remove());
  const guard = start();
  const line = {
    driver: 'serial-relay',
    protocol: 'lcus',
    path: pty.path,
    baudRate: 9_600,
    channel: 1,
    query: false,
  } as const;
  guard.tell({ do: 'open', locks: [{ door: 'front', maxPulseMs: 10_000, line }] });
  await guard.hears('ready');
  const wrote = (...frames: string[]) =>
    until(`the bytes ${frames.join(' ')}`, () => pty.hex() === frames.join(' '), { seen: () => pty.hex() });
  await wrote(OFF);
  const energise = (seq: number, ms: number) =>
    guard.tell({ do: 'energise', door: 'front', seq, until: clock.mono() + ms });
  return { ...guard, pty, wrote, energise };
}

test('one rest at the start, then the two frames of each pulse and nothing else', async () => {
  const { energise, wrote, said, tell, ends, pty } = await startWithBoard();
  energise(1, 100);
  await wrote(OFF, ON, OFF);
  energise(2, 100);
  await wrote(OFF, ON, OFF, ON, OFF);
  tell({ do: 'stop' });
  expect(await ends()).toEqual({ code: 0, signal: null });
  expect(pty.hex()).toBe([OFF, ON, OFF, ON, OFF].join(' '));
  const lines = said.filter((message) => message.say === 'line').map(({ seq, energised }) => [seq, energised]);
  expect(lines).toEqual([
    [1, true],
    [1, false],
    [2, true],
    [2, false],
  ]);
});

test('a hold of three commands is two frames', async () => {
  const { energise, wrote, hears, tell } = await startWithBoard();
  energise(1, 10_000);
  await hears('line');
  energise(2, 10_000);
  energise(3, 100);
  await wrote(OFF, ON, OFF);
  tell({ do: 'rest', door: 'front', seq: 4 });
  tell({ do: 'stop' });
  await wrote(OFF, ON, OFF);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s while energised: rest, then the end', async (signal) => {
  const { child, energise, wrote, ends } = await startWithBoard();
  energise(1, 10_000);
  await wrote(OFF, ON);
  child.kill(signal);
  expect(await ends()).toEqual({ code: 0, signal: null });
  await wrote(OFF, ON, OFF);
});

test('the end of input while energised: rest, then the end', async () => {
  const { child, energise, wrote, ends } = await startWithBoard();
  energise(1, 10_000);
  await wrote(OFF, ON);
  child.stdin.end();
  expect(await ends()).toEqual({ code: 0, signal: null });
  await wrote(OFF, ON, OFF);
});

test('nobody hears it any more: rest, then the end', async () => {
  const { child, energise, wrote, ends } = await startWithBoard();
  child.stdout.destroy();
  energise(1, 10_000);
  expect(await ends()).toEqual({ code: 0, signal: null });
  await wrote(OFF, ON, OFF);
});

test('a board that takes no bytes can not be put to rest: the end all the same, as a failure', async () => {
  const { child, energise, wrote, ends, pty } = await startWithBoard();
  energise(1, 10_000);
  await wrote(OFF, ON);
  const socat = pty.pid();
  process.kill(socat, 'SIGSTOP');
  let fullInARow = 0;
  // The kernel moves bytes on behind our back, so that full once is not yet full.
  await until('the kernel takes nothing more for the board', () => {
    fullInARow = fill(pty.path) === 0 ? fullInARow + 1 : 0;
    return fullInARow === 20;
  });
  child.stdin.end();
  expect(await ends()).toEqual({ code: 1, signal: null });
});

test('lines that are no messages are counted, not repeated, and stop nothing', async () => {
  const { child, energise, wrote, complained } = await startWithBoard();
  child.stdin.write('M0001 is a code\n{"do":"energise","door":"front","seq":"1"}\n\n');
  child.stdin.write(`${'M0001'.repeat(MAX_LINE / 4)}\n`);
  await until('four complaints', () => complained().split('\n').length === 5, { seen: complained });
  expect(complained()).not.toContain('M0001');
  expect(complained()).not.toContain('front');
  energise(1, 100);
  await wrote(OFF, ON, OFF);
});

test('a flood of nonsense holds no pulse up, and few words are made of it', async () => {
  const { child, energise, wrote, complained, pty } = await startWithBoard();
  const nonsense = Buffer.from('nonsense\n'.repeat(7_000));
  // Ends with the guard: whoever writes to one that has gone is called back at once, without end.
  const flood = (error?: Error | null): void => {
    if (flooding && error == null) child.stdin.write(nonsense, flood);
  };
  let flooding = true;
  flood();
  // Behind what has been said before it, on a machine that is busy: a command whose end has come is none.
  energise(1, 1_500);
  await wrote(OFF, ON, OFF);
  flooding = false;
  expect(pty.hex()).toBe([OFF, ON, OFF].join(' '));
  expect(complained().length).toBeLessThan(10_000);
});

test('a controller that does not read keeps nothing energised, and most of what it would have read is not kept', async () => {
  const { child, energise, wrote, hears, said, tell } = await startWithBoard();
  energise(1_000_000, 10_000);
  await hears('line');
  child.stdout.pause();
  const stale = `${JSON.stringify({ do: 'energise', door: 'front', seq: 1, until: 1 })}\n`;
  child.stdin.write(stale.repeat(50_000));
  tell({ do: 'rest', door: 'front', seq: 1_000_001 });
  await wrote(OFF, ON, OFF);
  child.stdout.resume();
  // What it says can be dropped until all that was kept is read.
  let seq = 1_000_002;
  await until('an answer to a command after the flood', () => {
    seq += 1;
    tell({ do: 'rest', door: 'front', seq });
    return said.some((message) => message.say === 'line' && message.seq > 1_000_001);
  });
  expect(said.filter((message) => message.say === 'failed').length).toBeLessThan(40_000);
});

test('stopped (SIGSTOP) beyond the end of a command: rest as soon as it goes on, whatever waits in the pipe', async () => {
  const { child, energise, wrote, said } = await startWithBoard();
  const end = clock.mono() + 300;
  energise(1, 300);
  await wrote(OFF, ON);
  child.kill('SIGSTOP');
  energise(2, 400);
  await until('both ends are past', () => clock.mono() > end + 500);
  await wrote(OFF, ON);
  child.kill('SIGCONT');
  await wrote(OFF, ON, OFF);
  await until('command 2 was refused', () => said.some((message) => message.say === 'failed' && message.seq === 2));
});

test('a board that is pulled out and put back: said, and one rest frame', async () => {
  const { energise, wrote, said, pty } = await startWithBoard();
  energise(1, 10_000);
  await wrote(OFF, ON);
  await pty.unplug();
  await until('the command failed', () => said.some((message) => message.say === 'failed' && message.seq === 1));
  await pty.replug();
  await wrote(OFF, ON, OFF);
  await until('the line is at rest', () => said.some((message) => message.say === 'line' && !message.energised));
  energise(2, 100);
  await wrote(OFF, ON, OFF, ON, OFF);
});

test('a lock on a plain file is told as such, and the others work', async () => {
  const pty = await Pty.make(clock);
  onTestFinished(() => pty.remove());
  const { tell, said, hears } = start();
  const line = { driver: 'serial-relay', protocol: 'lcus', baudRate: 9_600, channel: 1, query: false } as const;
  tell({
    do: 'open',
    locks: [
      { door: 'back', maxPulseMs: 3_000, line: { ...line, path: RUN } },
      { door: 'front', maxPulseMs: 3_000, line: { ...line, path: pty.path } },
    ],
  });
  await hears('ready');
  const states = said.flatMap((message) => (message.say === 'device' ? [message] : []));
  expect(states).toContainEqual({
    say: 'device',
    door: 'back',
    state: { ok: false, code: 'not-a-device', detail: `${RUN} is a plain file, not a serial port` },
  });
  tell({ do: 'energise', door: 'back', seq: 1, until: clock.mono() + 1_000 });
  tell({ do: 'energise', door: 'front', seq: 1, until: clock.mono() + 1_000 });
  expect(await hears('failed')).toMatchObject({ door: 'back' });
  expect(await hears('line')).toMatchObject({ door: 'front', energised: true });
});

test('two doors on one board: each frame names its own channel', async () => {
  const pty = await Pty.make(clock);
  onTestFinished(() => pty.remove());
  const { tell, hears, ends } = start();
  const line = { driver: 'serial-relay', protocol: 'lcus', path: pty.path, baudRate: 9_600, query: false } as const;
  tell({
    do: 'open',
    locks: [
      { door: 'front', maxPulseMs: 3_000, line: { ...line, channel: 1 } },
      { door: 'back', maxPulseMs: 3_000, line: { ...line, channel: 2 } },
    ],
  });
  await hears('ready');
  tell({ do: 'energise', door: 'back', seq: 1, until: clock.mono() + 10_000 });
  await hears('line');
  tell({ do: 'stop' });
  expect(await ends()).toEqual({ code: 0, signal: null });
  const frames = 'a0 01 00 a1 a0 02 00 a2 a0 02 01 a3 a0 02 00 a2';
  await until(`the bytes ${frames}`, () => pty.hex() === frames, { seen: () => pty.hex() });
});

test('a ping is answered also where nothing was opened yet', async () => {
  const { tell, hears } = start();
  tell({ do: 'ping' });
  await hears('pong');
});

describe('without a controller', () => {
  async function rest(...args: string[]) {
    const child = spawn(process.execPath, [RUN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString();
    });
    child.stderr.on('data', (bytes: Buffer) => {
      err += bytes.toString();
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, out, err };
  }

  function configure(locks: Readonly<Record<string, object>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'genkan-guard-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'genkan.config.json');
    writeFileSync(file, JSON.stringify({ doors: Object.entries(locks).map(([id, lock]) => ({ id, lock })) }));
    return file;
  }

  test('it puts the locks of the configuration to rest, says so and ends', async () => {
    const pty = await Pty.make(clock);
    onTestFinished(() => pty.remove());
    const board = { driver: 'serial-relay', path: pty.path };
    const file = configure({
      front: { ...board, channel: 1 },
      back: { ...board, channel: 2 },
      side: { driver: 'sim' },
    });
    expect(await rest('--rest', file)).toEqual({
      code: 0,
      out: 'guard: front: at rest\nguard: back: at rest\nguard: side: at rest\n',
      err: '',
    });
    await until('both relays rest', () => pty.hex().includes(OFF) && pty.hex().includes('a0 02 00 a2'));
    expect(pty.hex()).not.toContain(ON);
  });

  test('a lock that is away is said, the others rest, and the end is a failure', async () => {
    const file = configure({ front: { driver: 'serial-relay', path: '/dev/nothing-here' }, back: { driver: 'sim' } });
    const { code, out, err } = await rest('--rest', file);
    expect([code, out]).toEqual([1, 'guard: back: at rest\n']);
    expect(err).toMatch(/^guard: front: NOT known to be at rest: .*nothing-here.*\n$/);
  });

  test('a configuration that is not there, and words that mean nothing', async () => {
    const missing = await rest('--rest', '/nonexistent/genkan.config.json');
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('ENOENT') });
    expect(missing.err.trim().split('\n')).toHaveLength(1);
    for (const args of [['--rest'], ['rest', 'x'], ['--rest', 'x', 'y']]) expect((await rest(...args)).code).toBe(2);
  });
});

/** Fills what the kernel keeps for a device that takes nothing, to the last byte. Returns how much it took. */
function fill(path: string): number {
  const file = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  let taken = 0;
  for (const size of [65_536, 1]) {
    try {
      for (;;) taken += writeSync(file, new Uint8Array(size));
    } catch {
      // EAGAIN: full.
    }
  }
  closeSync(file);
  return taken;
}
