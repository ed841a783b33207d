/**
 * What was taken and isn't judged yet, in the order in which it came: a row for each run of new events. Numbers are given
 * under a lock of their own, so that taking never waits for judging, and are in the order of commits.
 */
import type { Waiting } from '../ports.ts';
import { ask, type HubDatabase, type Tx } from './database.ts';
import type { ArrivalTable } from './schema.ts';

type Kind = HubDatabase['kind'];

const ASKED: Readonly<Record<Kind, string>> = {
  sqlite: `SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true`,
  postgres: `SELECT value ->> 0, (value ->> 1)::bigint FROM json_array_elements(?::json)`,
};

/**
 * Takes the tenants' locks for taking, until the end of the transaction. @param counts how many numbers each needs
 * @returns the first of each tenant's
 */
export async function nextNumbers(
  tx: Tx,
  kind: Kind,
  counts: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  // Always in the same order: two processes never wait for one another.
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = `INSERT INTO intake (tenant, last) ${ASKED[kind]}
    ON CONFLICT (tenant) DO UPDATE SET last = intake.last + excluded.last RETURNING tenant, last`;
  const rows = await ask<{ readonly tenant: string; readonly last: number }>(tx, kind, text, [JSON.stringify(sorted)]);
  return new Map(rows.map(({ tenant, last }) => [tenant, last - (counts.get(tenant) ?? 0) + 1]));
}

export interface ArrivalRow extends Omit<ArrivalTable, 'tenant' | 'proof' | 'base'> {
  /** 1: it has a signature that wasn't checked when it was taken. */
  readonly unproven: number;
}

const FIRST = `SELECT number, unit, epoch, first, last, site, received_at,
  CASE WHEN proof IS NULL THEN 0 ELSE 1 END AS unproven FROM arrival
  WHERE tenant = ? ORDER BY number LIMIT ?`;

/** The first of those that wait: so many, or fewer. */
export function firstArrivals(tx: Tx, kind: Kind, tenant: string, limit: number): Promise<ArrivalRow[]> {
  return ask<ArrivalRow>(tx, kind, FIRST, [tenant, limit]);
}

const JUDGED = 'DELETE FROM arrival WHERE tenant = ? AND number <= ?';
const PARTLY = 'UPDATE arrival SET first = ? WHERE tenant = ? AND number = ?';

/** @param rest the first event that still waits of an arrival that was judged in part */
export async function settleArrivals(
  tx: Tx,
  kind: Kind,
  tenant: string,
  upTo: number,
  rest: { readonly number: number; readonly first: number } | null,
): Promise<void> {
  await ask(tx, kind, JUDGED, [tenant, upTo]);
  if (rest !== null) await ask(tx, kind, PARTLY, [rest.first, tenant, rest.number]);
}

const LAST = 'SELECT max(number) AS last FROM arrival WHERE tenant = ?';

/** The number of the last one that waits; null: none do. */
export async function lastArrival(tx: Tx, kind: Kind, tenant: string): Promise<number | null> {
  const [row] = await ask<{ readonly last: number | null }>(tx, kind, LAST, [tenant]);
  return row?.last ?? null;
}

const OPEN = 'SELECT unit, epoch, min(first) AS first FROM arrival WHERE tenant = ? GROUP BY unit, epoch';

/** Of each part of a record the first event that waits. */
export async function firstUnjudged(tx: Tx, kind: Kind, tenant: string): Promise<ReadonlyMap<string, number>> {
  const rows = await ask<{ readonly unit: string; readonly epoch: number; readonly first: number }>(tx, kind, OPEN, [
    tenant,
  ]);
  return new Map(rows.map(({ unit, epoch, first }) => [`${epoch} ${unit}`, first]));
}

const WAITING = `SELECT tenant, CAST(sum(last - first + 1) AS BIGINT) AS events, min(received_at) AS since
  FROM arrival GROUP BY tenant`;

export async function waiting(tx: Tx, kind: Kind): Promise<Waiting> {
  const rows = await ask<{ readonly tenant: string; readonly events: number; readonly since: number }>(
    tx,
    kind,
    WAITING,
    [],
  );
  return {
    events: rows.reduce((sum, { events }) => sum + events, 0),
    since: rows.length === 0 ? null : Math.min(...rows.map(({ since }) => since)),
    tenants: rows.map(({ tenant }) => tenant),
  };
}
