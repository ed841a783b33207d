/**
 * A controller that does nothing but hold doors, for checks that kill or stop it. It writes what it hears of its guard,
 * a JSON object a line. SIGTERM ends it as the end of the service would.
 */
import * as z from 'zod';
import { SystemClock } from '../../../device/clock/system.ts';
import { GuardClient } from '../../../main/controller/guard-client.ts';
import type { GuardedLock } from '../../../main/guard/protocol.ts';

const Argument = z.object({
  guard: z.string(),
  locks: z.custom<readonly GuardedLock[]>(Array.isArray),
  /** How long each command is. */
  ms: z.number(),
  /** How many commands there are, each at half time of the one before. */
  commands: z.int(),
});
export type HoldArgument = z.infer<typeof Argument>;

export function holdDoors(argument: string): void {
  const { guard, locks, ms, commands } = Argument.parse(JSON.parse(argument));
  const clock = new SystemClock();
  const client = new GuardClient({ clock, spawn: { command: process.execPath, args: [guard] }, locks });
  const tell = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);
  let seq = 0;
  const energise = (): void => {
    seq += 1;
    for (const { door } of locks) client.energise(door, seq, clock.mono() + ms);
    if (seq < commands) clock.after('renewal', ms / 2, energise);
  };
  client.start({
    up: (pid) => {
      tell({ say: 'up', pid });
      // A successor is left as it begins.
      if (seq === 0) energise();
    },
    down: (detail) => tell({ say: 'down', detail }),
    line: tell,
    failed: tell,
    device: tell,
  });
  process.once('SIGTERM', () => {
    void client.stop().then(() => process.exit(0));
  });
}
