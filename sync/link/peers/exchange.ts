/**
 * What one peer is told, and what is believed of what it says. Events go in the order of their unit's record, a part at a
 * time: the next part once the peer says that it has the one before.
 */
import { err, ok, type Result } from '../../../main/core/result.ts';
import { parseEventBody } from '../../wire/effects.ts';
import type { WireFault } from '../../wire/from-hub.ts';
import { PEER, type PeerEvents, type PeerMessage } from '../../wire/peer.ts';
import { headText } from '../../wire/signed.ts';
import { isSigned } from '../proof.ts';
import { chained, genesisOf } from './chain.ts';
import type { PeerReplica } from './ports.ts';
import { unitsOfSite } from './site.ts';

const LIMITS = { events: PEER.events, bytes: PEER.bytes };
const MOST_ENDS = 2_000;

export interface Head {
  readonly unit: string;
  readonly epoch: number;
  readonly seq: number;
}

/** Up to where the events of each unit of the site are here: its newest epoch alone. */
export function headsOf(replica: PeerReplica): ReadonlyMap<string, Head> {
  const { unit, epoch } = replica.unit();
  const heads = new Map<string, Head>();
  const units = unitsOfSite(replica.roster(), unit)?.keys ?? new Map();
  for (const head of replica.heardOf()) {
    const known = heads.get(head.unit);
    if (units.has(head.unit) && head.seq > 0 && (known === undefined || known.epoch < head.epoch))
      heads.set(head.unit, head);
  }
  const own = replica.head();
  if (own !== null) heads.set(unit, { unit, epoch, seq: own.seq });
  return heads;
}

/** Where parts of other units' records ended that were heard since the start, so that they can be passed on. */
export class KnownEnds {
  readonly #hashes = new Map<string, string>();

  note(unit: string, epoch: number, seq: number, hash: string): void {
    this.#hashes.set(`${unit}/${epoch}/${seq}`, hash);
    if (this.#hashes.size <= MOST_ENDS) return;
    const [oldest] = this.#hashes.keys();
    if (oldest !== undefined) this.#hashes.delete(oldest);
  }

  /** The chain's hash at an event; null: not known. */
  at(unit: string, epoch: number, seq: number): string | null {
    return seq === 0 ? genesisOf(unit, epoch) : (this.#hashes.get(`${unit}/${epoch}/${seq}`) ?? null);
  }
}

export interface PartFault {
  readonly why: Extract<WireFault, 'unknown-unit' | 'proof' | 'chain' | 'unavailable'>;
  /** One line for technicians. */
  readonly detail: string;
}

type Have = Extract<PeerMessage, { readonly type: 'have' }>;

export class Exchange {
  readonly #replica: PeerReplica;
  readonly #peer: string;
  readonly #ends: KnownEnds;
  /** What the peer says to have; null: it hasn't said yet. */
  #there: ReadonlyMap<string, Head> | null = null;
  /** Up to where it was sent what it didn't say to have yet. */
  readonly #sent = new Map<string, Head>();
  /** What wasn't taken by the roster as it was: of which epoch, and which key it had of the unit, if any. */
  readonly #notTaken = new Map<string, { readonly epoch: number; readonly key: string | undefined }>();

  constructor(replica: PeerReplica, peer: string, ends: KnownEnds) {
    this.#replica = replica;
    this.#peer = peer;
    this.#ends = ends;
  }

  has({ heads }: Have): void {
    this.#there = new Map(heads.map((head) => [head.unit, head]));
    for (const { unit, epoch, seq } of heads) {
      const sent = this.#sent.get(unit);
      const isHere = sent !== undefined && (epoch > sent.epoch || (epoch === sent.epoch && seq >= sent.seq));
      if (isHere || seq === 0) this.#sent.delete(unit);
    }
  }

  /** Heads at 0 of units whose events weren't taken by the roster of then, where it has another key of them now. Once. */
  wanted(): readonly Head[] {
    if (this.#notTaken.size === 0) return [];
    const keys = this.#keys();
    const wanted = [...this.#notTaken].filter(([unit, { key }]) => keys.has(unit) && keys.get(unit) !== key);
    for (const [unit] of wanted) this.#notTaken.delete(unit);
    return wanted.map(([unit, { epoch }]) => ({ unit, epoch, seq: 0 }));
  }

  /** The next part of this unit's own record. */
  own(): PeerEvents | null {
    const { unit, epoch } = this.#replica.unit();
    const after = this.#after(unit, epoch);
    if (after === null) return null;
    const next = this.#replica.outgoing(after, LIMITS);
    if (next === null) return null;
    const seq = next.from + next.bodies.length - 1;
    const proof = this.#replica.sign(headText(unit, epoch, seq, next.hash));
    return this.#part({
      type: 'events',
      unit,
      ...next,
      bodies: [...next.bodies],
      before: this.#ownBefore(unit, epoch, next.from),
      proof,
    });
  }

  /** The next parts of third units' records, where the peer lacks them and they can be proven. */
  others(): readonly PeerEvents[] {
    const { unit: own } = this.#replica.unit();
    return [...headsOf(this.#replica).values()].flatMap(({ unit, epoch }) => {
      if (unit === own || unit === this.#peer) return [];
      const after = this.#after(unit, epoch);
      const next = after === null ? null : this.#replica.relayed(unit, after, LIMITS);
      if (next === null || next.epoch !== epoch) return [];
      const before = this.#ends.at(unit, epoch, next.from - 1);
      return before === null ? [] : [this.#part({ type: 'events', unit, ...next, bodies: [...next.bodies], before })];
    });
  }

  /** Takes what is proven, durably. @returns whether anything was new */
  take(part: PeerEvents): Result<boolean, PartFault> {
    const { unit, epoch, from, bodies, hash, proof } = part;
    const seq = from + bodies.length - 1;
    const fault = this.#faultOf(part, seq);
    if (fault !== null) {
      if (fault.why !== 'chain') this.#notTaken.set(unit, { epoch, key: this.#keys().get(unit) });
      return err(fault);
    }
    this.#ends.note(unit, epoch, seq, hash);
    const head = headsOf(this.#replica).get(unit);
    if (head !== undefined && (head.epoch > epoch || (head.epoch === epoch && head.seq >= seq))) return ok(false);
    const events = bodies.map((body, index) => {
      const parsed = parseEventBody(body);
      const isNumbered = parsed.ok && parsed.value.seq === from + index;
      return { seq: from + index, body, effects: isNumbered ? parsed.value.detail.effects : undefined };
    });
    try {
      this.#replica.hear(unit, epoch, events, { hash, proof });
      return ok(true);
    } catch {
      // A disk that is full takes nothing from anybody; the peer has it and says it again.
      return err({ why: 'unavailable', detail: 'what was told could not be kept here' });
    }
  }

  #keys(): ReadonlyMap<string, string> {
    return unitsOfSite(this.#replica.roster(), this.#replica.unit().unit)?.keys ?? new Map();
  }

  #faultOf({ unit, epoch, before, bodies, hash, proof }: PeerEvents, seq: number): PartFault | null {
    const key = this.#keys().get(unit);
    if (key === undefined) return { why: 'unknown-unit', detail: 'events of a unit that is not of this site' };
    if (!isSigned(key, headText(unit, epoch, seq, hash), proof))
      return { why: 'proof', detail: 'events without the proof of their unit' };
    const isWhole = before === null ? unit === this.#peer : chained(before, bodies) === hash;
    return isWhole ? null : { why: 'chain', detail: 'events that are no chain' };
  }

  /** Behind which event the peer is told more; null: nothing now. */
  #after(unit: string, epoch: number): number | null {
    if (this.#there === null || this.#sent.has(unit)) return null;
    const there = this.#there.get(unit);
    if (there === undefined || there.epoch < epoch) return 0;
    return there.epoch === epoch ? there.seq : null;
  }

  #part(part: PeerEvents): PeerEvents {
    const { unit, epoch, from, bodies } = part;
    this.#sent.set(unit, { unit, epoch, seq: from + bodies.length - 1 });
    return part;
  }

  #ownBefore(unit: string, epoch: number, from: number): string | null {
    if (from === 1) return genesisOf(unit, epoch);
    const before = this.#replica.outgoing(from - 2, { events: 1, bytes: 1 });
    return before?.from === from - 1 ? before.hash : null;
  }
}
