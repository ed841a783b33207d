/** When a frame is worth decoding: all of them while something goes on, a few while nothing does. */
export interface Pace {
  readonly decodedAtMs: number;
  /** When something last moved or was read. */
  readonly activeAtMs: number;
}

// Every third frame of 30 a second: half a frame less than 100 ms, so that jitter doesn't make it every fourth.
const IDLE_PERIOD_MS = 83;

/** How long after the last movement or code every frame is still decoded: a phone held quite still may need a few. */
export const AWAKE_MS = 3_000;

/** The pace of a camera that has just opened: awake. */
export function startPace(atMs: number): Pace {
  return { decodedAtMs: Number.NEGATIVE_INFINITY, activeAtMs: atMs };
}

export function isDue(pace: Pace, atMs: number): boolean {
  return atMs - pace.activeAtMs < AWAKE_MS || atMs - pace.decodedAtMs >= IDLE_PERIOD_MS;
}

export function markActive(pace: Pace, atMs: number): Pace {
  return { ...pace, activeAtMs: atMs };
}

export function markDecoded(pace: Pace, atMs: number): Pace {
  return { ...pace, decodedAtMs: atMs };
}
