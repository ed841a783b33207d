/** Takes events in: several units' batches in one transaction, each event once, with all that follows from it. */

import { err, ok, type Result } from '../../../main/core/result.ts';
import type { Rules } from '../../../main/core/rules.ts';
import { HOUR_MS } from '../../../main/core/time/day.ts';
import type { Right } from '../../wire/rights.ts';
import type { BatchFault, EventBatch, Received } from '../ports.ts';
import { type Arrived, arrive, type EpochState, type NewEvent, type Stored } from './arrive.ts';
import { genesis } from './chain.ts';
import { among, ask, type HubDatabase, insertMany, type Tx } from './database.ts';
import { type IncomingEvent, readEvent } from './incoming.ts';
import { type Difference, differenceIn, type Rulebook } from './judge.ts';
import { loadFor } from './load.ts';
import { rightOf } from './overdrawn.ts';
import { Projection } from './project.ts';
import { alertsOf, QUIET } from './receive-alerts.ts';
import type { EpochTable, UnitTable } from './schema.ts';
import { lockTenant, writeEntities } from './tenant-change.ts';
import { type NewAlert, writeAlerts } from './tenants.ts';
import { WorkingSet } from './working-set.ts';

type Answer = Result<Received, BatchFault>;
type Fate = Result<Arrived, BatchFault>;

const QUIET_MS = HOUR_MS;

export class Receiver {
  readonly #hub: HubDatabase;
  readonly #rulebook: Rulebook;

  constructor(hub: HubDatabase, rulebook: Rulebook) {
    this.#hub = hub;
    this.#rulebook = rulebook;
  }

  /** SQLite commits once for all; PostgreSQL once for each tenant, side by side, so that none waits for another's lock. */
  async receive(batches: readonly EventBatch[]): Promise<readonly Answer[]> {
    const answers = new Map<EventBatch, Answer>();
    const byTenant = [...Map.groupBy(batches, ({ tenant }) => tenant)];
    const take = async (tx: Tx, [tenant, mine]: [string, EventBatch[]]) => {
      const taken = await this.#takeTenant(tx, tenant, mine);
      for (const [index, batch] of mine.entries()) {
        const answer = taken[index];
        if (answer !== undefined) answers.set(batch, answer);
      }
    };
    if (this.#hub.kind === 'postgres') {
      await Promise.all(byTenant.map((one) => this.#hub.transact((tx) => take(tx, one))));
    } else {
      await this.#hub.transact(async (tx) => {
        for (const one of byTenant) await take(tx, one);
      });
    }
    return batches.map((batch) => answers.get(batch) ?? err({ code: 'gap', acknowledged: 0 }));
  }

  async #takeTenant(tx: Tx, tenant: string, batches: readonly EventBatch[]): Promise<Answer[]> {
    const reception = new Reception(tx, this.#hub, tenant);
    const state = await lockTenant(tx, this.#hub.kind, tenant);
    const arrivals = await reception.arrivals(batches);
    const rules = arrivals.some(isOfRules) ? await this.#rulebook.of(tx, this.#hub, tenant, state) : null;
    const set = new WorkingSet();
    await loadFor(
      tx,
      this.#hub.kind,
      tenant,
      set,
      arrivals.flatMap(({ incoming }) => incoming),
    );
    const at = Math.max(...batches.map(({ receivedAt }) => receivedAt));
    const told = project(set, rules, arrivals);
    const revision = await writeEntities(tx, this.#hub, tenant, state, set.dirty(), at, 'events');
    await reception.write(set, arrivals, told, at);
    return arrivals.map(({ fate, head, incoming }) =>
      fate.ok
        ? ok({ acknowledged: head, revision, spent: incoming.flatMap(spentBy) })
        : err({ ...fate.error, acknowledged: head }),
    );
  }
}

/** What became of one batch. */
export interface Arrival {
  readonly batch: EventBatch;
  readonly fate: Fate;
  /** Of the part of the record, after it. */
  readonly head: number;
  /** Its new events, as read; contradictions change nothing and aren't. */
  readonly incoming: readonly IncomingEvent[];
}

function spentBy({ effects }: IncomingEvent): Right[] {
  return effects?.consumed === undefined ? [] : [rightOf(effects.consumed)];
}

/** It is judged again, or counts against a month's entries. */
const isOfRules = ({ incoming }: Arrival) =>
  incoming.some(({ scan, effects }) => scan !== null || effects?.consumed?.kind === 'band');

export interface Told {
  readonly projection: Projection;
  readonly differences: readonly Difference[];
}

function project(set: WorkingSet, rules: Rules | null, arrivals: readonly Arrival[]): Told {
  const projection = new Projection(set, rules);
  const differences: Difference[] = [];
  for (const event of arrivals.flatMap(({ incoming }) => incoming)) {
    const difference = rules === null ? null : differenceIn(rules, set, event);
    if (difference !== null) {
      event.flags.add('differs');
      differences.push(difference);
    }
    projection.apply(event);
  }
  return { projection, differences };
}

// Two statements: SQLite takes five times as long for the join of both.
const UNITS = 'SELECT unit, site FROM unit WHERE tenant = ? AND unit IN ?';
const EPOCHS = 'SELECT unit, epoch, head, hash, proof FROM epoch WHERE tenant = ? AND unit IN ?';

type UnitRow = Pick<UnitTable, 'unit' | 'site'>;
type EpochRow = Pick<EpochTable, 'unit' | 'epoch' | 'head' | 'hash' | 'proof'>;

/** One transaction's reading and writing of the record. */
class Reception {
  readonly #tx: Tx;
  readonly #hub: HubDatabase;
  readonly #tenant: string;
  readonly #epochs = new Map<string, EpochState>();
  readonly #stored = new Map<string, Stored>();

  constructor(tx: Tx, hub: HubDatabase, tenant: string) {
    this.#tx = tx;
    this.#hub = hub;
    this.#tenant = tenant;
  }

  async arrivals(batches: readonly EventBatch[]): Promise<Arrival[]> {
    const sites = await this.#loadUnits(batches);
    const arrivals: Arrival[] = [];
    for (const batch of batches) {
      const { unit, epoch, receivedAt } = batch;
      const site = sites.get(unit);
      if (site === undefined) throw new Error('the events are of a unit that is not of this tenant');
      const state = this.#epoch(unit, epoch);
      const fate = arrive(state, await this.#storedOf(batch, state), batch);
      const events = fate.ok ? fate.value.events : [];
      const incoming = events.map(({ seq, text }) => readEvent({ unit, epoch, seq }, site, text, receivedAt));
      if (fate.ok && fate.value.isBroken) for (const { flags } of incoming) flags.add('chain');
      arrivals.push({ batch, fate, head: state.head, incoming });
    }
    return arrivals;
  }

  async write(set: WorkingSet, arrivals: readonly Arrival[], told: Told, at: number): Promise<void> {
    await this.#writeEvents(arrivals);
    await this.#writeEpochs();
    await this.#writeReuses(set, at);
    const departures = set
      .newDepartures()
      .map((one) => [this.#tenant, one.member, one.place, one.at, one.said, one.id]);
    const into = { table: 'departure', columns: ['tenant', 'member', 'place', 'at', 'said', 'id'] } as const;
    await insertMany(this.#tx, this.#hub.kind, { ...into, conflict: 'ON CONFLICT DO NOTHING' }, departures);
    await this.#writeAlerts(alertsOf(this.#tenant, arrivals, told, at), at);
  }

  /** Where the batches' units are, and where their records stand. */
  async #loadUnits(batches: readonly EventBatch[]): Promise<Map<string, string>> {
    const units = [...new Set(batches.map(({ unit }) => unit))];
    const values = [this.#tenant, units];
    const epochs = await ask<EpochRow>(this.#tx, this.#hub.kind, EPOCHS, values);
    for (const { unit, epoch, ...state } of epochs)
      this.#epochs.set(`${epoch} ${unit}`, { ...state, isChanged: false });
    const rows = await ask<UnitRow>(this.#tx, this.#hub.kind, UNITS, values);
    return new Map(rows.map(({ unit, site }) => [unit, site]));
  }

  #epoch(unit: string, epoch: number): EpochState {
    const key = `${epoch} ${unit}`;
    const known = this.#epochs.get(key);
    if (known !== undefined) return known;
    const state = { head: 0, hash: genesis(unit, epoch), proof: null, isChanged: false };
    this.#epochs.set(key, state);
    return state;
  }

  /** What is here of the batch's numbers already; almost always nothing. */
  async #storedOf({ unit, epoch, from, bodies }: EventBatch, { head }: EpochState): Promise<Stored> {
    const key = `${epoch} ${unit}`;
    const stored = this.#stored.get(key) ?? new Map<number, Uint8Array[]>();
    this.#stored.set(key, stored);
    if (from > head) return stored;
    const rows = await this.#tx
      .selectFrom('event')
      .select(['seq', 'body'])
      .where('tenant', '=', this.#tenant)
      .where('unit', '=', unit)
      .where('epoch', '=', epoch)
      .where('seq', '>=', from)
      .where('seq', '<', from + bodies.length)
      .orderBy('seq')
      .orderBy('variant')
      .execute();
    for (const [seq, there] of Map.groupBy(rows, (row) => row.seq)) {
      if (!stored.has(seq))
        stored.set(
          seq,
          there.map(({ body }) => body),
        );
    }
    return stored;
  }

  async #writeEvents(arrivals: readonly Arrival[]): Promise<void> {
    const rows = arrivals.flatMap(({ batch, fate, incoming }) => {
      if (!fate.ok) return [];
      const flagged = new Map(incoming.map(({ origin, flags }) => [origin.seq, flags]));
      const flagsOf = ({ seq, variant }: NewEvent) => {
        if (variant > 0) return JSON.stringify(['contradiction']);
        const flags = flagged.get(seq);
        return flags === undefined || flags.size === 0 ? null : JSON.stringify([...flags]);
      };
      const { unit, epoch, receivedAt } = batch;
      return [...fate.value.events, ...fate.value.contradictions].map((event) => {
        const { seq, variant, body, hash } = event;
        return [this.#tenant, unit, epoch, seq, variant, body, hash, flagsOf(event), receivedAt];
      });
    });
    const columns = ['tenant', 'unit', 'epoch', 'seq', 'variant', 'body', 'hash', 'flags', 'received_at'];
    await insertMany(this.#tx, this.#hub.kind, { table: 'event', columns, conflict: '' }, rows);
  }

  async #writeEpochs(): Promise<void> {
    const changed = [...this.#epochs].filter(([, { isChanged }]) => isChanged);
    const rows = changed.map(([key, { head, hash, proof }]) => {
      const [epoch = '', ...unit] = key.split(' ');
      return [this.#tenant, unit.join(' '), Number(epoch), head, hash, proof, 0];
    });
    const columns = ['tenant', 'unit', 'epoch', 'head', 'hash', 'proof', 'begins_after'];
    const set = ['head', 'hash', 'proof'].map((name) => `${name} = excluded.${name}`).join(', ');
    const conflict = `ON CONFLICT (tenant, unit, epoch) DO UPDATE SET ${set}`;
    await insertMany(this.#tx, this.#hub.kind, { table: 'epoch', columns, conflict }, rows);
  }

  async #writeReuses(set: WorkingSet, at: number): Promise<void> {
    const { added, gone } = set.changedReuses();
    for (const { id, subject } of gone) {
      await this.#tx
        .deleteFrom('reuse')
        .where('tenant', '=', this.#tenant)
        .where('id', '=', id)
        .where('subject', '=', subject)
        .execute();
    }
    const rows = added.map((one) => [this.#tenant, one.subject, one.id, one.at, one.counted, one.member, at]);
    const columns = ['tenant', 'subject', 'id', 'at', 'counted', 'member', 'received_at'];
    await insertMany(this.#tx, this.#hub.kind, { table: 'reuse', columns, conflict: 'ON CONFLICT DO NOTHING' }, rows);
  }

  async #writeAlerts(alerts: readonly NewAlert[], at: number): Promise<void> {
    if (alerts.length === 0) return;
    const lately = await this.#tx
      .selectFrom('alert')
      .select(['kind', 'unit'])
      .where('tenant', '=', this.#tenant)
      .where(among(this.#hub.kind, 'kind', [...QUIET]))
      .where('at', '>', at - QUIET_MS)
      .execute();
    const isLate = ({ kind, unit }: NewAlert) => lately.some((one) => one.kind === kind && one.unit === unit);
    await writeAlerts(
      this.#tx,
      alerts.filter((alert) => !QUIET.has(alert.kind) || !isLate(alert)),
    );
  }
}
