/** A batch against what is here of that part of the record: what is new, what contradicts, whether the chain holds. */
import { err, ok, type Result } from '../../../main/core/result.ts';
import { arrivalOf } from '../../wire/merge.ts';
import type { BatchFault, EventBatch } from '../ports.ts';
import { link, sameBytes } from './chain.ts';

/** Where a part of a record stands; changed by each batch. */
export interface EpochState {
  head: number;
  hash: Uint8Array;
  proof: string | null;
  isChanged: boolean;
}

export interface NewEvent {
  readonly seq: number;
  /** 0: the event; else a further one under its number. */
  readonly variant: number;
  readonly text: string;
  readonly body: Uint8Array;
  readonly hash: Uint8Array;
}

export interface Arrived {
  /** The chain's hash before them. */
  readonly base: Uint8Array;
  readonly events: readonly NewEvent[];
  readonly contradictions: readonly NewEvent[];
  /** The bodies don't lead to the hash that the unit signed. */
  readonly isBroken: boolean;
}

/** Bodies that are here, by number, the event first. */
export type Stored = Map<number, Uint8Array[]>;

/** Further bodies under one number that are kept. */
const MOST_VARIANTS = 8;

export function arrive(state: EpochState, stored: Stored, batch: EventBatch): Result<Arrived, BatchFault> {
  const { from, relayedBy, isProven } = batch;
  const base = state.hash;
  if (from > state.head + 1) return err({ code: 'gap', acknowledged: state.head });
  const events: NewEvent[] = [];
  const contradictions: NewEvent[] = [];
  let hash = state.hash;
  for (const [index, text] of batch.bodies.entries()) {
    const seq = from + index;
    const body = Buffer.from(text);
    const there = stored.get(seq) ?? [];
    switch (arrivalOf(state.head + events.length, seq, firstOf(there), text)) {
      case 'new':
        hash = link(hash, body);
        events.push({ seq, variant: 0, text, body, hash });
        break;
      case 'contradiction':
        if (there.some((one) => sameBytes(one, body)) || there.length > MOST_VARIANTS) break;
        contradictions.push({ seq, variant: there.length, text, body, hash: link(hash, body) });
        break;
      case 'known':
      case 'gap':
        break;
    }
  }
  const signed = Buffer.from(batch.hash, 'base64url');
  const isBroken = events.length > 0 && !sameBytes(hash, signed);
  if (isBroken || contradictions.length > 0) {
    // Whoever carries somebody else's record may have changed it.
    if (relayedBy !== null) return err({ code: 'chain', acknowledged: state.head });
    // A later signature vouches for an earlier one by the chain alone.
    if (!isProven) return err({ code: 'unproven', acknowledged: state.head });
  }
  const arrived = { base, events, contradictions, isBroken };
  take(state, stored, arrived, isBroken ? signed : hash, batch.proof);
  return ok(arrived);
}

function firstOf(there: readonly Uint8Array[]): string | null {
  const [first] = there;
  return first === undefined ? null : Buffer.from(first).toString();
}

/** From a break on the chain goes by what the unit signed, so that one break is told once. */
function take(state: EpochState, stored: Stored, arrived: Arrived, hash: Uint8Array, proof: string): void {
  for (const { seq, body } of [...arrived.events, ...arrived.contradictions]) {
    stored.set(seq, [...(stored.get(seq) ?? []), body]);
  }
  const last = arrived.events.at(-1);
  if (last === undefined) return;
  state.head = last.seq;
  state.hash = hash;
  state.proof = proof;
  state.isChanged = true;
}
