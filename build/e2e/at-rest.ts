/** What must hold of a hub and its units when nothing is under way any more. */
import { parseSite } from '../../main/contract/site.ts';
import type { SiteBundle } from '../../main/core/model.ts';
import { digestOfSite } from '../../main/store/digest.ts';
import { type HubProcess, TENANT } from './hub.ts';
import { type SyncUnit, soon } from './sync-unit.ts';

const PAGE = 1_000;
/** What is acknowledged is on its way to the others. */
const SAME_MS = 20_000;
const LISTS = [
  'stores',
  'holidays',
  'programs',
  'places',
  'doors',
  'plans',
  'ticketTypes',
  'members',
  'tickets',
  'reservations',
  'usage',
  'ticketUses',
  'stays',
] as const;

export type HubEvent = Awaited<ReturnType<HubProcess['calls']['events']['page']['query']>>[number];

/** All that the hub has of a unit, epoch after epoch. */
export async function eventsAtHub(hub: HubProcess, unit: string): Promise<HubEvent[]> {
  const all: HubEvent[] = [];
  for (;;) {
    const last = all.at(-1);
    const after = last === undefined ? null : { unit: last.unit, epoch: last.epoch, seq: last.seq };
    const page = await hub.calls.events.page.query({ tenant: TENANT, unit, after, limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

export async function siteAtHub(hub: HubProcess): Promise<SiteBundle> {
  const site = parseSite(await hub.calls.site.export.query({ tenant: TENANT }));
  if (!site.ok) throw new Error(`the hub's site is none: ${site.error[0]?.path ?? ''}`);
  return site.value;
}

/** Waits until all is quiet. @returns what doesn't hold, a line each */
export async function findingsAtRest(hub: HubProcess, units: readonly SyncUnit[]): Promise<string[]> {
  for (const unit of units) await unit.settled();
  const findings: string[] = [];
  for (const unit of units) findings.push(...(await recordFindings(hub, unit)));
  for (const unit of units) findings.push(...(await findingsOfData(hub, unit)));
  return findings;
}

/** Which lists of the unit's data are others than the hub's. */
export function findingsOfData(hub: HubProcess, unit: SyncUnit): Promise<string[]> {
  return findingsInTheEnd(unit, async () => {
    const [there, own] = [await siteAtHub(hub), unit.site()];
    if (own === null) return ['all'];
    const all = digestOfSite(there);
    const other = LISTS.filter((list) => digestOfSite({ ...there, [list]: own[list] }) !== all);
    return other.map((list) => `${list}: ${differences(there[list], own[list])}`);
  });
}

/** Every event once, byte by byte, in its place; and nothing about it that the hub marked. */
function recordFindings(hub: HubProcess, unit: SyncUnit): Promise<string[]> {
  return findingsInTheEnd(unit, async () => {
    const findings: string[] = [];
    const [there, own] = [await eventsAtHub(hub, unit.id), unit.bodies()];
    if (there.length !== own.length) findings.push(`${own.length} events, ${there.length} at the hub`);
    const other = own.findIndex((body, at) => there[at]?.body !== body);
    if (other >= 0) findings.push(`event ${other + 1} is another one at the hub`);
    for (const { seq, flags } of there)
      for (const flag of flags)
        if (flag === 'chain' || flag === 'contradiction' || flag === 'gap') findings.push(`event ${seq}: ${flag}`);
    return findings;
  });
}

/** A door that still rests after its last opening adds an event, which is on its way for a moment. */
async function findingsInTheEnd(unit: SyncUnit, compare: () => Promise<string[]>): Promise<string[]> {
  try {
    await soon('the same as at the hub', compare, (findings) => findings.length === 0, SAME_MS);
    return [];
  } catch (error) {
    return [`${unit.name}: ${String(error)}`];
  }
}

/** How many rows the hub has and the unit lacks, and the other way round, with the first of each. */
function differences(there: readonly unknown[], own: readonly unknown[]): string {
  const without = (rows: readonly unknown[], others: readonly unknown[]) => {
    const known = new Set(others.map((row) => JSON.stringify(row)));
    const left = rows.map((row) => JSON.stringify(row)).filter((row) => !known.has(row));
    return left.length === 0 ? 'none' : `${left.length}, first ${left[0]}`;
  };
  return `only at the hub ${without(there, own)}; only here ${without(own, there)}`;
}
