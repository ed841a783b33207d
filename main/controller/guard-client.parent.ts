/**
 * A controller that does nothing but hold a door open, for tests that kill or stop it. Its only argument is JSON: the
 * guard's command line, a lock and for how long. It writes the pid of the guard to its output once the line is energised.
 */
import { SystemClock } from '../../device/clock/system.ts';
import { GuardClient } from './guard-client.ts';

const { command, args, lock, ms } = JSON.parse(process.argv[2] ?? '');
const clock = new SystemClock();
const client = new GuardClient({ clock, spawn: { command, args }, locks: [lock] });
client.start({
  up: () => client.energise(lock.door, 1, clock.mono() + ms),
  down: () => undefined,
  line: ({ energised }) => {
    if (energised) process.stdout.write(`${client.pid()}\n`);
  },
  failed: () => undefined,
  device: () => undefined,
});
