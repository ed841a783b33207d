/** Reads into a working set what some events are about: a few statements, however many events there are. */
import { DAY_MS } from '../../../main/core/time/day.ts';
import { among, type HubDatabase, type Tx } from './database.ts';
import { ENTITY_COLUMNS, type Entity, kindNumber, subjectOf } from './entities.ts';
import type { IncomingEvent } from './incoming.ts';
import type { WorkingSet } from './working-set.ts';

/** Usage of a month counts, and an event may be about the evening before it. */
const BACK_DAYS = 33;

const HISTORY = [kindNumber('usage'), kindNumber('ticketUse'), kindNumber('stay')];
const OF_MEMBERS = ['ticket', 'reservation', 'usage', 'stay'] as const;

interface Wanted {
  readonly members: ReadonlySet<string>;
  readonly tickets: Set<string>;
  readonly subjects: Set<string>;
  readonly undone: ReadonlySet<string>;
  readonly enterers: ReadonlySet<string>;
  /** The earliest date that is looked at. */
  readonly since: string;
}

export async function loadFor(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  set: WorkingSet,
  events: readonly IncomingEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const wanted = wantedBy(events);
  const rows = (where: Where) => entities(tx, tenant, where);
  if (wanted.undone.size > 0) {
    const ids = [...wanted.undone];
    const undone = await rows((query) => query.where(among(kind, 'kind', HISTORY)).where(among(kind, 'id', ids)));
    set.load(undone);
    await loadReuses(tx, kind, tenant, set, 'id', ids);
    for (const { subject, owner, kind: of } of undone) {
      if (subject !== null) wanted.subjects.add(subject);
      if (owner !== null && of === kindNumber('ticketUse')) wanted.tickets.add(owner);
    }
  }
  const members = [...wanted.members];
  if (members.length > 0) {
    set.load(await rows((query) => query.where('kind', '=', kindNumber('member')).where(among(kind, 'id', members))));
    const owned = await rows((query) => ownedSince(query, kind, members, OF_MEMBERS, wanted.since));
    set.load(owned);
    for (const { kind: of, id } of owned) if (of === kindNumber('ticket')) wanted.tickets.add(id);
  }
  const tickets = [...wanted.tickets];
  if (tickets.length > 0) {
    set.load(await rows((query) => query.where('kind', '=', kindNumber('ticket')).where(among(kind, 'id', tickets))));
    set.load(await rows((query) => ownedSince(query, kind, tickets, ['ticketUse'], wanted.since)));
  }
  const subjects = [...wanted.subjects];
  if (subjects.length > 0) {
    set.load(await rows((query) => query.where(among(kind, 'subject', subjects)).where('body', 'is not', null)));
    await loadReuses(tx, kind, tenant, set, 'subject', subjects);
  }
  await loadDepartures(tx, kind, tenant, set, [...wanted.enterers]);
}

function wantedBy(events: readonly IncomingEvent[]): Wanted {
  const effects = events.flatMap(({ effects }) => effects ?? []);
  const counted = effects.flatMap(({ consumed, reused }) => [consumed ?? [], reused ?? []].flat());
  const earliest = Math.min(...events.map(({ at }) => at));
  return {
    members: new Set(events.flatMap(({ effects, scan }) => [effects?.memberId ?? [], scan?.memberId ?? []].flat())),
    tickets: new Set(counted.flatMap((one) => (one.kind === 'ticket' ? [one.ticketId] : []))),
    subjects: new Set(counted.map(subjectOf)),
    undone: new Set(events.flatMap(({ undoneId }) => undoneId ?? [])),
    enterers: new Set(effects.flatMap(({ enter, memberId }) => (enter === undefined ? [] : (memberId ?? [])))),
    since: new Date(earliest - BACK_DAYS * DAY_MS).toISOString().slice(0, 10),
  };
}

const entityQuery = (tx: Tx, tenant: string) =>
  tx.selectFrom('entity').select(ENTITY_COLUMNS).where('tenant', '=', tenant);
type Query = ReturnType<typeof entityQuery>;
type Where = (query: Query) => Query;

export async function entities(tx: Tx, tenant: string, where: Where): Promise<Entity[]> {
  return where(entityQuery(tx, tenant)).execute();
}

function ownedSince(
  query: Query,
  kind: HubDatabase['kind'],
  owners: readonly string[],
  kinds: readonly Parameters<typeof kindNumber>[0][],
  since: string,
): Query {
  return query
    .where(among(kind, 'owner', owners))
    .where(among(kind, 'kind', kinds.map(kindNumber)))
    .where('body', 'is not', null)
    .where((eb) => eb.or([eb('day', 'is', null), eb('day', '>=', since)]));
}

async function loadReuses(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  set: WorkingSet,
  by: 'id' | 'subject',
  values: readonly string[],
): Promise<void> {
  set.loadReuses(
    await tx
      .selectFrom('reuse')
      .select(['subject', 'id', 'at', 'counted', 'member'])
      .where('tenant', '=', tenant)
      .where(among(kind, by, values))
      .execute(),
  );
}

async function loadDepartures(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  set: WorkingSet,
  members: readonly string[],
): Promise<void> {
  if (members.length === 0) return;
  set.loadDepartures(
    await tx
      .selectFrom('departure')
      .select(['member', 'place', 'at', 'said', 'id'])
      .where('tenant', '=', tenant)
      .where(among(kind, 'member', members))
      .execute(),
  );
}
