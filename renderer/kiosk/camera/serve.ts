import type { Decoder } from './decoder.ts';
import { FrameReader } from './frame-reader.ts';
import type { FrameMessage, WorkerMessage } from './messages.ts';

/** The worker's whole life: starts its engine, then answers each frame. Says `failed` once and stops at any fault. */
export async function serve(start: () => Promise<Decoder>): Promise<void> {
  try {
    const reader = new FrameReader(await start());
    addEventListener('message', (event: MessageEvent<FrameMessage>) => {
      const { frame, atMs } = event.data;
      reader.read(frame, atMs).then(
        (observation) => say({ kind: 'observed', observation }),
        () => fail(),
      );
    });
    say({ kind: 'ready' });
  } catch {
    fail();
  }
}

function fail(): void {
  say({ kind: 'failed' });
  close();
}

function say(message: WorkerMessage): void {
  postMessage(message);
}
