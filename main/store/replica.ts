/**
 * The unit's replica of its tenant, as the link needs it (`sync/link/ports.ts`): what comes from the hub and from peers,
 * what goes there, and the key. Everything is durable when it returns, but for what is staged: that comes again.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { SealedEvents } from '../../sync/wire/carried.ts';
import { type Change, Roster } from '../../sync/wire/entities.ts';
import { err, ok, type Result } from '../core/result.ts';
import { sealEvents } from './by-hand.ts';
import { Delta } from './delta.ts';
import { digestOfSite } from './digest.ts';
import type { StoreFault } from './faults.ts';
import type { HeldStore } from './held.ts';
import type { Keys } from './keys.ts';
import { type Limits, Outbox, type OutgoingEvents } from './outbox.ts';
import { PARCEL, parcelsOf } from './parcels.ts';
import { type HeardEvent, Peers } from './peers.ts';
import type { Prepared } from './prepared.ts';
import type { Pruner } from './prune.ts';
import type { EventDraft, RecordReader } from './record.ts';
import { Refused } from './refused.ts';
import type { Whose } from './rows-source.ts';
import { exportSite } from './site.ts';
import { sliced, type Work } from './sliced.ts';
import { Snapshots } from './snapshot.ts';
import { UnitKey } from './unit-key.ts';
import type { Head } from './unknown-events.ts';
import { Revocation, wipe } from './wipe.ts';
import { type AsideWipe, wipeAside } from './wipe-aside.ts';

export interface Pairing {
  readonly tenant: string;
  readonly hubKey: string;
  readonly sealKey: string;
  readonly url: string;
}

export interface ReplicaParts {
  readonly db: Database;
  readonly keys: Keys;
  readonly record: RecordReader;
  readonly append: (draft: EventDraft) => number;
  readonly held: HeldStore;
  readonly prune: Pruner;
  readonly transact: <T>(body: () => T) => Result<T, StoreFault>;
  /** Whole and in order, but durable only with the next transaction that is. */
  readonly transactSoon: <T>(body: () => T) => Result<T, StoreFault>;
  /** Monotonic, milliseconds with a fraction. */
  readonly mono: () => number;
}

const NOWHERE = { doorId: null, readerId: null, direction: null, result: null, of: null } as const;

/** The disk doesn't take it, or doesn't give it: nothing was changed. */
export class ReplicaFault extends Error {
  readonly fault: StoreFault;

  constructor(fault: StoreFault) {
    super(fault.detail);
    this.fault = fault;
  }
}

export class UnitReplica {
  readonly revocation: Revocation;
  readonly #parts: ReplicaParts;
  readonly #key: UnitKey;
  readonly #outbox: Outbox;
  readonly #snapshots: Snapshots;
  /** Asked for with every message that comes. */
  readonly #hubRevision: Statement<[], { revision: number }>;
  #delta: Delta | null = null;
  #peers: Peers | null = null;

  constructor(parts: ReplicaParts) {
    this.#parts = parts;
    this.#key = new UnitKey(parts.db, parts.keys);
    this.#outbox = new Outbox(parts.db, parts.record);
    this.revocation = new Revocation(parts.db, (body) => this.#transact(body));
    this.#hubRevision = parts.db.prepare('SELECT revision FROM hub');
    const transact = (body: () => void) => this.#must(parts.transact(body));
    const transactSoon = (body: () => void) => this.#must(parts.transactSoon(body));
    this.#snapshots = new Snapshots({ db: parts.db, keys: parts.keys, mono: parts.mono, transact, transactSoon });
  }

  unit(): { readonly unit: string; readonly epoch: number } {
    const { unit_id: unit, epoch } = this.#parts.record.unit();
    return { unit, epoch };
  }

  head(): { readonly seq: number; readonly hash: string } | null {
    const last = this.#parts.record.last();
    return last === null ? null : { seq: last.seq, hash: last.hash.toString('base64url') };
  }

  before(): { readonly epoch: number; readonly seq: number; readonly hash: string } | null {
    return this.#outbox.before();
  }

  pairing(): Pairing | null {
    const row = this.#parts.db
      .prepare<[], Pairing>(
        'SELECT tenant, hub_key AS hubKey, seal_key AS sealKey, url FROM hub WHERE tenant IS NOT NULL',
      )
      .get();
    return row ?? null;
  }

  /** From now on no event goes that the hub doesn't have; of another tenant's nothing is known. */
  pair({ tenant, hubKey, sealKey, url }: Pairing): void {
    this.#transact(() => {
      this.#key.make();
      this.#parts.prune.hubPaired();
      this.#parts.db
        .prepare(`
          UPDATE hub SET revision = iif(tenant IS @tenant AND hub_key IS @hubKey, revision, 0),
            newest = iif(tenant IS @tenant AND hub_key IS @hubKey, newest, 0), tenant = @tenant, hub_key = @hubKey,
            seal_key = @sealKey, url = @url, revoked_at = NULL`)
        .run({ tenant, hubKey, sealKey, url });
    });
  }

  /** Made when it is first asked for. */
  publicKey(): string {
    const known = this.#key.publicKey();
    if (known !== null) return known;
    this.#transact(() => this.#key.make());
    return this.#key.publicKey() ?? '';
  }

  sign(text: string): string {
    if (!this.#key.isReady) this.publicKey();
    return this.#key.sign(text);
  }

  /** Events up to this one are gone; null: none. */
  begins(): { readonly seq: number; readonly hash: string } | null {
    const { prunedTo: seq, hash } = this.#parts.prune.anchor();
    return seq === 0 || hash === null ? null : { seq, hash: hash.toString('base64url') };
  }

  acknowledged(): number {
    return this.#parts.record.unit().acknowledged;
  }

  outgoing(after: number, limits: Limits): OutgoingEvents | null {
    return this.#outbox.outgoing(after, limits);
  }

  acknowledge(epoch: number, seq: number): void {
    this.#transact(() => this.#outbox.acknowledge(epoch, seq));
  }

  handovers(limit: number): readonly { readonly id: string; readonly kind: string; readonly body: string }[] {
    return this.#parts.held.waiting(limit).map(({ id, kind, body }) => ({ id, kind, body: JSON.stringify(body) }));
  }

  taken(ids: readonly string[], at: number): void {
    this.#transact(() => {
      for (const id of ids) this.#parts.held.taken(id, at);
    });
  }

  /** What the hub hasn't acknowledged, sealed to it, to be carried there by hand; null: nothing waits, or no hub is known. */
  exportEvents(): SealedEvents | null {
    const pairing = this.pairing();
    const { unit } = this.unit();
    const parts = parcelsOf(unit, {
      peers: this.#peersOf(),
      sent: this.acknowledged(),
      next: (after) => this.outgoing(after, PARCEL),
      sign: (text) => this.sign(text),
    });
    return pairing === null || parts.length === 0 ? null : sealEvents(unit, { parts }, pairing.sealKey);
  }

  /** @param heads of this unit, of any of its epochs */
  acknowledgeByHand(heads: readonly Head[]): void {
    const own = this.unit();
    this.#transact(() => {
      for (const { unit, epoch, seq } of heads)
        if (epoch < own.epoch) this.#peersOf().acknowledged(unit, epoch, seq);
        else this.#outbox.acknowledge(epoch, seq);
    });
  }

  hubRevision(): number {
    return this.#hubRevision.get()?.revision ?? 0;
  }

  staged(): { readonly revision: number; readonly cursor: string; readonly rows: number } | null {
    return this.#snapshots.staged();
  }

  beginSnapshot(revision: number): void {
    this.#snapshots.begin(revision);
  }

  stage(rows: readonly Change[] | Prepared, cursor: string): Work {
    return this.#snapshots.stage(this.#me(), rows, cursor);
  }

  finishSnapshot(
    revision: number,
    knows: readonly Head[],
    at: number,
  ): Work & { readonly trouble: () => readonly string[] } {
    return this.#snapshots.finish(this.#me(), revision, knows, at);
  }

  /** Destroys what snapshots have replaced or left: to be done after each, and at a start. */
  tidy(): Work {
    return this.#snapshots.tidy();
  }

  applyDelta(to: number, changes: readonly Change[], at: number): Result<void, readonly string[]> {
    const { db, keys } = this.#parts;
    this.#delta ??= new Delta(db, keys);
    const delta = this.#delta;
    try {
      this.#transact(() => {
        delta.apply(this.#me(), changes, at);
        db.prepare('UPDATE hub SET revision = ?, newest = max(newest, ?)').run(to, to);
      });
      return ok(undefined);
    } catch (error) {
      if (error instanceof Refused) return err(error.lines);
      throw error;
    }
  }

  roster(): Roster | null {
    const row = this.#parts.db.prepare<[], { roster: string | null }>('SELECT roster FROM hub').get();
    return row === undefined || row.roster === null ? null : Roster.parse(JSON.parse(row.roster));
  }

  heardOf(): readonly Head[] {
    return this.#peersOf().heardOf();
  }

  hear(
    unit: string,
    epoch: number,
    events: readonly HeardEvent[],
    vouched: { readonly hash: string; readonly proof: string },
  ): void {
    if (unit === this.unit().unit) return;
    this.#transact(() => this.#peersOf().hear(unit, epoch, events, vouched));
  }

  relayable(after: string): string | null {
    return this.#peersOf().relayable(after);
  }

  relayed(unit: string, after: number, limits: Limits): (OutgoingEvents & { readonly proof: string }) | null {
    return this.#peersOf().relayed(unit, after, limits);
  }

  /** The hub has what was relayed of another unit up to `seq`. */
  peerAcknowledged(unit: string, epoch: number, seq: number): void {
    this.#transact(() => this.#peersOf().acknowledged(unit, epoch, seq));
  }

  /** SHA-256 over the site as it is exported, in hexadecimal digits: equal at rest in all units and at the hub. */
  digest(): string {
    return digestOfSite(exportSite(this.#parts.db, this.#parts.keys));
  }

  /**
   * Destroys all that is known of persons, a slice at a time, in databases that are set aside too, and says so in the
   * record once this one has nobody. @param at epoch ms @param thoroughly nobody waits for those that are set aside
   */
  wipeMembers(at: number, thoroughly = false): AsideWipe {
    const { db, mono, append } = this.#parts;
    const tell = () => append({ at, type: 'system', ...NOWHERE, clock: 'held', detail: { what: 'members-wiped' } });
    const own = sliced({ mono, transact: (body) => this.#transact(body) }, wipe(db, tell));
    const aside = wipeAside({ db, mono, thoroughly });
    return { left: aside.left, step: (budgetMs) => own.step(budgetMs) && aside.step(budgetMs) };
  }

  #me(): Whose {
    return { ...this.unit(), own: true };
  }

  #peersOf(): Peers {
    this.#peers ??= new Peers(this.#parts.db);
    return this.#peers;
  }

  #transact<T>(body: () => T): T {
    return this.#must(this.#parts.transact(body));
  }

  #must<T>(done: Result<T, StoreFault>): T {
    if (!done.ok) throw new ReplicaFault(done.error);
    return done.value;
  }
}
