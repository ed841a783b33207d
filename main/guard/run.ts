/**
 * The guard process: holds the locks' output lines, obeys the controller on standard input and ends every command by
 * itself. It outlives no controller: end of input, a broken pipe or a signal puts everything to rest and ends it.
 */
import { SystemClock } from '../../device/clock/system.ts';
import { Guard } from './guard.ts';
import { makeLocks } from './locks.ts';
import { LineSplitter, parseToGuard } from './parse.ts';
import type { FromGuard } from './protocol.ts';

/** What a controller that doesn't read may leave in memory; the rest is not said. */
const MOST_UNREAD_BYTES = 262_144;
const COMPLAINTS_A_SECOND = 10;

function run(): void {
  const clock = new SystemClock();
  const splitter = new LineSplitter();
  const complain = limitedComplaints(clock);
  const guard = new Guard({ clock, pid: process.pid, makeLocks: (locks) => makeLocks(locks, clock), say, complain });

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

run();
