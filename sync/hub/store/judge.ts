/** Judges a unit's entry again, with the engine that it used, by what the hub knew when the event came. */
import { decideEntry } from '../../../main/core/decide.ts';
import type { MemberFacts, StayFacts, TicketFacts } from '../../../main/core/facts.ts';
import type { Member, Ticket } from '../../../main/core/model.ts';
import { type FactsWindow, factsWindow } from '../../../main/core/moment.ts';
import { compileRules, dayNumber, type Rules } from '../../../main/core/rules.ts';
import { formatDay } from '../../../main/core/time/day.ts';
import { parseInstant } from '../../../main/core/time/instant.ts';
import type { HubDatabase, Tx } from './database.ts';
import { type Entity, MASTER_KINDS, subjectOf } from './entities.ts';
import type { IncomingEvent } from './incoming.ts';
import { listedRows, listsIn } from './lists.ts';
import type { TenantState } from './tenant-change.ts';
import type { WorkingSet } from './working-set.ts';

/** Tenants whose rules are kept ready. */
const KEPT = 500;

/** What the hub says where the unit has said something else. */
export interface Difference {
  readonly unit: string;
  readonly eventId: string;
  readonly there: string;
  readonly here: string;
}

export class Rulebook {
  readonly #kept = new Map<string, { readonly revision: number; readonly rules: Rules | null }>();

  /** null: the tenant has no site yet, or not a whole one. */
  async of(tx: Tx, hub: HubDatabase, tenant: string, state: TenantState): Promise<Rules | null> {
    const known = this.#kept.get(tenant);
    if (known?.revision === state.master_revision) return known.rules;
    const rules = await compiled(tx, hub.kind, tenant);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(tenant, { revision: state.master_revision, rules });
    return rules;
  }

  /** A database that was put back may have other rules under the same revision. */
  forget(): void {
    this.#kept.clear();
  }
}

async function compiled(tx: Tx, kind: HubDatabase['kind'], tenant: string): Promise<Rules | null> {
  const { sites, ...lists } = listsIn(await listedRows(tx, kind, tenant, MASTER_KINDS));
  const [site] = sites;
  return site === undefined ? null : compileRules({ site, ...lists });
}

/** @param set as it was before the event changed anything @returns null: the hub says the same, or can't say */
export function differenceIn(
  rules: Rules,
  set: WorkingSet,
  { scan, at, id, origin }: IncomingEvent,
): Difference | null {
  const door = scan === null ? undefined : rules.doors.get(scan.doorId);
  if (scan === null || door === undefined) return null;
  const row = set.find('member', scan.memberId);
  const member = row === null ? null : set.read(row);
  if (member?.kind !== 'member' || member.body === null) return null;
  const facts = factsOf(set, member.body, door.placeId, factsWindow(rules, at));
  const { result } = decideEntry(rules, door, at, facts);
  // What a unit refused may be another site's to spend.
  if (!scan.granted && isLeased(scan.reason)) return null;
  // A terminal has decided by itself, whatever the door's policy is.
  if (scan.reason === 'record-only' && door.policy !== 'record-only') return null;
  // A ticket that the member chose to spend is judged without their contract's own mode.
  const isChosen = scan.granted && scan.reason === 'ticket' && !result.granted;
  if (isChosen || result.granted === scan.granted) return null;
  return { unit: origin.unit, eventId: id, there: scan.reason, here: result.reason };
}

function isLeased(reason: string): boolean {
  return reason === 'limit-reached' || reason === 'no-ticket';
}

/** What a site may spend is not for the rules to say: the whole is looked at here. */
const NO_LEASES = { leases: null };
const NO_LEASE = { lease: null };

function factsOf(set: WorkingSet, member: Member, placeId: string, window: FactsWindow): MemberFacts {
  const { id, suspended, contracts } = member;
  const all = [...set.owned(id, 'ticket'), ...set.owned(id, 'reservation'), ...set.owned(id, 'usage')];
  const changes = [...inOrder(all), ...set.owned(id, 'stay')].map((row) => set.read(row));
  return {
    ...NO_LEASES,
    id,
    suspended: suspended.profile || suspended.identity,
    contracts: contracts.map(({ from, to, ...contract }) => ({
      ...contract,
      from: dayNumber(from),
      to: to === null ? null : dayNumber(to),
    })),
    tickets: changes
      .flatMap(({ kind, body }) => (kind === 'ticket' && body !== null ? [body] : []))
      .map((ticket) => ticketFacts(set, ticket, formatDay(window.businessDay))),
    reservations: changes
      .flatMap(({ kind, body }) => (kind === 'reservation' && body?.status === 'booked' ? [body] : []))
      .map(({ storeId, programId, start, end }) => ({ storeId, programId, start: instant(start), end: instant(end) }))
      .filter(({ end }) => end > window.at),
    // What came later than the event was not known then.
    usage: changes
      .flatMap(({ kind, body }) => (kind === 'usage' && body !== null ? [body] : []))
      .map(({ contractId, bandId, date }) => ({ contractId, bandId, day: dayNumber(date) }))
      .filter(({ day }) => day >= window.usageFrom && day <= window.businessDay + 1),
    stays: changes
      .flatMap(({ kind, body }) => (kind === 'stay' && body !== null ? [body] : []))
      .filter((stay) => stay.placeId === placeId && (stay.exitedAt === null || instant(stay.exitedAt) > window.at))
      .map((stay, index): StayFacts => ({ id: index, enteredAt: instant(stay.enteredAt), via: null }))
      .filter(({ enteredAt }) => enteredAt > window.staysAfter),
  };
}

/** Of the bundle. */
function inOrder(rows: readonly Entity[]): Entity[] {
  return [...rows].sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
}

function ticketFacts(set: WorkingSet, { issuedOn, ...ticket }: Ticket, date: string): TicketFacts {
  const usedToday = set.live(subjectOf({ kind: 'ticket', ticketId: ticket.id, uses: 1, date })).length > 0;
  return { ...NO_LEASE, ...ticket, issuedOn: dayNumber(issuedOn), usedToday };
}

function instant(text: string): number {
  return parseInstant(text) ?? 0;
}
