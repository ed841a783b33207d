/** Takes events in: all batches of all tenants in one transaction, each event once, in the order in which they came. */

import { err, ok, type Result } from '../../../main/core/result.ts';
import type { BatchFault, EventBatch, Taken } from '../ports.ts';
import { nextNumbers } from './arrivals.ts';
import { type Arrived, arrive, type EpochState, type NewEvent, type Stored } from './arrive.ts';
import { genesis } from './chain.ts';
import { ask, type HubDatabase, insertMany, type Tx } from './database.ts';
import { recordAlerts, writeTold } from './told.ts';

type Answer = Result<Taken, BatchFault>;

/** What became of one batch. */
export interface Arrival {
  readonly batch: EventBatch;
  readonly fate: Result<Arrived, BatchFault>;
  /** Of the part of the record, after it. */
  readonly head: number;
  /** Where its unit is. */
  readonly site: string;
}

/** @throws Error where a unit isn't one of its batch's tenant: nothing is taken then */
export async function takeBatches(hub: HubDatabase, batches: readonly EventBatch[]): Promise<readonly Answer[]> {
  if (batches.length === 0) return [];
  return hub.transact((tx) => new Taking(tx, hub).take(batches));
}

const UNITS = `SELECT unit.unit, unit.tenant, unit.site, epoch.epoch, epoch.head, epoch.hash
  FROM unit LEFT JOIN epoch ON epoch.tenant = unit.tenant AND epoch.unit = unit.unit WHERE unit.unit IN ?`;

interface UnitRow {
  readonly unit: string;
  readonly tenant: string;
  readonly site: string;
  /** null, and what follows: nothing of it is here. */
  readonly epoch: number | null;
  readonly head: number;
  readonly hash: Uint8Array;
}

/** A part of a unit's record in this transaction. */
interface Part extends EpochState {
  readonly tenant: string;
  readonly unit: string;
  readonly epoch: number;
  readonly stored: Stored;
}

/** One transaction's reading and writing of the record. */
class Taking {
  readonly #tx: Tx;
  readonly #hub: HubDatabase;
  readonly #places = new Map<string, { readonly tenant: string; readonly site: string }>();
  readonly #parts = new Map<string, Part>();

  constructor(tx: Tx, hub: HubDatabase) {
    this.#tx = tx;
    this.#hub = hub;
  }

  async take(batches: readonly EventBatch[]): Promise<Answer[]> {
    const counts = new Map<string, number>();
    for (const { tenant } of batches) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
    // Locks them: nobody else takes events of these tenants before the commit.
    const numbers = await nextNumbers(this.#tx, this.#hub.kind, counts);
    await this.#load(batches);
    const arrivals: Arrival[] = [];
    for (const batch of batches) {
      const { site } = this.#placeOf(batch);
      const part = this.#partOf(batch);
      if (batch.from <= part.head) await this.#loadStored(part, batch);
      const fate = arrive(part, part.stored, batch);
      arrivals.push({ batch, fate, head: part.head, site });
    }
    await this.#writeEvents(arrivals);
    await this.#writeParts();
    await this.#writeArrivals(arrivals, numbers);
    await this.#tell(arrivals);
    return arrivals.map(({ fate, head }) =>
      fate.ok ? ok({ acknowledged: head }) : err({ ...fate.error, acknowledged: head }),
    );
  }

  /** Where the batches' units are, and where their records stand. */
  async #load(batches: readonly EventBatch[]): Promise<void> {
    const units = [...new Set(batches.map(({ unit }) => unit))];
    const rows = await ask<UnitRow>(this.#tx, this.#hub.kind, UNITS, [units]);
    for (const { unit, tenant, site, epoch, head, hash } of rows) {
      this.#places.set(unit, { tenant, site });
      if (epoch !== null) this.#add({ tenant, unit, epoch, head, hash });
    }
  }

  #add(part: Pick<Part, 'tenant' | 'unit' | 'epoch' | 'head' | 'hash'>): Part {
    const added = { ...part, proof: null, isChanged: false, stored: new Map<number, Uint8Array[]>() };
    this.#parts.set(`${part.epoch} ${part.unit}`, added);
    return added;
  }

  #placeOf({ tenant, unit }: EventBatch): { readonly site: string } {
    const place = this.#places.get(unit);
    if (place?.tenant !== tenant) throw new Error('the events are of a unit that is not of this tenant');
    return place;
  }

  #partOf({ tenant, unit, epoch }: EventBatch): Part {
    const known = this.#parts.get(`${epoch} ${unit}`);
    return known ?? this.#add({ tenant, unit, epoch, head: 0, hash: genesis(unit, epoch) });
  }

  /** What is here of the batch's numbers already; almost always nothing. */
  async #loadStored({ tenant, unit, epoch, head, stored }: Part, { from, bodies }: EventBatch): Promise<void> {
    const rows = await this.#tx
      .selectFrom('event')
      .select(['seq', 'body'])
      .where('tenant', '=', tenant)
      .where('unit', '=', unit)
      .where('epoch', '=', epoch)
      .where('seq', '>=', from)
      // Above the head there may be some that were put aside.
      .where('seq', '<=', Math.min(head, from + bodies.length - 1))
      .orderBy('seq')
      .orderBy('variant')
      .execute();
    for (const [seq, there] of Map.groupBy(rows, (row) => row.seq)) {
      const inOrder = there.map(({ body }) => body);
      // What this transaction adds isn't written yet.
      if (!stored.has(seq)) stored.set(seq, inOrder);
    }
  }

  async #writeEvents(arrivals: readonly Arrival[]): Promise<void> {
    const rows = arrivals.flatMap(({ batch, fate }) => {
      if (!fate.ok) return [];
      const { tenant, unit, epoch, receivedAt } = batch;
      const { events, contradictions, isBroken } = fate.value;
      const row = ({ seq, variant, body, hash }: NewEvent, flags: string | null) => {
        return [tenant, unit, epoch, seq, variant, body, hash, flags, receivedAt];
      };
      const flags = isBroken ? CHAIN : null;
      return [...events.map((event) => row(event, flags)), ...contradictions.map((event) => row(event, CONTRADICTION))];
    });
    await insertMany(this.#tx, this.#hub.kind, EVENTS, rows);
  }

  async #writeParts(): Promise<void> {
    const changed = [...this.#parts.values()].filter(({ isChanged }) => isChanged);
    const rows = changed.map(({ tenant, unit, epoch, head, hash, proof }) => {
      return [tenant, unit, epoch, head, hash, proof, 0];
    });
    await insertMany(this.#tx, this.#hub.kind, PARTS, rows);
  }

  async #writeArrivals(arrivals: readonly Arrival[], numbers: ReadonlyMap<string, number>): Promise<void> {
    const next = new Map(numbers);
    const rows = arrivals.flatMap(({ batch, fate, site }) => {
      const { tenant, unit, epoch, receivedAt, isProven, proof } = batch;
      const number = next.get(tenant) ?? 0;
      next.set(tenant, number + 1);
      const [first, last] = fate.ok ? [fate.value.events[0], fate.value.events.at(-1)] : [];
      if (first === undefined || last === undefined) return [];
      const unproven = isProven || !fate.ok ? [null, null] : [proof, fate.value.base];
      return [[tenant, number, unit, epoch, first.seq, last.seq, site, receivedAt, ...unproven]];
    });
    await insertMany(this.#tx, this.#hub.kind, ARRIVALS, rows);
  }

  /** What is wrong with the record itself is known at once. */
  async #tell(arrivals: readonly Arrival[]): Promise<void> {
    for (const [tenant, mine] of Map.groupBy(arrivals, ({ batch }) => batch.tenant)) {
      const at = Math.max(...mine.map(({ batch }) => batch.receivedAt));
      await writeTold(this.#tx, this.#hub.kind, tenant, recordAlerts(tenant, mine, at), at);
    }
  }
}

const CHAIN = JSON.stringify(['chain']);
const CONTRADICTION = JSON.stringify(['contradiction']);

const EVENTS = {
  table: 'event',
  columns: ['tenant', 'unit', 'epoch', 'seq', 'variant', 'body', 'hash', 'flags', 'received_at'],
  conflict: '',
} as const;
const PARTS = {
  table: 'epoch',
  columns: ['tenant', 'unit', 'epoch', 'head', 'hash', 'proof', 'begins_after'],
  conflict: `ON CONFLICT (tenant, unit, epoch) DO UPDATE
    SET head = excluded.head, hash = excluded.hash, proof = excluded.proof`,
} as const;
const ARRIVALS = {
  table: 'arrival',
  columns: ['tenant', 'number', 'unit', 'epoch', 'first', 'last', 'site', 'received_at', 'proof', 'base'],
  conflict: '',
} as const;
