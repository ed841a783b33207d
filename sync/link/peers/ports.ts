/** What the exchange between units of a site needs: of their network, and of the unit. */
import type { Result } from '../../../main/core/result.ts';
import type { Replica } from '../ports.ts';

export type PeerReplica = Pick<
  Replica,
  'unit' | 'head' | 'sign' | 'outgoing' | 'roster' | 'heardOf' | 'hear' | 'relayed'
>;

/** An encrypted connection, open. */
export interface PeerWire {
  /** For technicians: where it leads. */
  readonly address: string;
  /** What both ends of this connection know and nobody else. */
  readonly session: string;
  /** @returns false where too much waits: the other side doesn't read */
  send(text: string): boolean;
  /** Ends it; `closed` is not told any more. */
  close(): void;
  /** Once. What came before is told then. */
  take(sink: PeerSink): void;
}

export interface PeerSink {
  said(text: string): void;
  /** Once, whatever ended it. */
  closed(why: string): void;
}

export interface PeerNetwork {
  /** @returns the port; the error is one line */
  listen(called: (wire: PeerWire) => void): Promise<Result<number, string>>;
  /** One of both is told, once. */
  call(host: string, port: number, open: (wire: PeerWire) => void, failed: (why: string) => void): void;
  close(): Promise<void>;
}

export interface Found {
  readonly unit: string;
  readonly host: string;
  readonly port: number;
}

/** Looks for units of this site, and lets itself be found. */
export interface PeerFinder {
  start(
    self: { readonly unit: string; readonly site: string; readonly port: number },
    found: (peer: Found) => void,
  ): void;
  /** Asks again who is there. */
  ask(): void;
  stop(): void;
}
