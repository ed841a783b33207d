import { readSync, writeSync } from 'node:fs';
import { SerialPort } from 'serialport';

const READ_BYTES = 4_096;

export interface TtySink {
  bytes(bytes: Uint8Array): void;
  /** It has hung up, or can't be read. Called once; what is left to do is to close. */
  gone(): void;
}

interface Write {
  readonly bytes: Uint8Array;
  readonly done: (problem: string | null) => void;
}

type Binding = Awaited<ReturnType<typeof SerialPort.binding.open>>;
type Polled = Extract<Binding, { readonly poller: unknown }>;

/**
 * An open serial port, over serialport's binding and beside its stream. The stream reads and writes through the thread
 * pool, which costs a scan half a millisecond each way, and goes on reading a terminal that has hung up without end. The
 * file is non-blocking, so what is done here at once never waits.
 */
export class Tty {
  readonly #port: Polled;
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
  readonly #writes: Write[] = [];
  #closed = false;

  private constructor(port: Polled) {
    this.#port = port;
  }

  /** 8N1, with an exclusive lock. Rejects with the system's words. */
  static async open(path: string, baudRate: number): Promise<Tty> {
    const port = await SerialPort.binding.open({ path, baudRate, lock: true });
    if (!('poller' in port)) throw new Error('serial ports are read on Linux only');
    return new Tty(port);
  }

  /** Reads from now on, always: a port that nobody reads never notices that its device is gone. */
  listen(sink: TtySink): void {
    this.#port.poller.once('readable', (error) => fromNative(() => this.#read(sink, error !== null)));
  }

  /** Some bytes still wait for the kernel to take them. */
  get congested(): boolean {
    return this.#writes.length > 0;
  }

  /** Resolves once the kernel has all the bytes, to null or to what is wrong. As a rule it has them on return. */
  write(bytes: Uint8Array): Promise<string | null> {
    try {
      const written = this.congested ? 0 : this.#writeNow(bytes);
      if (written === bytes.length) return Promise.resolve(null);
      const rest = bytes.subarray(written);
      return new Promise((resolve) => {
        this.#writes.push({ bytes: rest, done: resolve });
        if (this.#writes.length === 1) this.#awaitRoom();
      });
    } catch (error) {
      return Promise.resolve(messageOf(error));
    }
  }

  /** What the kernel has not taken, or not sent, is discarded: the close would wait 30 s for it. */
  async close(): Promise<void> {
    this.#closed = true;
    const discarded = this.#writes.splice(0);
    for (const { done } of discarded) done('the port is closed');
    try {
      if (discarded.length > 0) await this.#port.flush();
      await this.#port.close();
    } catch {
      // Nothing can be done about a port that can't be closed.
    }
  }

  #read(sink: TtySink, failed: boolean): void {
    if (this.#closed) return;
    const length = failed ? 0 : this.#readNow();
    // A terminal that has nothing to read says EAGAIN; 0 bytes mean that it has hung up.
    if (length === 0) {
      sink.gone();
      return;
    }
    if (length > 0) sink.bytes(Buffer.from(this.#buffer.subarray(0, length)));
    if (!this.#closed) this.listen(sink);
  }

  #readNow(): number {
    try {
      return this.#now((file) => readSync(file, this.#buffer));
    } catch {
      return 0;
    }
  }

  #awaitRoom(): void {
    this.#port.poller.once('writable', (error) => fromNative(() => this.#writeOn(error)));
  }

  #writeOn(error: Error | null): void {
    const next = this.#writes[0];
    if (this.#closed || next === undefined) return;
    try {
      if (error !== null) throw error;
      const written = this.#writeNow(next.bytes);
      if (written < next.bytes.length) {
        this.#writes[0] = { ...next, bytes: next.bytes.subarray(written) };
      } else {
        this.#writes.shift();
        next.done(null);
      }
    } catch (failure) {
      for (const { done } of this.#writes.splice(0)) done(messageOf(failure));
    }
    if (this.congested) this.#awaitRoom();
  }

  /** How many bytes the kernel took. */
  #writeNow(bytes: Uint8Array): number {
    const written = this.#now((file) => writeSync(file, bytes));
    return Math.max(0, written);
  }

  /** Runs a call on the file; -1 where it would have had to wait. */
  #now(call: (file: number) => number): number {
    const file = this.#port.fd;
    if (this.#closed || file === null) throw new Error('the port is closed');
    try {
      return call(file);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return -1;
      throw error;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An exception thrown into the binding's native code would abort the process on the spot, locks energised. */
function fromNative(run: () => void): void {
  try {
    run();
  } catch (bug) {
    queueMicrotask(() => {
      throw bug;
    });
  }
}
