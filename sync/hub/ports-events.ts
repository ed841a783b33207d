/**
 * How the hub's store takes events in: first they are made durable in the order in which they come, and acknowledged;
 * then they are judged, in the same order, and become rows. Whoever asks for what they have changed is answered after it.
 */

import type { Result } from '../../main/core/result.ts';
import type { Right } from '../wire/rights.ts';

/** A part of one unit's record. */
export interface EventBatch {
  readonly tenant: string;
  readonly unit: string;
  readonly epoch: number;
  /** Number of the first body. */
  readonly from: number;
  readonly bodies: readonly string[];
  /** Chain's hash at the last of them and the unit's signature over it, base64url. */
  readonly hash: string;
  readonly proof: string;
  /** The signature is checked. Else it is before anything follows from them, and only what goes on with the chain is taken. */
  readonly isProven: boolean;
  /** The peer that brought it; null: the unit itself. What a peer brings and the chain doesn't vouch for is refused. */
  readonly relayedBy: string | null;
  /** Epoch ms. */
  readonly receivedAt: number;
}

export interface Taken {
  /** The last durable event of this epoch; 0: none. */
  readonly acknowledged: number;
}

/** `gap`: one before is missing, `acknowledged` says up to where the record is whole. */
export type BatchFault =
  | { readonly code: 'gap'; readonly acknowledged: number }
  /** A peer brought it and the chain doesn't hold: nothing is stored. From the unit itself it is stored and flagged. */
  | { readonly code: 'chain'; readonly acknowledged: number }
  /** It doesn't go on with what is here, and its signature wasn't checked: nothing is stored. */
  | { readonly code: 'unproven'; readonly acknowledged: number };

export interface Judged {
  readonly events: number;
  /** Those of the tenants asked for in which some still wait. */
  readonly left: readonly string[];
}

/** What judged events have used, at one site, of rights that may be leased. */
export interface Spending {
  readonly tenant: string;
  readonly site: string;
  readonly rights: readonly Right[];
}

/** Events that were taken on the word of a connection, and aren't signed by their unit: no longer part of its record. */
export interface Forged {
  readonly tenant: string;
  readonly unit: string;
  /** When the first of them came, epoch ms. */
  readonly receivedAt: number;
}

/** Events that are durable and not judged yet. */
export interface Waiting {
  readonly events: number;
  /** Epoch ms at which the oldest came; null: none wait. */
  readonly since: number | null;
  readonly tenants: readonly string[];
}

export interface EventStore {
  /** The last durable event of this unit's epoch; null: none of it yet. */
  acknowledged(tenant: string, unit: string, epoch: number): Promise<number | null>;
  /**
   * `before` of this very epoch: the unit has kept nothing up to there, and its record goes on after it. Only the unit
   * itself may say so.
   */
  beginEpoch(
    tenant: string,
    unit: string,
    epoch: number,
    before: { readonly epoch: number; readonly seq: number; readonly hash: string } | null,
    at: number,
  ): Promise<Taken>;
  /** Makes them durable, all in one transaction (group commit). What follows from them is left to `judge`. */
  take(batches: readonly EventBatch[]): Promise<readonly Result<Taken, BatchFault>[]>;
  /**
   * About `most` events of these tenants, each tenant's in the order in which they were taken. Any process may judge what
   * any other has taken; together they judge it once.
   */
  judge(tenants: readonly string[], most: number): Promise<Judged>;
  /** Checks the signatures of all that was taken of the tenant before, and puts aside what its unit hasn't signed. */
  prove(tenant: string): Promise<void>;
  /** Resolves when everything that was taken of the tenant before is judged, by whomever. */
  catchUp(tenant: string): Promise<void>;
  waiting(): Promise<Waiting>;
  /** Told of what is judged in this process, after the commit. @returns ends it */
  whenSpent(heard: (spending: Spending) => void): () => void;
  /** Told of what this process has found. @returns ends it */
  whenForged(heard: (forged: Forged) => void): () => void;
}
