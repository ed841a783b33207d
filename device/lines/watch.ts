import { createRequire } from 'node:module';

/** What is used of the poller in serialport's binding: uv_poll(3) on any file that epoll takes. */
interface Poller {
  once(event: 'readable', run: (error: Error | null) => void): unknown;
  stop(): void;
  destroy(): void;
}

type PollerClass = new (fd: number) => Poller;

/**
 * Waits for a file to become readable on the event loop, without a thread of its own: for character devices that Node
 * can read only by blocking one of its four threads for good.
 */
export class FileWatch {
  readonly #poller: Poller;
  #stopped = false;

  constructor(fd: number) {
    this.#poller = new (pollerClass())(fd);
  }

  /** Calls `ready` once: true when there is something to read, false when the file has hung up. */
  next(ready: (readable: boolean) => void): void {
    this.#poller.once('readable', (error) => fromNative(() => this.#stopped || ready(error === null)));
  }

  /** To be called before the file is closed. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#poller.stop();
    this.#poller.destroy();
  }
}

let known: PollerClass | null = null;

function pollerClass(): PollerClass {
  known ??= parsePoller(requireFromSerialport('@serialport/bindings-cpp/dist/poller.js'));
  return known;
}

/** serialport doesn't hand its poller out; its binding, a package of serialport's own, does. */
function requireFromSerialport(path: string): unknown {
  const ours = createRequire(import.meta.url);
  return createRequire(ours.resolve('serialport'))(path);
}

function parsePoller(module: unknown): PollerClass {
  if (typeof module === 'object' && module !== null && 'Poller' in module && typeof module.Poller === 'function') {
    return module.Poller as PollerClass;
  }
  throw new Error('serialport’s binding has no poller any more');
}

/** An exception thrown into the binding's native code would abort the process on the spot, locks energised. */
function fromNative(run: () => unknown): void {
  try {
    run();
  } catch (bug) {
    queueMicrotask(() => {
      throw bug;
    });
  }
}
