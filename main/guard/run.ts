/**
 * The guard process: holds the locks' output lines, obeys the controller on standard input and ends every command by
 * itself. It outlives no controller: end of input, a broken pipe or a signal puts everything to rest and ends it.
 *
 * With `--rest CONFIG` it has no controller: it puts the locks of that configuration to rest and ends, with 0 if all of
 * them are, 1 if not. For boot and for the end of the service.
 */
import { readFileSync } from 'node:fs';
import { SystemClock } from '../../device/clock/system.ts';
import { configuredLocks } from './configured.ts';
import { Guard } from './guard.ts';
import { Drivers, makeLocks } from './locks.ts';
import { LineSplitter, parseToGuard } from './parse.ts';
import type { FromGuard } from './protocol.ts';
import { restAll } from './rest-all.ts';

/** What a controller that doesn't read may leave in memory; the rest is not said. */
const MOST_UNREAD_BYTES = 262_144;
const COMPLAINTS_A_SECOND = 10;

function run(): void {
  const clock = new SystemClock();
  const splitter = new LineSplitter();
  const complain = limitedComplaints(clock);
  const drivers = new Drivers(clock);
  const guard = new Guard({
    clock,
    pid: process.pid,
    makeLocks: (locks) => drivers.locks(locks),
    makeAuxiliaries: (inputs, outputs) => drivers.auxiliaries(inputs, outputs),
    say,
    complain,
  });

  const leave = (broken = false): void => {
    void guard.stop().then((rested) => process.exit(rested && !broken ? 0 : 1));
  };
  const follow = (line: string | null): void => {
    const message = line === null ? null : parseToGuard(line);
    if (message === null) complain('a line from the controller is no message; it is ignored');
    else if (message.do === 'stop') leave();
    else guard.handle(message);
  };

  process.stdin.on('data', (bytes: Buffer) => {
    guard.expire();
    for (const line of splitter.feed(bytes)) follow(line);
  });
  for (const event of ['end', 'error', 'close']) process.stdin.on(event, () => leave());
  process.stdout.on('error', () => leave());
  process.stderr.on('error', () => undefined);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => leave());
  process.on('uncaughtException', (error) => {
    complain(error.stack ?? String(error));
    leave(true);
  });
}

function say(message: FromGuard): void {
  if (process.stdout.writableLength < MOST_UNREAD_BYTES) process.stdout.write(`${JSON.stringify(message)}\n`);
}

function limitedComplaints(clock: SystemClock): (text: string) => void {
  let since = clock.mono();
  let count = 0;
  return (text) => {
    const now = clock.mono();
    if (now - since >= 1_000) {
      since = now;
      count = 0;
    }
    count += 1;
    if (count > COMPLAINTS_A_SECOND || process.stderr.writableLength > MOST_UNREAD_BYTES) return;
    process.stderr.write(`guard: ${text}\n`);
  };
}

async function rest(file: string): Promise<number> {
  const text = readConfiguration(file);
  if (text === null) return 1;
  const clock = new SystemClock();
  const { locks, faults } = configuredLocks(text);
  for (const fault of faults) process.stderr.write(`guard: ${file}: ${fault}\n`);
  const opened = makeLocks(locks, clock).map(({ lock, port }) => ({ door: lock.door, port }));
  let status = faults.length === 0 ? 0 : 1;
  for (const [door, state] of await restAll(opened, clock)) {
    if (state?.ok) {
      process.stdout.write(`guard: ${door}: at rest\n`);
    } else {
      status = 1;
      process.stderr.write(`guard: ${door}: NOT known to be at rest: ${state?.detail ?? 'its driver says nothing'}\n`);
    }
  }
  return status;
}

function readConfiguration(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    process.stderr.write(`guard: ${file} can't be read (${code}): nothing was put to rest\n`);
    return null;
  }
}

const [mode, file, ...more] = process.argv.slice(2);
if (mode === undefined) run();
else if (mode === '--rest' && file !== undefined && more.length === 0) process.exit(await rest(file));
else {
  process.stderr.write('usage: guard [--rest CONFIG]; without it the controller is on standard input\n');
  process.exit(2);
}
