/** What the page shows: decisions in words' data, the unit's status. Names appear here and nowhere else. */
import type { Config } from '../contract/config.ts';
import type { DecisionMessage, PageMessage, RemedyMessage, UnjudgedMessage } from '../contract/page.ts';
import type { DecisionResult } from '../core/decide.ts';
import type { MasterData } from '../core/model.ts';
import { type Remedy, remedyFor } from '../core/remedy.ts';
import type { Rules } from '../core/rules.ts';
import type { Store } from '../store/store.ts';
import type { JudgedScan, ReaderPlace } from './judge-scan.ts';
import type { Unjudged } from './scan-sink.ts';
import type { LoadedSite, SiteCache } from './site-cache.ts';

type Listener = (message: PageMessage) => void;

/** Hands messages to whoever listens. */
export class Screen {
  readonly #listeners = new Set<Listener>();

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(message: PageMessage): void {
    for (const listener of this.#listeners) listener(message);
  }
}

const NOON = 12 * 60;

/** @param at epoch ms */
export function unjudgedMessage(
  { door, reader }: ReaderPlace,
  why: Unjudged,
  event: number,
  at: number,
): UnjudgedMessage {
  return { kind: 'unjudged', event, at, doorId: door.id, readerId: reader.id, why };
}

export function decisionMessage(
  store: Store,
  cache: SiteCache,
  display: Config['display'],
  scan: JudgedScan,
  seq: number,
): DecisionMessage {
  const { event, decision, place, direction, member } = scan;
  const { result } = decision;
  const site = cache.get();
  return {
    kind: 'decision',
    event: seq,
    at: event.at,
    doorId: place.door.id,
    readerId: place.reader.id,
    direction,
    granted: result.granted,
    reason: result.reason,
    alert: result.alert,
    warnings: [...result.warnings],
    remaining: result.remaining,
    names: {
      member: result.granted ? shownName(store, result.memberId, display.name) : null,
      ...grantNames(site?.data ?? null, scan),
    },
    stay: result.stay,
    overstayUntil: decision.overstayUntil,
    remedy: site === null || result.granted ? null : remedyMessage(site, scan, member, result),
  };
}

function grantNames(
  data: MasterData | null,
  { decision, member }: JudgedScan,
): Omit<DecisionMessage['names'], 'member'> {
  const { result, by } = decision;
  const contract = member?.contracts.find(({ id }) => id === result.contractId);
  const ticket = by?.kind === 'ticket' ? member?.tickets.find(({ id }) => id === by.id) : undefined;
  const bands = data?.stores.flatMap((store) => store.bands) ?? [];
  return {
    plan: nameOf(data?.plans, contract?.planId),
    band: nameOf(bands, result.bandId),
    ticket: nameOf(data?.ticketTypes, ticket?.typeId),
    program: by?.kind === 'program' ? nameOf(data?.programs, by.id) : null,
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

function nameOf(items: readonly Named[] | undefined, id: string | null | undefined): string | null {
  return items?.find((item) => item.id === id)?.name ?? null;
}

function namesOf(items: readonly Named[], ids: readonly string[], most: number): string[] {
  return ids.slice(0, most).flatMap((id) => nameOf(items, id) ?? []);
}

/** A name is no reason for a door to stay shut: without one where the database can't be read. */
function readableName(store: Store, memberId: string): string | null {
  try {
    return store.memberName(memberId);
  } catch {
    return null;
  }
}

function shownName(store: Store, memberId: string | null, how: Config['display']['name']): string | null {
  if (memberId === null || how === 'none') return null;
  const name = readableName(store, memberId);
  // A provisional card is nobody's by name.
  if (name === null || name === '') return null;
  if (how === 'full') return name;
  // Family name first, as our users write names.
  const [family = ''] = name.split(/[\s\u3000]+/);
  return how === 'family' ? family : [...family].slice(0, 1).join('');
}

function remedyMessage(
  site: LoadedSite,
  { place, decision, judgedAt }: JudgedScan,
  member: JudgedScan['member'],
  result: DecisionResult,
): RemedyMessage | null {
  const door = site.rules.doors.get(place.door.id);
  if (door === undefined) return null;
  return remedyInWords(site, remedyFor(site.rules, door, judgedAt, member, result.reason, decision.usedUp));
}

/** With the names of that site. */
export function remedyInWords({ data, rules }: Pick<LoadedSite, 'data' | 'rules'>, remedy: Remedy): RemedyMessage {
  const { limit } = remedy;
  return {
    opensAt: remedy.opensAt,
    startsOn: noonOf(rules, remedy.startsOn),
    limit: limit === null ? null : { ...limit, renewsOn: rules.zone.instantOf(limit.renewsOn, NOON) },
    tickets: remedy.tickets.slice(0, 8).map(({ ticketId, typeId, remaining, after }) => ({
      ticketId,
      name: nameOf(data.ticketTypes, typeId) ?? '',
      remaining,
      after,
    })),
    stores: namesOf(data.stores, remedy.storeIds, 3),
    doors: namesOf(data.doors, remedy.doorIds, 8),
    insideSince: remedy.insideSince,
  };
}

function noonOf(rules: Rules, day: number | null): number | null {
  return day === null ? null : rules.zone.instantOf(day, NOON);
}
