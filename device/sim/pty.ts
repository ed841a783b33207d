/**
 * A serial device that isn't there, for tests and benches: socat makes a pty, `path` is its symlink, and this end is
 * the device: it records what the house writes and sends what the device would.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../main/core/clock.ts';
import { until } from './wait.ts';

export interface Recorded {
  readonly bytes: Uint8Array;
  /** When they were there, on the monotonic clock. */
  readonly mono: number;
}

export class Pty {
  readonly path: string;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #recorded: Recorded[] = [];
  readonly #listeners = new Set<(recorded: Recorded) => void>();
  #socat: ChildProcess | null = null;

  private constructor(clock: Clock, name: string) {
    this.#clock = clock;
    this.#folder = mkdtempSync(join(tmpdir(), 'genkan-pty-'));
    this.path = join(this.#folder, name);
  }

  static async make(clock: Clock, name = 'tty'): Promise<Pty> {
    const pty = new Pty(clock, name);
    await pty.replug();
    return pty;
  }

  /** Everything that was written to the device since it was made, replugs included. */
  get recorded(): readonly Recorded[] {
    return this.#recorded;
  }

  /** The same as one text: `a0 01 01 a2 a0 01 00 a1`. */
  hex(): string {
    return this.#recorded
      .flatMap(({ bytes }) => [...bytes])
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(' ');
  }

  /** Calls `listener` at everything written, until the returned function is called. */
  onRecorded(listener: (recorded: Recorded) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The device sends this. Does nothing while it is unplugged. */
  send(bytes: string | Uint8Array): void {
    this.#socat?.stdin?.write(bytes);
  }

  /** The kernel's own name of the device right now: `/dev/pts/3`. */
  target(): string {
    return readlinkSync(this.path);
  }

  /** The process that is the device: stopped (SIGSTOP), it is a device that takes and sends nothing. */
  pid(): number {
    const pid = this.#socat?.pid;
    if (pid === undefined) throw new Error(`${this.path} is unplugged`);
    return pid;
  }

  /** Kills socat: the terminal hangs up and the symlink goes. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    if (socat === null) return;
    this.#socat = null;
    const gone = new Promise<void>((resolve) => {
      socat.once('exit', () => resolve());
    });
    // The symlink first: the number it names may at once be given to somebody else's pty.
    rmSync(this.path, { force: true });
    socat.kill('SIGKILL');
    await gone;
  }

  async replug(): Promise<void> {
    if (this.#socat !== null) return;
    const socat = spawn('socat', ['-b65536', `PTY,link=${this.path},rawer`, 'STDIO'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#socat = socat;
    socat.stdin.on('error', () => undefined);
    socat.stdout.on('data', (bytes: Buffer) => this.#record({ bytes, mono: this.#clock.mono() }));
    let failure: string | null = null;
    socat.once('error', (error) => {
      failure = error.message;
    });
    await until(`socat made ${this.path}`, () => failure !== null || statSync(this.path, { throwIfNoEntry: false }));
    if (failure !== null) throw new Error(`socat could not be started: ${failure}`);
  }

  /** Unplugs it and removes what was made for it. */
  async remove(): Promise<void> {
    await this.unplug();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #record(recorded: Recorded): void {
    this.#recorded.push(recorded);
    for (const listener of this.#listeners) listener(recorded);
  }
}
