import type { Clock, Timer } from '../../parts/clock.ts';
import type { Engine } from './decoder.ts';
import { FrameReader, type Observation } from './frame-reader.ts';
import { type FrameMessage, WorkerMessage } from './messages.ts';

/** Where frames are read: a worker with one of the engines, or, where no worker can start, the page itself. */
export interface FrameHost {
  readonly engine: Engine;
  readonly place: 'worker' | 'page';
  /** Takes `frame` over. Call it again only after the answer. Rejects when the host is broken or closed. */
  observe(frame: VideoFrame, atMs: number): Promise<Observation>;
  close(): void;
}

/** What a host needs of a `Worker`; a test stands in for one. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;

/** A worker that hasn't answered by then never will: a slow board takes two or three seconds. */
const START_LIMIT_MS = 10_000;

/** The best host that starts here. Rejects only when not even the page can load the second engine. */
export async function openHost(clock: Clock): Promise<FrameHost> {
  return (
    (await openWorkerHost('zxing-wasm', clock, spawnWasm)) ??
    (await openWorkerHost('zxing-js', clock, spawnFallback)) ??
    (await openPageHost())
  );
}

// Vite makes a worker of exactly this expression.
const spawnWasm = (): Worker => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const spawnFallback = (): Worker => new Worker(new URL('./fallback-worker.ts', import.meta.url), { type: 'module' });

/** null when the worker can't be made, says `failed`, breaks or is silent for 10 s. */
export async function openWorkerHost(engine: Engine, clock: Clock, spawn: () => WorkerLike): Promise<FrameHost | null> {
  let worker: WorkerLike;
  try {
    worker = spawn();
  } catch {
    return null;
  }
  const host = new WorkerHost(engine, worker);
  return (await host.started(clock)) ? host : null;
}

class WorkerHost implements FrameHost {
  readonly engine: Engine;
  readonly place = 'worker';
  readonly #worker: WorkerLike;
  readonly #ready = Promise.withResolvers<boolean>();
  #answer: PromiseWithResolvers<Observation> | null = null;
  #broken = false;

  constructor(engine: Engine, worker: WorkerLike) {
    this.engine = engine;
    this.#worker = worker;
    worker.addEventListener('message', (event: MessageEvent<unknown>) => this.#hear(event.data));
    worker.addEventListener('error', () => this.#break());
    worker.addEventListener('messageerror', () => this.#break());
  }

  async started(clock: Clock): Promise<boolean> {
    const limit: Timer = clock.after(`camera ${this.engine} start`, START_LIMIT_MS, () => this.#break());
    const started = await this.#ready.promise;
    limit.cancel();
    return started;
  }

  observe(frame: VideoFrame, atMs: number): Promise<Observation> {
    if (this.#broken || this.#answer !== null) {
      frame.close();
      return Promise.reject(new Error(`the camera's worker is ${this.#broken ? 'broken' : 'busy'}`));
    }
    this.#answer = Promise.withResolvers<Observation>();
    const message: FrameMessage = { frame, atMs };
    this.#worker.postMessage(message, [frame]);
    return this.#answer.promise;
  }

  close(): void {
    this.#break();
  }

  #hear(data: unknown): void {
    const message = WorkerMessage.safeParse(data);
    if (!message.success || message.data.kind === 'failed') this.#break();
    else if (message.data.kind === 'ready') this.#ready.resolve(true);
    else {
      const answer = this.#answer;
      this.#answer = null;
      answer?.resolve(message.data.observation);
    }
  }

  #break(): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#worker.terminate();
    this.#ready.resolve(false);
    this.#answer?.reject(new Error("the camera's worker has stopped"));
    this.#answer = null;
  }
}

async function openPageHost(): Promise<FrameHost> {
  const { startZxingJs } = await import('./zxing-js.ts');
  const reader = new FrameReader(startZxingJs());
  return {
    engine: 'zxing-js',
    place: 'page',
    observe: (frame, atMs) => reader.read(frame, atMs),
    close: () => undefined,
  };
}
