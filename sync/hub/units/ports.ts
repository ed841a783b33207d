import type { Clock } from '../../../main/core/clock.ts';
import type { HubKeys } from '../keys.ts';
import type { HubLog } from '../log.ts';
import type { HubStore } from '../ports.ts';
import type { HubLimits } from './limits.ts';

/** A message: a text, or its bytes, which several connections share and nobody changes. */
export type Sendable = string | Buffer;

/** What is between a session and the network: a WebSocket, or one half of a pair that a test flushes by hand. */
export interface UnitSocket {
  /**
   * Sends these messages in one write. `sent` is called once they have gone out, or never will.
   * @returns their bytes
   */
  send(messages: readonly Sendable[], sent: (() => void) | null): number;
  /** Bytes that haven't gone out yet. */
  readonly unsent: number;
  /** Stops and goes on reading. */
  pause(): void;
  resume(): void;
  /** Ends once what was sent is out. */
  end(): void;
  /** Ends at once. */
  cut(): void;
}

/** Where a connection comes from. */
export interface Caller {
  /** As the unit called the hub: what it signs is for this name alone. */
  readonly host: string;
  readonly address: string;
}

export interface HubParts {
  readonly store: HubStore;
  readonly keys: HubKeys;
  readonly clock: Clock;
  readonly log: HubLog;
  readonly limits: HubLimits;
}
