/**
 * What a judgement needs to know of leases: which sites share, and who has spent and given what of a member's rights.
 * A tenant with one site has nothing to share, and nothing more is read for it than the hub's revision.
 */
import type { Database, Statement } from 'better-sqlite3';
import { Roster } from '../../sync/wire/entities.ts';
import type { LeaseFacts, TicketLease } from '../core/facts.ts';
import { bandLeftHere, leaseFactsOf, type Sharing, ticketLeaseOf } from '../core/leased.ts';
import type { Moved, Right } from '../core/leases.ts';
import { dayNumber } from '../core/rules.ts';
import { rightKey, rightOf } from './transfers.ts';

type UsageRow = [contractId: string, bandId: string, day: number, seq: number | null, unit: string | null];
type UseRow = [uses: number, seq: number | null, unit: string | null];
type TransferRow = [right: string, from: string, to: string, uses: number];

/** The statements; `facts.test.ts` holds their plans. */
export const LEASE_SQL = {
  revision: 'SELECT revision FROM hub WHERE id = 1',
  usage: 'SELECT contract_id, band_id, day, event_seq, unit FROM usage WHERE member_id = ? AND day >= ?',
  usageMore: 'SELECT contract_id, band_id, day, event_seq, unit FROM usage_more WHERE member_id = ? AND day >= ?',
  uses: 'SELECT uses, event_seq, unit FROM ticket_use WHERE ticket_id = ?',
  holder: 'SELECT member_id, plan_id FROM contract WHERE id = ?',
  remaining: 'SELECT member_id, remaining FROM ticket WHERE id = ?',
  transfers: 'SELECT right_key, from_site, to_site, uses FROM transfer WHERE right_key >= ? AND right_key < ?',
} as const;

/** Whom this unit hears: what they have spent is known here. */
export interface Hearing {
  /** The connection to the hub is live, and so is what it knows. */
  readonly hub: boolean;
  /** Units heard on the network of the site. */
  readonly peers: ReadonlySet<string>;
}

export interface HeldRight {
  readonly memberId: string;
  readonly sites: readonly string[];
  /** This unit's; null: it is none of the roster's. */
  readonly site: string | null;
  readonly lease: TicketLease;
}

interface Standing {
  readonly revision: number;
  readonly sites: readonly string[];
  readonly site: string | null;
  readonly siteOf: ReadonlyMap<string, string>;
  /** Other units of this site. */
  readonly siblings: readonly string[];
}

export class LeaseReader {
  readonly #db: Database;
  readonly #revision: Statement<[], [number]>;
  readonly #usage: Statement<[string, number], UsageRow>;
  readonly #usageMore: Statement<[string, number], UsageRow>;
  readonly #uses: Statement<[string], UseRow>;
  readonly #transfers: Statement<[string, string], TransferRow>;
  readonly #holder: Statement<[string], [memberId: string, planId: string]>;
  readonly #remaining: Statement<[string], [memberId: string, remaining: number]>;
  #hearing: Hearing = { hub: false, peers: new Set() };
  #standing: Standing | null = null;

  constructor(db: Database) {
    this.#db = db;
    this.#revision = db.prepare<[], [number]>(LEASE_SQL.revision).raw();
    this.#usage = db.prepare<[string, number], UsageRow>(LEASE_SQL.usage).raw();
    this.#usageMore = db.prepare<[string, number], UsageRow>(LEASE_SQL.usageMore).raw();
    this.#uses = db.prepare<[string], UseRow>(LEASE_SQL.uses).raw();
    this.#transfers = db.prepare<[string, string], TransferRow>(LEASE_SQL.transfers).raw();
    this.#holder = db.prepare<[string], [string, string]>(LEASE_SQL.holder).raw();
    this.#remaining = db.prepare<[string], [string, number]>(LEASE_SQL.remaining).raw();
  }

  /** Told whenever a line comes or goes. */
  hears(hearing: Hearing): void {
    this.#hearing = hearing;
  }

  /** null: there is but one site, which may spend all there is. */
  sharing(): Sharing | null {
    const { sites, site, siblings } = this.#whoShares();
    if (sites.length < 2) return null;
    const whole = this.#hearing.hub || siblings.every((unit) => this.#hearing.peers.has(unit));
    return { sites, site, whole };
  }

  /** @param usageFrom epoch day, as for the usage of the same facts */
  ofMember(sharing: Sharing, memberId: string, contractIds: readonly string[], usageFrom: number): LeaseFacts {
    const rows = [this.#usage, this.#usageMore].flatMap((usage) => usage.all(memberId, usageFrom));
    const counted = rows.map(([contractId, bandId, day, seq, unit]) => ({
      ...{ contractId, bandId, day },
      site: this.#siteOf(sharing, seq, unit),
    }));
    const moved = contractIds.flatMap((id) => {
      const begin = JSON.stringify(['band', id]).slice(0, -1);
      // With a comma the list goes on: all bands and months.
      return this.#moved(`${begin},`, `${begin}-`);
    });
    return leaseFactsOf(sharing, contractIds, counted, moved);
  }

  ofTicket(sharing: Sharing, ticketId: string, remaining: number): TicketLease {
    const spent = this.#uses.all(ticketId).flatMap(([uses, seq, unit]) => {
      const site = this.#siteOf(sharing, seq, unit);
      return site === null ? [] : [{ site, uses }];
    });
    const key = rightKey({ kind: 'ticket', ticketId });
    return ticketLeaseOf(sharing, ticketId, remaining, spent, this.#moved(key, `${key} `));
  }

  /**
   * What this site may spend of a right, whoever's it is; null: nothing of it is leased.
   * @param limitOf a band's entries a month by a plan; null: no limit
   */
  ofRight(right: Right, limitOf: (planId: string, bandId: string) => number | null): HeldRight | null {
    const sharing = this.sharing();
    if (sharing === null) return null;
    const { sites, site } = sharing;
    if (right.kind === 'ticket') {
      const [memberId, remaining] = this.#remaining.get(right.ticketId) ?? [null, 0];
      return memberId === null
        ? null
        : { memberId, sites, site, lease: this.ofTicket(sharing, right.ticketId, remaining) };
    }
    const [memberId, planId] = this.#holder.get(right.contractId) ?? [null, ''];
    const limit = limitOf(planId, right.bandId);
    if (memberId === null || limit === null) return null;
    const day = dayNumber(`${right.month}-01`);
    const facts = this.ofMember(sharing, memberId, [right.contractId], day);
    const here = bandLeftHere(facts, right.contractId, right.bandId, day, limit);
    return { memberId, sites, site, lease: { here, whole: sharing.whole } };
  }

  /** @param from the first key of a right @param to the first that is none of them */
  #moved(from: string, to: string): Moved[] {
    const rows = this.#transfers.all(from, to);
    return rows.map(([key, giver, taker, uses]) => ({
      right: rightOf(key),
      from: giver,
      to: taker,
      uses,
    }));
  }

  /** null: the hub has it from elsewhere, or its unit is none of the roster's. */
  #siteOf({ site }: Sharing, seq: number | null, unit: string | null): string | null {
    if (seq !== null) return site;
    return unit === null ? null : (this.#whoShares().siteOf.get(unit) ?? null);
  }

  /** The roster comes and goes with a revision of the hub. */
  #whoShares(): Standing {
    const revision = this.#revision.get()?.[0] ?? 0;
    if (this.#standing?.revision !== revision) this.#standing = this.#read(revision);
    return this.#standing;
  }

  #read(revision: number): Standing {
    const read = 'SELECT roster, unit_id FROM hub, unit WHERE hub.id = 1';
    const [text, own] = this.#db.prepare<[], [string | null, string]>(read).raw().get() ?? [null, ''];
    const { sites } = text === null ? { sites: [] } : Roster.parse(JSON.parse(text));
    const here = sites.find(({ units }) => units.some(({ unit }) => unit === own));
    return {
      revision,
      sites: sites.map(({ site }) => site),
      site: here?.site ?? null,
      siteOf: new Map(sites.flatMap(({ site, units }) => units.map(({ unit }) => [unit, site] as const))),
      siblings: (here?.units ?? []).map(({ unit }) => unit).filter((unit) => unit !== own),
    };
  }
}
