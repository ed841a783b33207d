/** How the hub is, of what `healthz` says. */
import type { Waiting } from './ports.ts';

/** What is durable for so long and not judged yet is more than it can take, or can't be judged. */
const LATE_SECONDS = 120;

export interface Health {
  readonly status: 'ok' | 'degraded';
  /** Events that are durable and wait to be judged, and for how long the oldest has. */
  readonly unjudged: number;
  readonly unjudgedSeconds: number;
}

/** @param waiting null: the store doesn't answer @param wall epoch ms */
export function healthOf(isFailing: boolean, waiting: Waiting | null, wall: number): Health {
  const since = waiting?.since ?? null;
  const unjudgedSeconds = since === null ? 0 : Math.max(0, Math.round((wall - since) / 1_000));
  const isOk = !isFailing && waiting !== null && unjudgedSeconds < LATE_SECONDS;
  return { status: isOk ? 'ok' : 'degraded', unjudged: waiting?.events ?? 0, unjudgedSeconds };
}
