import type { Clock } from '../../../main/core/clock.ts';
import type { HubKeys } from '../keys.ts';
import type { HubLog } from '../log.ts';
import type { HubStore } from '../ports.ts';
import type { HubLimits } from './limits.ts';

/** What is between a session and the network: a WebSocket, or one half of a pair that a test flushes by hand. */
export interface UnitSocket {
  /** `sent` is called once it has gone out, or never will. Bytes are a text that several connections share. */
  send(message: string | Buffer, sent: (() => void) | null): void;
  /** What `body` sends goes out as one write. */
  together(body: () => void): void;
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
