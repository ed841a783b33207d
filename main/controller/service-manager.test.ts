// systemd restarts a unit that gives no sign of life. The sign must mean something: the unit's loop turns, and its guard,
// which alone can shut the door, answers. A sign that goes on while the guard is dead would keep the unit from its cure.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { until } from '../../device/sim/wait.ts';
import { findServiceManager, KeepAlive } from './service-manager.ts';

/** What listens where systemd would. */
async function listen(address: (folder: string) => { readonly socat: string; readonly env: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-notify-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { socat, env } = address(folder);
  const listener = spawn('socat', ['-u', '-d', '-d', socat, '-'], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    listener.kill('SIGKILL');
  });
  let heard = '';
  let log = '';
  listener.stdout.on('data', (bytes: Buffer) => {
    heard += `${bytes.toString()}\n`;
  });
  listener.stderr.on('data', (bytes: Buffer) => {
    log += bytes.toString();
  });
  await until('socat listens', () => log.includes('starting data transfer loop'), { seen: () => log });
  const hears = (text: string) => until(`socat hears ${text}`, () => heard.includes(text), { seen: () => heard });
  return { env, hears };
}

test('a message arrives at a socket in the file system', async () => {
  const { env, hears } = await listen((folder) => {
    const path = join(folder, 'notify');
    return { socat: `UNIX-RECV:${path}`, env: path };
  });
  expect(existsSync(env)).toBe(true);
  const manager = findServiceManager({ NOTIFY_SOCKET: env, WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, 7);
  expect(manager?.watchdogMs).toBe(30_000);
  manager?.tell('READY=1');
  await hears('READY=1');
  manager?.tell('WATCHDOG=1');
  await hears('WATCHDOG=1');
});

test('a message arrives at a socket with an abstract name', async () => {
  const name = `genkan-test-${process.pid}`;
  const { env, hears } = await listen(() => ({ socat: `ABSTRACT-RECV:${name}`, env: `@${name}` }));
  findServiceManager({ NOTIFY_SOCKET: env }, 7)?.tell('READY=1');
  await hears('READY=1');
});

test('nobody listens any more: nothing happens', () => {
  const manager = findServiceManager({ NOTIFY_SOCKET: '/nonexistent/notify' }, 7);
  expect(manager?.watchdogMs).toBe(null);
  manager?.tell('READY=1');
});

test.each(['', 'relative', '/', `/${'x'.repeat(200)}`])('%j is no address', (path) => {
  expect(findServiceManager({ NOTIFY_SOCKET: path }, 7)).toBe(null);
});

test('the watchdog of another process is not ours', () => {
  const env = { NOTIFY_SOCKET: '/nonexistent/notify', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' };
  expect(findServiceManager(env, 7)?.watchdogMs).toBe(null);
  expect(findServiceManager({ ...env, WATCHDOG_PID: '7', WATCHDOG_USEC: 'x' }, 7)?.watchdogMs).toBe(null);
});

function make(watchdogMs: number | null) {
  const clock = new VirtualClock();
  const told: string[] = [];
  let asked = 0;
  let answers = true;
  let heard: number | null = clock.mono();
  const guard = {
    check: () => {
      asked += 1;
      if (answers) heard = clock.mono();
    },
    heardMono: () => heard,
  };
  const keepAlive = new KeepAlive(clock, guard, { watchdogMs, tell: (state) => told.push(state) });
  return {
    clock,
    told,
    keepAlive,
    asked: () => asked,
    hang: () => {
      answers = false;
    },
    die: () => {
      heard = null;
      answers = false;
    },
  };
}

test('ready, a sign of life four times in the watchdog’s time, and at the end that it stops', async () => {
  const { clock, told, keepAlive, asked } = make(8_000);
  keepAlive.start();
  await clock.advance(6_000);
  keepAlive.stop();
  expect(told).toEqual(['READY=1', ...Array.from({ length: 4 }, () => 'WATCHDOG=1'), 'STOPPING=1']);
  expect(asked()).toBe(4);
  expect(clock.timers()).toEqual([]);
});

test('a guard that hangs: signs of life end within half of the watchdog’s time', async () => {
  const { clock, told, keepAlive, hang } = make(8_000);
  keepAlive.start();
  hang();
  await clock.advance(4_000);
  const before = told.length;
  await clock.advance(60_000);
  expect(told).toHaveLength(before);
  keepAlive.stop();
});

test('no guard: no sign of life', async () => {
  const { clock, told, keepAlive, die } = make(8_000);
  die();
  keepAlive.start();
  await clock.advance(60_000);
  expect(told).toEqual(['READY=1']);
  keepAlive.stop();
});

test('where nobody watches, the guard is asked every five seconds all the same', async () => {
  const { clock, told, keepAlive, asked } = make(null);
  keepAlive.start();
  await clock.advance(10_000);
  expect(asked()).toBe(3);
  expect(told).toEqual(['READY=1']);
  keepAlive.stop();
});
