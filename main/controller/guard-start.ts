/** How a guard's process comes into being. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface GuardStart {
  readonly command: string;
  readonly args: readonly string[];
  /** Where the first one has been started already. */
  readonly ahead?: GuardAhead;
}

export type GuardProcess = ChildProcessByStdio<Writable, Readable, null>;

export function startGuard({ command, args, ahead }: GuardStart): GuardProcess {
  return ahead?.take() ?? spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

/**
 * A guard that loads while the record is being opened, since its program takes as long to load as ours. Until somebody
 * takes it, it knows no lock and touches none.
 */
export class GuardAhead {
  #process: GuardProcess | null;

  constructor(start: GuardStart) {
    const process = startGuard(start);
    this.#process = process;
    const forget = (): void => {
      if (this.#process === process) this.#process = null;
    };
    process.once('error', forget);
    process.once('exit', forget);
    process.stdin.on('error', () => undefined);
  }

  /** Once; null afterwards, and when it has ended already. */
  take(): GuardProcess | null {
    const process = this.#process;
    this.#process = null;
    return process;
  }

  /** Nobody needs it: a guard ends with its input. */
  release(): void {
    this.take()?.stdin.end();
  }
}
