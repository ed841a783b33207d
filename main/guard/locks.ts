import { SerialLine } from '../../device/lines/serial-line.ts';
import { SharedLine } from '../../device/lines/shared-line.ts';
import { LcusLock } from '../../device/locks/lcus/lock.ts';
import type { LockPort } from '../../device/ports.ts';
import { SimLock } from '../../device/sim/lock.ts';
import type { Clock } from '../core/clock.ts';
import type { GuardedLock } from './protocol.ts';

export interface OpenedLock {
  readonly lock: GuardedLock;
  readonly port: LockPort;
  /** Pulls a simulated line out or puts it back; null for a real one. */
  readonly plug: ((there: boolean) => void) | null;
}

/** The ports of the locks, not yet open. Relays on one board share its line. */
export function makeLocks(locks: readonly GuardedLock[], clock: Clock): OpenedLock[] {
  const boards = new Map<string, SharedLine>();
  return locks.map((lock) => {
    const { line } = lock;
    if (line.driver === 'sim') {
      const port = new SimLock(clock);
      return { lock, port, plug: (there) => void (there ? port.replug() : port.unplug()) };
    }
    const key = `${line.baudRate} ${line.path}`;
    const board = boards.get(key) ?? new SharedLine(new SerialLine(line, clock));
    boards.set(key, board);
    return { lock, port: new LcusLock(board.user(), line), plug: null };
  });
}
