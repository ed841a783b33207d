/** Reads into a working set what some events are about: a few statements, however many events there are. */
import { DAY_MS } from '../../../main/core/time/day.ts';
import { type Asked, ask, type HubDatabase, type Tx } from './database.ts';
import { ENTITY_COLUMNS, type Entity, kindNumber, subjectOf } from './entities.ts';
import type { IncomingEvent } from './incoming.ts';
import type { Departure, Reuse, WorkingSet } from './working-set.ts';

/** Usage of a month counts, and an event may be about the evening before it. */
const BACK_DAYS = 33;

const HISTORY = [kindNumber('usage'), kindNumber('ticketUse'), kindNumber('stay')];
const OF_MEMBERS = [kindNumber('ticket'), kindNumber('reservation'), kindNumber('usage'), kindNumber('stay')];
const OF_TICKETS = [kindNumber('ticketUse')];

interface Wanted {
  readonly members: ReadonlySet<string>;
  readonly tickets: Set<string>;
  readonly subjects: Set<string>;
  readonly undone: ReadonlySet<string>;
  readonly enterers: ReadonlySet<string>;
  /** The earliest date that is looked at. */
  readonly since: string;
}

const ENTITIES = `SELECT ${ENTITY_COLUMNS.join(', ')} FROM entity WHERE tenant = ? AND`;
const BY_ID = `${ENTITIES} kind = ? AND id IN ?`;
const UNDONE = `${ENTITIES} kind IN ?n AND id IN ?`;
const BY_SUBJECT = `${ENTITIES} subject IN ? AND body IS NOT NULL`;
const OWNED = `${ENTITIES} owner IN ? AND kind IN ?n AND body IS NOT NULL AND (day IS NULL OR day >= ?)`;
const REUSES = 'SELECT subject, id, at, counted, member FROM reuse WHERE tenant = ? AND';
const DEPARTURES = 'SELECT member, place, at, said, id FROM departure WHERE tenant = ? AND member IN ?';

export async function loadFor(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  set: WorkingSet,
  events: readonly IncomingEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const wanted = wantedBy(events);
  const rows = (text: string, ...values: Asked[]) => ask<Entity>(tx, kind, text, [tenant, ...values]);
  const reuses = (by: 'id' | 'subject', values: Asked) =>
    ask<Reuse>(tx, kind, `${REUSES} ${by} IN ?`, [tenant, values]);
  if (wanted.undone.size > 0) {
    const ids = [...wanted.undone];
    const undone = await rows(UNDONE, HISTORY, ids);
    set.load(undone);
    set.loadReuses(await reuses('id', ids));
    wantWhatTheyUsed(wanted, undone);
  }
  const members = [...wanted.members];
  if (members.length > 0) {
    set.load(await rows(BY_ID, kindNumber('member'), members));
    const owned = await rows(OWNED, members, OF_MEMBERS, wanted.since);
    set.load(owned);
    for (const { kind: of, id } of owned) if (of === kindNumber('ticket')) wanted.tickets.add(id);
  }
  const tickets = [...wanted.tickets];
  if (tickets.length > 0) {
    set.load(await rows(BY_ID, kindNumber('ticket'), tickets));
    set.load(await rows(OWNED, tickets, OF_TICKETS, wanted.since));
  }
  const subjects = [...wanted.subjects];
  if (subjects.length > 0) {
    set.load(await rows(BY_SUBJECT, subjects));
    set.loadReuses(await reuses('subject', subjects));
  }
  const enterers = [...wanted.enterers];
  if (enterers.length > 0) set.loadDepartures(await ask<Departure>(tx, kind, DEPARTURES, [tenant, enterers]));
}

function wantWhatTheyUsed({ subjects, tickets }: Wanted, undone: readonly Entity[]): void {
  for (const { subject, owner, kind } of undone) {
    if (subject !== null) subjects.add(subject);
    if (owner !== null && kind === kindNumber('ticketUse')) tickets.add(owner);
  }
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
