/**
 * Judges what was taken: each tenant's events in the order in which they came, some at a time, each group in one
 * transaction with all that follows from it. Under the tenant's lock, and read again there: whoever comes second finds
 * nothing left to do.
 */

import type { Clock } from '../../../main/core/clock.ts';
import type { Rules } from '../../../main/core/rules.ts';
import type { Right } from '../../wire/rights.ts';
import type { Judged, Spending } from '../ports.ts';
import { type ArrivalRow, firstArrivals, lastArrival, settleArrivals } from './arrivals.ts';
import { ask, type HubDatabase, insertMany, type Tx } from './database.ts';
import { type IncomingEvent, readEvent, storedFlags } from './incoming.ts';
import { type Difference, differenceIn, type Rulebook } from './judge.ts';
import { loadFor } from './load.ts';
import { rightOf } from './overdrawn.ts';
import { Projection } from './project.ts';
import type { Proving } from './proving.ts';
import type { EventTable } from './schema.ts';
import { lockTenant, type TenantState, writeEntities } from './tenant-change.ts';
import { type Found, judgementAlerts, writeTold } from './told.ts';
import { WorkingSet } from './working-set.ts';

/** Of one group where somebody waits for all of it. */
const GROUP = 250;
/** Tenants at once on PostgreSQL: most connections are left to those who take, and to who asks. */
const SIDE_BY_SIDE = 4;

/** What one transaction has judged of a tenant. */
interface Group {
  readonly tenant: string;
  readonly events: number;
  /** Up to this arrival the database says that signatures are checked. */
  readonly proven: number;
  /** Number of the first arrival that still waits, as far as was looked; null: none. */
  readonly next: number | null;
  /** That one's signature has to be checked first. */
  readonly isUnproven: boolean;
  readonly spent: readonly Spending[];
}

export class Judging {
  readonly #hub: HubDatabase;
  readonly #rulebook: Rulebook;
  readonly #clock: Clock;
  readonly #proving: Proving;
  readonly #ears = new Set<(spending: Spending) => void>();

  constructor(hub: HubDatabase, rulebook: Rulebook, clock: Clock, proving: Proving) {
    this.#hub = hub;
    this.#proving = proving;
    this.#rulebook = rulebook;
    this.#clock = clock;
  }

  whenSpent(heard: (spending: Spending) => void): () => void {
    this.#ears.add(heard);
    return () => {
      this.#ears.delete(heard);
    };
  }

  /** SQLite commits once for all; PostgreSQL once for each tenant, side by side, so that none waits for another's lock. */
  async judge(tenants: readonly string[], most: number): Promise<Judged> {
    const groups =
      this.#hub.kind === 'postgres'
        ? await Promise.all(
            tenants
              .slice(0, SIDE_BY_SIDE)
              .map((tenant) => this.#hub.transact((tx) => this.#judgeTenant(tx, tenant, most))),
          )
        : await this.#hub.transact((tx) => this.#judgeInTurn(tx, tenants, most));
    for (const group of groups) await this.#settle(group);
    return {
      events: groups.reduce((sum, { events }) => sum + events, 0),
      // Those that had no turn come first.
      left: [...tenants.slice(groups.length), ...tenants.filter((_, at) => (groups[at]?.next ?? null) !== null)],
    };
  }

  async catchUp(tenant: string): Promise<void> {
    const last = await this.#hub.reading((tx) => lastArrival(tx, this.#hub.kind, tenant));
    if (last === null) return;
    for (;;) {
      const group = await this.#hub.transact((tx) => this.#judgeTenant(tx, tenant, GROUP));
      await this.#settle(group);
      if (group.next === null || group.next > last) return;
      // There is much: others have their turn in between. They have had it where signatures were checked.
      if (!group.isUnproven) await new Promise<void>((resolve) => this.#clock.after('judging', 0, resolve));
    }
  }

  /** What follows from a group once it is committed. */
  async #settle({ tenant, proven, isUnproven, spent }: Group): Promise<void> {
    for (const spending of spent) for (const hear of this.#ears) hear(spending);
    this.#proving.written(tenant, proven);
    if (isUnproven) await this.#proving.next(tenant);
  }

  async #judgeInTurn(tx: Tx, tenants: readonly string[], most: number): Promise<Group[]> {
    const groups: Group[] = [];
    let left = most;
    for (const tenant of tenants) {
      if (left <= 0) break;
      const group = await this.#judgeTenant(tx, tenant, left);
      left -= group.events;
      groups.push(group);
    }
    return groups;
  }

  async #judgeTenant(tx: Tx, tenant: string, most: number): Promise<Group> {
    const { kind } = this.#hub;
    const state = await lockTenant(tx, kind, tenant);
    const proven = await this.#noteProven(tx, tenant, state);
    const waiting = await firstArrivals(tx, kind, tenant, most + 1);
    const unproven = waiting.find((arrival) => arrival.unproven !== 0 && arrival.number > proven)?.number ?? null;
    const group = { tenant, proven, spent: [] };
    const slice = sliceOf(unproven === null ? waiting : waiting.filter(({ number }) => number < unproven), most);
    if (slice === null) return { ...group, events: 0, next: unproven, isUnproven: unproven !== null };
    const read = await readSlice(tx, kind, tenant, slice);
    const events = read.map(({ event }) => event);
    const rules = events.some(isOfRules) ? await this.#rulebook.of(tx, this.#hub, tenant, state) : null;
    const set = new WorkingSet();
    await loadFor(tx, kind, tenant, set, events);
    const at = Math.max(...slice.arrivals.map(({ received_at: receivedAt }) => receivedAt));
    const found = project(set, rules, events);
    await writeEntities(tx, this.#hub, tenant, state, set.dirty(), at, 'events');
    await writeFlags(tx, kind, tenant, read);
    await writeTraces(tx, kind, tenant, set, at);
    await writeTold(tx, kind, tenant, judgementAlerts(tenant, found, at), at);
    await settleArrivals(tx, kind, tenant, slice.upTo, slice.rest);
    const next = slice.rest?.number ?? slice.next ?? unproven;
    const isUnproven = next !== null && next === unproven;
    return { ...group, events: slice.events, next, isUnproven, spent: spentIn(tenant, events) };
  }

  /** @returns up to which arrival nothing has to be checked any more */
  async #noteProven(tx: Tx, tenant: string, { proven }: TenantState): Promise<number> {
    const found = this.#proving.found(tenant);
    if (found <= proven) return proven;
    await ask(tx, this.#hub.kind, PROVEN, [found, tenant]);
    return found;
  }
}

interface Slice {
  /** The last one in part, perhaps. */
  readonly arrivals: readonly ArrivalRow[];
  readonly events: number;
  /** Up to this number they are judged whole. */
  readonly upTo: number;
  readonly rest: { readonly number: number; readonly first: number } | null;
  readonly next: number | null;
}

/** So many events that wait, across arrivals. @returns null: none wait */
export function sliceOf(waiting: readonly ArrivalRow[], most: number): Slice | null {
  const arrivals: ArrivalRow[] = [];
  let [events, upTo] = [0, (waiting[0]?.number ?? 0) - 1];
  for (const arrival of waiting) {
    const { number, first, last } = arrival;
    if (events >= most) return { arrivals, events, upTo, rest: null, next: number };
    const room = Math.min(most - events, last - first + 1);
    events += room;
    arrivals.push({ ...arrival, last: first + room - 1 });
    if (first + room <= last) return { arrivals, events, upTo, rest: { number, first: first + room }, next: null };
    upTo = number;
  }
  return arrivals.length === 0 ? null : { arrivals, events, upTo, rest: null, next: null };
}

const PROVEN = 'UPDATE tenant SET proven = ? WHERE id = ?';

const EVENTS = `SELECT arrival.number, event.unit, event.epoch, event.seq, event.body, event.flags
  FROM arrival CROSS JOIN event WHERE arrival.tenant = ? AND arrival.number BETWEEN ? AND ?
  AND event.tenant = arrival.tenant AND event.unit = arrival.unit AND event.epoch = arrival.epoch
  AND event.seq BETWEEN arrival.first AND arrival.last AND event.variant = 0
  AND (arrival.number < ? OR event.seq <= ?) ORDER BY arrival.number, event.seq`;

interface Read {
  readonly event: IncomingEvent;
  /** How many flags it had when it was taken. */
  readonly stored: number;
}

type EventRow = Pick<EventTable, 'unit' | 'epoch' | 'seq' | 'body' | 'flags'> & { readonly number: number };

async function readSlice(tx: Tx, kind: HubDatabase['kind'], tenant: string, { arrivals }: Slice): Promise<Read[]> {
  const byNumber = new Map(arrivals.map((arrival) => [arrival.number, arrival]));
  const [first, last] = [arrivals[0], arrivals.at(-1)];
  const numbers = [first?.number ?? 0, last?.number ?? 0, last?.number ?? 0, last?.last ?? 0];
  const rows = await ask<EventRow>(tx, kind, EVENTS, [tenant, ...numbers]);
  return rows.flatMap(({ number, unit, epoch, seq, body, flags }) => {
    const arrival = byNumber.get(number);
    if (arrival === undefined) return [];
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
    const event = readEvent({ unit, epoch, seq }, arrival.site, text, arrival.received_at);
    const stored = storedFlags(flags);
    for (const flag of stored) event.flags.add(flag);
    return [{ event, stored: stored.length }];
  });
}

/** It is judged again, or counts against a month's entries. */
const isOfRules = ({ scan, effects }: IncomingEvent) => scan !== null || effects?.consumed?.kind === 'band';

function project(set: WorkingSet, rules: Rules | null, events: readonly IncomingEvent[]): Found {
  const projection = new Projection(set, rules);
  const differences: Difference[] = [];
  for (const event of events) {
    const difference = rules === null ? null : differenceIn(rules, set, event);
    if (difference !== null) {
      event.flags.add('differs');
      differences.push(difference);
    }
    projection.apply(event);
  }
  return { events, differences, overdrafts: projection.overdrafts };
}

function spentIn(tenant: string, events: readonly IncomingEvent[]): Spending[] {
  const bySite = new Map<string, Right[]>();
  for (const { site, effects } of events) {
    if (effects?.consumed === undefined) continue;
    const rights = bySite.get(site) ?? [];
    rights.push(rightOf(effects.consumed));
    bySite.set(site, rights);
  }
  return [...bySite].map(([site, rights]) => ({ tenant, site, rights }));
}

const FLAGGED = 'UPDATE event SET flags = ? WHERE tenant = ? AND unit = ? AND epoch = ? AND seq = ? AND variant = 0';

async function writeFlags(tx: Tx, kind: HubDatabase['kind'], tenant: string, read: readonly Read[]): Promise<void> {
  for (const { event, stored } of read) {
    const { origin, flags } = event;
    if (flags.size === stored) continue;
    const { unit, epoch, seq } = origin;
    await ask(tx, kind, FLAGGED, [JSON.stringify([...flags]), tenant, unit, epoch, seq]);
  }
}

const UNUSED = 'DELETE FROM reuse WHERE tenant = ? AND id = ? AND subject = ?';
const REUSE = {
  table: 'reuse',
  columns: ['tenant', 'subject', 'id', 'at', 'counted', 'member', 'received_at'],
  conflict: 'ON CONFLICT DO NOTHING',
} as const;
const DEPARTURE = {
  table: 'departure',
  columns: ['tenant', 'member', 'place', 'at', 'said', 'id'],
  conflict: 'ON CONFLICT DO NOTHING',
} as const;

/** What later events may need to know: who relied on what, who has left. */
async function writeTraces(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  set: WorkingSet,
  at: number,
): Promise<void> {
  const { added, gone } = set.changedReuses();
  for (const { id, subject } of gone) await ask(tx, kind, UNUSED, [tenant, id, subject]);
  const reuses = added.map((one) => [tenant, one.subject, one.id, one.at, one.counted, one.member, at]);
  await insertMany(tx, kind, REUSE, reuses);
  const departures = set.newDepartures().map((one) => [tenant, one.member, one.place, one.at, one.said, one.id]);
  await insertMany(tx, kind, DEPARTURE, departures);
}
