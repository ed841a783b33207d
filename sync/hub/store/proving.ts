/**
 * Checks the signatures of what was taken on the word of a unit's own connection, before anything follows from it. What
 * the unit hasn't signed is put aside: kept under its number, flagged, told, and no longer part of the record, which goes
 * on from the last event that is vouched for.
 */
import { headText } from '../../wire/signed.ts';
import { isSignedBy, unitKey } from '../keys.ts';
import type { Forged } from '../ports.ts';
import { nextNumbers } from './arrivals.ts';
import { base64url } from './chain.ts';
import { ask, type HubDatabase, type Tx } from './database.ts';
import { firstForged, newestOf, runsIn, type Unproven } from './proofs.ts';
import { lockTenant } from './tenant-change.ts';
import { timeId } from './tenants.ts';
import { writeTold } from './told.ts';

/** Arrivals that are looked at together: the more wait, the fewer of their signatures are checked. */
const TOGETHER = 1_000;

const WAITING = `SELECT arrival.number, arrival.unit, arrival.epoch, arrival.first, arrival.last, arrival.proof
  FROM arrival CROSS JOIN tenant WHERE tenant.id = ? AND arrival.tenant = tenant.id
  AND arrival.number > ? AND arrival.number > tenant.proven ORDER BY arrival.number LIMIT ?`;
const SIGNED = `SELECT arrival.number, event.hash, unit.key FROM arrival CROSS JOIN event CROSS JOIN unit
  WHERE arrival.tenant = ? AND arrival.number IN ?n AND event.tenant = arrival.tenant AND event.unit = arrival.unit
  AND event.epoch = arrival.epoch AND event.seq = arrival.last AND event.variant = 0 AND unit.unit = arrival.unit`;

interface Signed {
  readonly number: number;
  /** Of the chain at the arrival's last event. */
  readonly hash: Uint8Array;
  readonly key: string;
}

export class Proving {
  readonly #hub: HubDatabase;
  /** Up to which arrival each tenant's are proven, where the database doesn't say so yet. */
  readonly #proven = new Map<string, number>();
  readonly #ears = new Set<(forged: Forged) => void>();

  constructor(hub: HubDatabase) {
    this.#hub = hub;
  }

  whenForged(heard: (forged: Forged) => void): () => void {
    this.#ears.add(heard);
    return () => {
      this.#ears.delete(heard);
    };
  }

  /** What was found and isn't written: for whoever has the tenant's lock. */
  found(tenant: string): number {
    return this.#proven.get(tenant) ?? 0;
  }

  /** It is written, up to there. */
  written(tenant: string, upTo: number): void {
    if (this.found(tenant) <= upTo) this.#proven.delete(tenant);
  }

  async all(tenant: string): Promise<void> {
    while (await this.next(tenant));
  }

  /** Those that wait first. @returns whether there may be more */
  async next(tenant: string): Promise<boolean> {
    const { kind } = this.#hub;
    const waiting = await this.#hub.reading((tx) =>
      ask<Unproven>(tx, kind, WAITING, [tenant, this.found(tenant), TOGETHER]),
    );
    const runs = runsIn(waiting);
    // Almost always these are all that are needed.
    const newest = await this.#signed(tenant, runs.map(newestOf));
    const isSigned = async (arrival: Unproven) => {
      const signed = newest.get(arrival.number) ?? (await this.#signed(tenant, [arrival])).get(arrival.number);
      return signed !== undefined && isProof(arrival, signed);
    };
    // Beside one another: each is a moment of another thread, and a turn of a loop that has much else to do.
    const found = await Promise.all(runs.map((run) => firstForged(run, isSigned)));
    for (const forged of found) if (forged !== null) await this.#putAside(tenant, forged);
    const last = waiting.at(-1);
    if (last !== undefined) this.#proven.set(tenant, last.number);
    return waiting.length === TOGETHER;
  }

  async #signed(tenant: string, arrivals: readonly Unproven[]): Promise<ReadonlyMap<number, Signed>> {
    if (arrivals.length === 0) return new Map();
    const numbers = arrivals.map(({ number }) => number);
    const rows = await this.#hub.reading((tx) => ask<Signed>(tx, this.#hub.kind, SIGNED, [tenant, numbers]));
    return new Map(rows.map((row) => [row.number, row]));
  }

  async #putAside(tenant: string, forged: Unproven): Promise<void> {
    const found = await this.#hub.transact((tx) => putAside(tx, this.#hub.kind, tenant, forged));
    if (found !== null) for (const hear of this.#ears) hear(found);
  }
}

function isProof({ unit, epoch, last, proof }: Unproven, { hash, key }: Signed): Promise<boolean> | boolean {
  const by = unitKey(key);
  return by !== null && proof !== null && isSignedBy(by, headText(unit, epoch, last, base64url(hash)), proof);
}

const WHERE = 'tenant = ? AND unit = ? AND epoch = ?';
const ARRIVAL = `SELECT first, base, received_at FROM arrival WHERE tenant = ? AND number = ? AND proof = ?`;
const HEAD = `SELECT head FROM epoch WHERE ${WHERE}`;
/** The same bytes may have been put aside before. */
const SAME = `DELETE FROM event WHERE ${WHERE} AND seq >= ? AND variant = 0 AND EXISTS (SELECT 1 FROM event AS other
  WHERE other.tenant = event.tenant AND other.unit = event.unit AND other.epoch = event.epoch AND other.seq = event.seq
  AND other.variant > 0 AND other.body = event.body)`;
const ASIDE = `UPDATE event SET flags = ?, variant = (SELECT max(other.variant) + 1 FROM event AS other
  WHERE other.tenant = event.tenant AND other.unit = event.unit AND other.epoch = event.epoch AND other.seq = event.seq)
  WHERE ${WHERE} AND seq >= ? AND variant = 0`;
const STEP_BACK = `UPDATE epoch SET head = ?, hash = ?, proof = NULL WHERE ${WHERE}`;
const FORGET = `DELETE FROM arrival WHERE ${WHERE} AND first >= ?`;
const FLAGS = JSON.stringify(['proof']);

/** From its first event to the end of that part of the record. @returns null: another process has done it */
async function putAside(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  { number, unit, epoch, proof }: Unproven,
): Promise<Forged | null> {
  // Nobody judges, nobody takes meanwhile; always in this order.
  await lockTenant(tx, kind, tenant);
  await nextNumbers(tx, kind, new Map([[tenant, 0]]));
  const [arrival] = await ask<{ readonly first: number; readonly base: Uint8Array; readonly received_at: number }>(
    ...[tx, kind, ARRIVAL, [tenant, number, proof]],
  );
  if (arrival === undefined) return null;
  const { first, base, received_at: receivedAt } = arrival;
  const part = [tenant, unit, epoch];
  const [state] = await ask<{ readonly head: number }>(tx, kind, HEAD, part);
  await ask(tx, kind, SAME, [...part, first]);
  await ask(tx, kind, ASIDE, [FLAGS, ...part, first]);
  await ask(tx, kind, STEP_BACK, [first - 1, base, ...part]);
  await ask(tx, kind, FORGET, [...part, first]);
  const detail = { epoch, from: first, to: state?.head ?? first };
  const alert = { tenant, id: timeId(receivedAt), at: receivedAt, unit, kind: 'proof', detail };
  await writeTold(tx, kind, tenant, [alert], receivedAt);
  return { tenant, unit, receivedAt };
}
