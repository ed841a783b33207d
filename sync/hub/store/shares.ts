/** What each site may still spend of a right, by what the hub knows, and what should move so that it can be used. */
import { covers, type LeaseStep, movesFor, topUp } from '../../../main/core/lease-moves.ts';
import { available, bandTotal, firstCounts, ranksOf, type Spent, ticketTotal } from '../../../main/core/leases.ts';
import { dayNumber } from '../../../main/core/rules.ts';
import type { Change } from '../../wire/entities.ts';
import type { Right } from '../../wire/rights.ts';
import type { LeaseMove } from '../ports.ts';
import { claimsOn } from './claims.ts';
import { ask, type HubDatabase, type Tx } from './database.ts';
import { changeOf, isKey, kindNumber, movedSubject } from './entities.ts';
import { entities } from './load.ts';

type Balances = ReadonlyMap<string, number>;

interface Roster {
  readonly sites: readonly string[];
  readonly unitsOf: ReadonlyMap<string, readonly string[]>;
  readonly siteOf: ReadonlyMap<string, string>;
}

/** A member stands there and needs one use. */
const NEEDED = 1;

export class Shares {
  readonly #hub: HubDatabase;
  readonly #catchUp: (tenant: string) => Promise<void>;

  /** @param catchUp judges all that was taken: what nobody has counted yet must not be given away a second time */
  constructor(hub: HubDatabase, catchUp: (tenant: string) => Promise<void>) {
    this.#hub = hub;
    this.#catchUp = catchUp;
  }

  /** Somebody was refused at `site`, since the rest is elsewhere. */
  async wanted(tenant: string, site: string, right: Right): Promise<readonly LeaseMove[]> {
    const moves = await this.#moves(tenant, right, (balances) => movesFor(balances, site, new Set(), NEEDED));
    return moves ?? [];
  }

  /**
   * Somebody has used it at `site`: what others overspent is made up for, and what runs out there is filled up.
   * @returns null: the tenant has one site, which may spend all there is
   */
  afterUse(tenant: string, site: string, right: Right): Promise<readonly LeaseMove[] | null> {
    return this.#moves(tenant, right, (balances) => {
      const owed = covers(balances, new Set());
      return owed.length > 0 ? owed : topUp(balances, site, new Set());
    });
  }

  /** null: the tenant has one site, which may spend all there is. */
  async #moves(
    tenant: string,
    right: Right,
    plan: (balances: Balances) => readonly LeaseStep[],
  ): Promise<readonly LeaseMove[] | null> {
    if (!isKey(right.kind === 'ticket' ? right.ticketId : right.contractId)) return [];
    // Asked for after each use: with one site nobody need wait for what was taken.
    if (!(await this.#hub.reading((tx) => isShared(tx, this.#hub.kind, tenant)))) return null;
    await this.#catchUp(tenant);
    return this.#hub.reading(async (tx) => {
      const roster = await rosterOf(tx, this.#hub.kind, tenant);
      if (roster.sites.length < 2) return null;
      const balances = await this.#balances(tx, tenant, right, roster);
      const steps = balances === null ? [] : plan(balances);
      return steps.map((step) => ({ ...step, right, tenant, units: roster.unitsOf.get(step.from) ?? [] }));
    });
  }

  /** null: there is no such right, or it has no end. */
  async #balances(tx: Tx, tenant: string, right: Right, roster: Roster): Promise<Balances | null> {
    const moved = await this.#moved(tx, tenant, right);
    if (right.kind === 'ticket') {
      const ticket = await one(tx, tenant, 'ticket', right.ticketId);
      if (ticket?.kind !== 'ticket' || ticket.body === null) return null;
      const spent = await ticketSpent(tx, tenant, right.ticketId, roster);
      const uses = spent.reduce((sum, entry) => sum + entry.uses, 0);
      return available(right, ticketTotal(ticket.body.remaining, uses), roster.sites, spent, moved);
    }
    const owner = await this.#owner(tx, tenant, right.contractId);
    const limit = owner === null ? null : await monthlyLimit(tx, tenant, owner, right);
    if (owner === null || limit === null) return null;
    const { outside, spent } = await bandSpent(tx, tenant, owner, right, roster);
    return available(right, bandTotal(limit, outside), roster.sites, spent, moved);
  }

  async #moved(tx: Tx, tenant: string, right: Right) {
    const rows = await entities(tx, tenant, (query) =>
      query.where('subject', '=', movedSubject(right)).where('body', 'is not', null),
    );
    return rows.map(changeOf).flatMap((row) => (row.kind === 'transfer' ? (row.body ?? []) : []));
  }

  async #owner(tx: Tx, tenant: string, contractId: string): Promise<string | null> {
    const claims = await claimsOn(tx, this.#hub.kind, tenant, [{ id: '', codes: [], contracts: [{ id: contractId }] }]);
    return claims.get(`contract ${contractId}`) ?? null;
  }
}

const SOME_SITES = 'SELECT DISTINCT site FROM unit WHERE tenant = ? AND revoked_at IS NULL LIMIT 2';

/** Whether the tenant has more than one site: without making anything of its units. */
async function isShared(tx: Tx, kind: HubDatabase['kind'], tenant: string): Promise<boolean> {
  return (await ask(tx, kind, SOME_SITES, [tenant])).length > 1;
}

const ROSTER = 'SELECT unit, site FROM unit WHERE tenant = ? AND revoked_at IS NULL ORDER BY site, unit';

/** As much of the roster as is needed here. */
async function rosterOf(tx: Tx, kind: HubDatabase['kind'], tenant: string): Promise<Roster> {
  const units = await ask<{ readonly unit: string; readonly site: string }>(tx, kind, ROSTER, [tenant]);
  const sites = Map.groupBy(units, ({ site }) => site);
  return {
    sites: [...sites.keys()],
    unitsOf: new Map([...sites].map(([site, there]) => [site, there.map(({ unit }) => unit)])),
    siteOf: new Map(units.map(({ unit, site }) => [unit, site])),
  };
}

async function one(tx: Tx, tenant: string, kind: Change['kind'], id: string): Promise<Change | null> {
  const [row] = await entities(tx, tenant, (query) => query.where('kind', '=', kindNumber(kind)).where('id', '=', id));
  return row === undefined ? null : changeOf(row);
}

async function owned(tx: Tx, tenant: string, kind: Change['kind'], owner: string): Promise<Change[]> {
  const rows = await entities(tx, tenant, (query) =>
    query.where('owner', '=', owner).where('kind', '=', kindNumber(kind)).where('body', 'is not', null),
  );
  return rows.map(changeOf);
}

/** What is not of the roster's units is off the total already. */
async function ticketSpent(tx: Tx, tenant: string, ticketId: string, { siteOf }: Roster): Promise<Spent[]> {
  const uses = await owned(tx, tenant, 'ticketUse', ticketId);
  return uses.flatMap((use) => {
    const site = use.kind === 'ticketUse' && use.origin !== null ? siteOf.get(use.origin.unit) : undefined;
    return use.kind !== 'ticketUse' || use.body === null || site === undefined ? [] : [{ site, uses: use.body.uses }];
  });
}

type Band = Extract<Right, { kind: 'band' }>;

/** null: the contract counts nothing there. */
async function monthlyLimit(tx: Tx, tenant: string, memberId: string, right: Band): Promise<number | null> {
  const member = await one(tx, tenant, 'member', memberId);
  if (member?.kind !== 'member') return null;
  const contract = member.body?.contracts.find(({ id }) => id === right.contractId);
  const plan = contract === undefined ? null : await one(tx, tenant, 'plan', contract.planId);
  if (plan?.kind !== 'plan' || plan.body?.entry.mode !== 'limits') return null;
  return plan.body.entry.bands.find(({ bandId }) => bandId === right.bandId)?.monthlyLimit ?? null;
}

async function bandSpent(tx: Tx, tenant: string, memberId: string, right: Band, { sites, siteOf }: Roster) {
  const ranks = ranksOf(right.contractId, sites);
  const names = new Map([...ranks].map(([site, rank]) => [rank, site]));
  const dates = (await owned(tx, tenant, 'usage', memberId)).flatMap((usage) => {
    if (usage.kind !== 'usage' || usage.body === null) return [];
    const { contractId, bandId, date } = usage.body;
    if (contractId !== right.contractId || bandId !== right.bandId || !date.startsWith(right.month)) return [];
    const site = usage.origin === null ? undefined : siteOf.get(usage.origin.unit);
    return [{ day: dayNumber(date), rank: site === undefined ? null : (ranks.get(site) ?? null) }];
  });
  const { outside, spent } = firstCounts(dates);
  return { outside, spent: spent.map(({ rank, uses }): Spent => ({ site: names.get(rank) ?? '', uses })) };
}
