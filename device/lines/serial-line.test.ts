// A cable comes out and goes in again, somebody mistypes a path, another program has the port. The line says what is
// wrong in words that help, comes back by itself, and never sends late what it could not send in time.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { SystemClock } from '../clock/system.ts';
import { VirtualClock } from '../clock/virtual.ts';
import type { DeviceState } from '../ports.ts';
import { Pty } from '../sim/pty.ts';
import { until } from '../sim/wait.ts';
import { SerialLine } from './serial-line.ts';

// Longer than every wait, so that the wait that fails is the one that speaks.
vi.setConfig({ testTimeout: 60_000 });
const clock = new SystemClock();

async function makePty(): Promise<Pty> {
  const pty = await Pty.make(clock);
  onTestFinished(() => pty.remove());
  return pty;
}

function openLine(path: string, options: { readonly clock?: SystemClock | VirtualClock } = {}) {
  const line = new SerialLine({ path, baudRate: 9_600 }, options.clock ?? new SystemClock());
  const states: DeviceState[] = [];
  let received = '';
  onTestFinished(() => line.close());
  line.open({
    bytes: (bytes) => {
      received += Buffer.from(bytes).toString('latin1');
    },
    state: (state) => states.push(state),
  });
  const codes = () => states.map((state) => (state.ok ? 'ok' : state.code));
  const becomes = (wanted: string) =>
    until(`${path} is ${wanted}`, () => codes().at(-1) === wanted, { seen: () => codes().join(', ') });
  return { line, states, codes, becomes, received: () => received };
}

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-line-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('bytes go both ways through a symlink, and a command has left when write returns', async () => {
  const pty = await makePty();
  const { line, becomes, received, states } = openLine(pty.path);
  await becomes('ok');
  expect(states).toEqual([{ ok: true, detail: `${pty.path} at 9600 baud` }]);
  const result = line.write(Uint8Array.of(0xa0, 1, 1, 0xa2));
  await until('four bytes at the device', () => pty.hex() === 'a0 01 01 a2');
  expect(await result).toEqual({ ok: true, value: undefined });
  pty.send('M0001\r');
  await until('the code', () => received() === 'M0001\r');
});

test('bytes of every value arrive untouched', async () => {
  const pty = await makePty();
  const { line, becomes, received } = openLine(pty.path);
  await becomes('ok');
  const all = Uint8Array.from({ length: 256 }, (_, value) => value);
  const hex = [...all].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  await line.write(all);
  await until('all bytes at the device', () => pty.hex() === hex);
  pty.send(all);
  await until('all bytes from the device', () => received() === Buffer.from(all).toString('latin1'));
});

test.each([
  ['a plain file', (folder: string) => writeFileSync(join(folder, 'port'), 'x'), 'not-a-device', 'a plain file'],
  ['a folder', (folder: string) => symlinkSync(folder, join(folder, 'port')), 'not-a-device', 'a folder'],
  [
    'another device',
    (folder: string) => symlinkSync('/dev/null', join(folder, 'port')),
    'not-a-device',
    'not a serial',
  ],
  ['nothing', () => undefined, 'absent', 'is not there'],
  ['a symlink to nothing', (folder: string) => symlinkSync('nowhere', join(folder, 'port')), 'absent', 'is not there'],
  ['below a file', (folder: string) => symlinkSync('/dev/null/x', join(folder, 'port')), 'absent', 'is not there'],
])('%s is told as what it is', async (_, prepare, code, words) => {
  const folder = tempFolder();
  prepare(folder);
  const { states, becomes, line } = openLine(join(folder, 'port'));
  await becomes(code);
  expect(states[0]?.detail).toContain(words);
  expect(states[0]?.detail).toContain(folder);
  expect(await line.write(Uint8Array.of(1))).toMatchObject({ ok: false, error: { code } });
});

test('a port that somebody else has is busy, and taken when they let go', async () => {
  const pty = await makePty();
  const first = openLine(pty.path);
  await first.becomes('ok');
  const second = openLine(pty.path);
  await second.becomes('busy');
  await first.line.close();
  await second.becomes('ok');
  expect(second.codes()).toEqual(['busy', 'ok']);
});

test('unplugged and plugged in again three times, it is there again each time', async () => {
  const pty = await makePty();
  const { becomes, codes, received } = openLine(pty.path);
  for (let time = 1; time <= 3; time += 1) {
    await becomes('ok');
    pty.send(`${time}`);
    await until(`the byte after replug ${time}`, () => received().length === time);
    await pty.unplug();
    await becomes('unplugged');
    await pty.replug();
  }
  await becomes('ok');
  expect(received()).toBe('123');
  expect(codes().filter((code) => code !== 'ok' && code !== 'unplugged')).toEqual([]);
});

test('reading alone notices an unplug, at once and after any number of bytes', async () => {
  const pty = await makePty();
  // In virtual time that stands still nobody looks at the path.
  const { line, becomes, received } = openLine(pty.path, { clock: new VirtualClock() });
  await becomes('ok');
  for (const sent of ['a', 'ab', 'abc']) {
    pty.send(sent.slice(-1));
    await until(`the bytes ${sent}`, () => received() === sent);
  }
  await pty.unplug();
  await becomes('unplugged');
  expect(await line.write(Uint8Array.of(1))).toMatchObject({ ok: false, error: { code: 'unplugged' } });
});

test('a device that is slow for a moment gets everything in the end, in order', async () => {
  const pty = await makePty();
  const { line, becomes, codes } = openLine(pty.path, { clock: new VirtualClock() });
  await becomes('ok');
  const socat = pty.pid();
  process.kill(socat, 'SIGSTOP');
  const writes = [
    line.write(new Uint8Array(1_000_000).fill(0x2e)),
    line.write(Uint8Array.of(0xa0, 1, 1, 0xa2)),
    line.write(Uint8Array.of(0xa0, 1, 0, 0xa1)),
  ];
  process.kill(socat, 'SIGCONT');
  for (const written of await Promise.all(writes)) expect(written).toEqual({ ok: true, value: undefined });
  const bytes = () => pty.recorded.reduce((sum, { bytes }) => sum + bytes.length, 0);
  await until('all bytes at the device', () => bytes() === 1_000_008, { seen: () => String(bytes()) });
  expect(pty.hex().endsWith('2e 2e a0 01 01 a2 a0 01 00 a1')).toBe(true);
  expect(codes()).toEqual(['ok']);
});

test('the symlink leads to another device now: the line follows it', async () => {
  const [pty, other] = [await makePty(), await makePty()];
  const link = join(tempFolder(), 'by-id');
  symlinkSync(pty.target(), link);
  const { becomes, received } = openLine(link);
  await becomes('ok');
  symlinkSync(other.target(), `${link}.new`);
  renameSync(`${link}.new`, link);
  await becomes('unplugged');
  await becomes('ok');
  pty.send('old');
  other.send('new');
  await until('a byte of the other device', () => received().length > 0);
  expect(received()).toBe('new');
});

test('a device that takes no bytes is dropped after a second, and never gets them late', async () => {
  const pty = await makePty();
  const { line, becomes, codes } = openLine(pty.path);
  await becomes('ok');
  const socat = pty.pid();
  process.kill(socat, 'SIGSTOP');
  onTestFinished(() => {
    process.kill(socat, 'SIGCONT');
  });
  const fill = await line.write(new Uint8Array(1_000_000).fill(0x2e));
  expect(fill).toMatchObject({ ok: false, error: { code: 'no-answer' } });
  const late = await line.write(Uint8Array.of(0xa0, 1, 1, 0xa2));
  expect(late.ok).toBe(false);
  expect(codes().slice(0, 2)).toEqual(['ok', 'no-answer']);
  await becomes('ok');
  process.kill(socat, 'SIGCONT');
  await line.write(Uint8Array.of(0xff));
  await until('the byte that was sent in time', () => pty.hex().endsWith('ff'));
  expect(pty.hex()).not.toContain('a0');
});

test('the pause between tries doubles from 0.25 s to 5 s', async () => {
  const virtual = new VirtualClock();
  const { line } = openLine('/nonexistent/genkan', { clock: virtual });
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 7; attempt += 1) {
    await until('the next try is planned', () => virtual.timers().length === 1);
    const pauseMs = (virtual.timers()[0]?.dueMono ?? 0) - virtual.mono();
    pauses.push(pauseMs);
    await virtual.advance(pauseMs);
  }
  await line.close();
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(virtual.timers()).toEqual([]);
});

test('the port is free again as soon as close has resolved, however far the opening had come', async () => {
  const pty = await makePty();
  const busy: number[] = [];
  for (let turns = 0; turns < 40; turns += 1) {
    const early = openLine(pty.path);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await early.line.close();
    const held = spawnSync('flock', ['-n', pty.path, 'true']);
    if (held.status !== 0) busy.push(turns);
  }
  expect(busy).toEqual([]);
});

test('a device that goes while another process holds the port is no puzzle', async () => {
  const pty = await makePty();
  const holder: ChildProcess = spawn('flock', ['-x', pty.path, 'sh', '-c', 'echo held; cat']);
  let held = false;
  holder.stdout?.once('data', () => {
    held = true;
  });
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  await until('the holder has the port', () => held);
  const { becomes } = openLine(pty.path);
  await becomes('busy');
  await pty.unplug();
  await becomes('absent');
  await pty.replug();
  await becomes('ok');
});

test('a bug in whoever takes the bytes is an exception that the process can still answer, not its sudden end', async () => {
  const pty = await makePty();
  const script = `
    import { SystemClock } from ${JSON.stringify(new URL('../clock/system.ts', import.meta.url).href)};
    import { SerialLine } from ${JSON.stringify(new URL('./serial-line.ts', import.meta.url).href)};
    process.on('uncaughtException', (bug) => { console.log(bug.message); process.exit(3); });
    new SerialLine({ path: ${JSON.stringify(pty.path)}, baudRate: 9600 }, new SystemClock()).open({
      bytes: () => { throw new Error('a bug'); },
      state: (state) => console.log(state.ok),
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let output = '';
  let status: number | string | null = null;
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  child.once('close', (code, signal) => {
    status = code ?? signal;
  });
  await until('the line is there', () => output === 'true\n');
  pty.send('x');
  await until('the process ends', () => status !== null, { seen: () => output });
  expect({ status, output }).toEqual({ status: 3, output: 'true\na bug\n' });
});
