/** The browser starts a worker that never answers, breaks or talks nonsense: nothing waits for it for ever. */
import { expect, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { openWorkerHost, type WorkerLike } from './host.ts';

/** A worker that says what the test makes it say. */
class SimWorker extends EventTarget implements WorkerLike {
  terminated = false;
  readonly received: unknown[] = [];

  postMessage(message: unknown): void {
    this.received.push(message);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

function open() {
  const worker = new SimWorker();
  const clock = new VirtualClock();
  return { worker, clock, host: openWorkerHost('zxing-wasm', clock, () => worker) };
}

test('a worker that is silent for 10 s is given up and ended', async () => {
  const { worker, clock, host } = open();
  await clock.advance(9_999);
  expect(worker.terminated).toBe(false);
  await clock.advance(1);
  expect(await host).toBeNull();
  expect(worker.terminated).toBe(true);
  expect(clock.timers()).toEqual([]);
});

test.each<[string, (worker: SimWorker) => void]>([
  ['says that it has failed', (worker) => worker.say({ kind: 'failed' })],
  ['breaks', (worker) => worker.dispatchEvent(new Event('error'))],
  ['talks nonsense', (worker) => worker.say({ kind: 'ready', and: 'more' })],
])('a worker that %s is given up at once', async (_, misfortune) => {
  const { worker, clock, host } = open();
  misfortune(worker);
  expect(await host).toBeNull();
  expect(worker.terminated).toBe(true);
  expect(clock.timers()).toEqual([]);
});

test('where workers are forbidden there is no host', async () => {
  const forbidden = (): WorkerLike => {
    throw new Error('SecurityError');
  };
  expect(await openWorkerHost('zxing-js', new VirtualClock(), forbidden)).toBeNull();
});
