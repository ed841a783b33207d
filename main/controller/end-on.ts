/** The process ends when it is told to, by a signal or by whoever started it. */
import type { Clock } from '../core/clock.ts';

const LONGEST_STOP_MS = 1_900;

export interface Ending {
  /** End when standard input ends: whoever started us is gone. */
  readonly withParent: boolean;
  readonly exit: (code: number) => void;
}

/** Stops once, and exits with 0, or with 1 where that fails or takes too long. */
export function endOn({ withParent, exit }: Ending, clock: Clock, stop: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    clock.after('stop', LONGEST_STOP_MS, () => exit(1));
    stop().then(
      () => exit(0),
      () => exit(1),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (!withParent) return;
  process.stdin.on('end', end).on('close', end).on('error', end).resume();
}
