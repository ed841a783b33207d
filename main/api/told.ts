import { MessageQueue } from './message-queue.ts';
import type { ApiClient } from './procedures.ts';

/** What a listener is told from now on. */
export interface Told<T> {
  readonly messages: AsyncIterable<T>;
  /** Ends the messages, and listens no longer. */
  leave(): void;
}

/** Ends with `signal`. A client that can't keep up is cut off and starts anew when it is back. */
export function told<T>(
  client: Pick<ApiClient, 'queuedMessages' | 'cut'>,
  signal: AbortSignal | undefined,
  subscribe: (listener: (message: T) => void) => () => void,
): Told<T> {
  const queue = new MessageQueue<T>(client.queuedMessages);
  const end = () => queue.end();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) queue.end();
  const unsubscribe = subscribe((message) => {
    if (!queue.push(message)) client.cut();
  });
  const leave = () => {
    queue.end();
    unsubscribe();
    signal?.removeEventListener('abort', end);
  };
  return { messages: queue, leave };
}
