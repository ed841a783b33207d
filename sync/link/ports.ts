/** What the link needs: the unit's replica (its store), what it may ask of the controller, and a line to the hub. */
import type { Result } from '../../main/core/result.ts';
import type { Effects } from '../wire/effects.ts';
import type { Change, Roster } from '../wire/entities.ts';
import type { CommandPayload } from '../wire/from-hub.ts';

export type { CommandPayload } from '../wire/from-hub.ts';
export type { Right } from '../wire/rights.ts';

/**
 * Work that may take long, done a slice at a time: scans are served between. `step` works for about `budgetMs` and
 * returns whether it is done.
 */
export interface Work {
  step(budgetMs: number): boolean;
}

/** A message of rows that was read, and how they are staged. */
export interface ReadRows {
  readonly count: number;
  /** Where a snapshot goes on after these. */
  readonly cursor: string;
  /** As `Replica.stage` does. */
  readonly stage: () => Work;
}

/** Reads messages of rows, and makes them ready to be kept, where that holds nothing up. */
export interface RowsReader {
  /**
   * @returns null: not this one, or not now; the promise of null: it could not, whatever the reason. Then it is read as
   * all others are. Promises are kept in the order in which they were given.
   */
  read(message: Buffer): Promise<ReadRows | null> | null;
  /** No rows are expected any more. */
  rest(): void;
}

export interface OutgoingEvents {
  readonly epoch: number;
  readonly from: number;
  readonly bodies: readonly string[];
  /** Chain's hash at the last of them, base64url. */
  readonly hash: string;
}

/**
 * The unit's own store. Everything is synchronous, durable when it returns, and short, but for `Work`. Where the disk
 * fails it throws (`ReplicaFault` of main/store) and has changed nothing; a `Work` that threw is begun anew.
 */
export interface Replica {
  unit(): { readonly unit: string; readonly epoch: number };
  head(): { readonly seq: number; readonly hash: string } | null;
  /** The first event of this epoch says which head was before; null: this is the first epoch. */
  before(): { readonly epoch: number; readonly seq: number; readonly hash: string } | null;

  // Who we are paired with; null: not yet. The unit's private key is kept sealed and never leaves the store but to sign.
  pairing(): {
    readonly tenant: string;
    readonly hubKey: string;
    readonly sealKey: string;
    readonly url: string;
  } | null;
  pair(pairing: {
    readonly tenant: string;
    readonly hubKey: string;
    readonly sealKey: string;
    readonly url: string;
  }): void;
  publicKey(): string;
  sign(text: string): string;

  // Up.
  /** Where the record begins, since older events have gone; null: with its first. */
  begins(): { readonly seq: number; readonly hash: string } | null;
  acknowledged(): number;
  /** After `after`, at most so much; null: there is none. */
  outgoing(after: number, limits: { readonly events: number; readonly bytes: number }): OutgoingEvents | null;
  acknowledge(epoch: number, seq: number): void;
  handovers(limit: number): readonly { readonly id: string; readonly kind: string; readonly body: string }[];
  taken(ids: readonly string[], at: number): void;

  // Down.
  /** 0: nothing of the hub is here, or what is here came by hand: a snapshot is needed. */
  hubRevision(): number;
  /** A snapshot that was cut off; null: none is under way. */
  staged(): { readonly revision: number; readonly cursor: string; readonly rows: number } | null;
  beginSnapshot(revision: number): void;
  stage(changes: readonly Change[], cursor: string): Work;
  /** The switch is the last slice. Wrong data comes back as lines; what is here stays. */
  finishSnapshot(
    revision: number,
    knows: readonly { readonly unit: string; readonly epoch: number; readonly seq: number }[],
    at: number,
  ): Work & { readonly trouble: () => readonly string[] };
  /** Destroys what a snapshot has replaced, or one that was given up has left: after each, and at a start. */
  tidy(): Work;
  /** Whole, in one transaction. */
  applyDelta(to: number, changes: readonly Change[], at: number): Result<void, readonly string[]>;
  roster(): Roster | null;

  // Peers: events of other units of the site, as they signed them; applied at most once, here and later from the hub.
  heardOf(): readonly { readonly unit: string; readonly epoch: number; readonly seq: number }[];
  hear(
    unit: string,
    epoch: number,
    events: readonly { readonly seq: number; readonly body: string; readonly effects: Effects | undefined }[],
    vouched: { readonly hash: string; readonly proof: string },
  ): void;
  /** The next unit behind `after`, by id, of which events are kept for the hub; null: there is none. */
  relayable(after: string): string | null;
  /** What a peer has signed and the hub may not have. */
  relayed(
    unit: string,
    after: number,
    limits: { readonly events: number; readonly bytes: number },
  ): (OutgoingEvents & { readonly proof: string }) | null;

  /** The hub has said that it has what was relayed of another unit. */
  peerAcknowledged(unit: string, epoch: number, seq: number): void;
  /** SHA-256 over the site as it is exported: equal at rest in all units and at the hub. */
  digest(): string;

  // A revoked unit.
  /** By the hub's time. */
  readonly revocation: {
    /** Of the first notice that is known here; null: none is. */
    firstAt(): number | null;
    /** @returns as `firstAt` */
    note(hubTime: number): number;
    forget(): void;
  };
  /** `left`: files of databases that are set aside and may still have members. */
  wipeMembers(at: number): Work & { readonly left: () => readonly string[] };
}

/** What the hub may have done here. Each is on record with who asked. */
export interface Remote {
  command(id: string, payload: CommandPayload): Promise<Result<string, string>>;
  /** The hub's time, its signature checked. */
  hubTime(at: number): void;
  /** Something that decisions are made from has changed. `members`: codes and rights of members may be others. */
  changed(what: 'all' | 'history'): void;
  /**
   * The hub has more of this epoch than the unit: its disk is an older copy of itself, and the numbers that it would give
   * next are taken.
   * @returns whether it begins a new epoch, and with it anew; false: it goes on, and the hub keeps both
   */
  putBack(): boolean;
}

export type LinkState =
  | { readonly at: 'off' }
  | { readonly at: 'unpaired' }
  | { readonly at: 'away'; readonly since: number; readonly why: string; readonly nextMono: number }
  | { readonly at: 'snapshot'; readonly rows: number; readonly of: number }
  | { readonly at: 'live'; readonly since: number }
  | { readonly at: 'revoked'; readonly firstAt: number };

/** What healthz, the page and the doctor are told. */
export interface LinkReport {
  readonly state: LinkState;
  /** Milliseconds since all that the hub had was applied here; null: not since the link began. */
  readonly freshMs: number | null;
  /** Events that the hub has not said to have. */
  readonly queue: number;
}

/** A hub's address, checked: TLS, or loopback. */
export interface HubAddress {
  /** `wss://hub.example/v1/unit`. */
  readonly url: string;
  /** As it goes into what is signed: name, with the port where it isn't the scheme's own. */
  readonly host: string;
  /** SHA-256 of the only certificate's public key (SPKI) that is taken, base64; null: the system's roots decide. */
  readonly pin: string | null;
}

/** Opens lines to a hub. */
export interface Dialer {
  dial(address: HubAddress, sink: LineSink): Line;
}

export interface LineSink {
  opened(): void;
  /** @param message text, in UTF-8: as bytes it can wait outside of the heap */
  said(message: Buffer): void;
  /** Once, whatever ended it; nothing is told after. @param why one line for technicians */
  closed(why: string): void;
}

export interface Line {
  send(text: string): void;
  /** Whether the other side may say more: off while there is enough to do. What is on its way still comes. */
  listen(on: boolean): void;
  /** Ends it; `closed` is not told any more. @param why for the other side */
  close(why: string): void;
}
