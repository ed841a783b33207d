/** Rows of the protocol as rows of the database, and back. */

import type { Counted } from '../../wire/effects.ts';
import { Change, type ChangeKind } from '../../wire/entities.ts';
import type { Right } from '../../wire/rights.ts';
import type { Origin } from '../../wire/values.ts';
import type { ChangeText } from '../ports.ts';
import type { EntityTable } from './schema.ts';

/** In the order of a snapshot: what is referred to comes first. The places are in the database: only ever add. */
export const KINDS = [
  'site',
  'settings',
  'holidays',
  'store',
  'program',
  'place',
  'door',
  'plan',
  'ticketType',
  'member',
  'ticket',
  'reservation',
  'usage',
  'ticketUse',
  'stay',
  'roster',
  'transfer',
] as const satisfies readonly ChangeKind[];

const PLACES = new Map<ChangeKind, number>(KINDS.map((kind, place) => [kind, place]));

export function kindNumber(kind: ChangeKind): number {
  return PLACES.get(kind) ?? KINDS.length;
}

/** Rules are made of these. */
export const MASTER_KINDS = ['site', 'holidays', 'store', 'program', 'place', 'door', 'plan', 'ticketType'] as const;
export const isMaster = (kind: ChangeKind) => MASTER_KINDS.some((one) => one === kind);

/** What of an entity depends on its content. */
export type Entity = Pick<
  EntityTable,
  | 'kind'
  | 'id'
  | 'position'
  | 'origin_unit'
  | 'origin_epoch'
  | 'origin_seq'
  | 'body'
  | 'owner'
  | 'subject'
  | 'day'
  | 'inherited'
  | 'overdrawn'
>;

export const ENTITY_COLUMNS = [
  'kind',
  'id',
  'position',
  'origin_unit',
  'origin_epoch',
  'origin_seq',
  'body',
  'owner',
  'subject',
  'day',
  'inherited',
  'overdrawn',
] as const satisfies readonly (keyof Entity)[];

/** Whether both databases can hold it as a key: PostgreSQL takes no NUL, and no half of a pair comes back as it was. */
export function isKey(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

export function eventId({ unit, epoch, seq }: Origin): string {
  return `${unit}/${epoch}/${seq}`;
}

/** What is counted, whoever counts it: rows of the same subject stand for the same right and day. */
export function subjectOf(counted: Counted): string {
  return counted.kind === 'band'
    ? JSON.stringify(['band', counted.contractId, counted.bandId, counted.date])
    : JSON.stringify(['ticket', counted.ticketId, counted.date]);
}

export function staySubject(placeId: string): string {
  return JSON.stringify(['stay', placeId]);
}

/** What has gone from site to site of a right. */
export function movedSubject(right: Right): string {
  return right.kind === 'ticket'
    ? JSON.stringify(['moved', 'ticket', right.ticketId])
    : JSON.stringify(['moved', 'band', right.contractId, right.bandId, right.month]);
}

/** How to find a row by what is in it. */
function keysOf(change: Change): Pick<Entity, 'owner' | 'subject' | 'day'> {
  const none = { owner: null, subject: null, day: null };
  if (change.body === null) return none;
  switch (change.kind) {
    case 'ticket':
    case 'reservation':
      return { ...none, owner: change.body.memberId };
    case 'usage': {
      const { memberId, date: day } = change.body;
      return { owner: memberId, subject: subjectOf({ kind: 'band', ...change.body }), day };
    }
    case 'ticketUse': {
      const { ticketId, date: day } = change.body;
      return { owner: ticketId, subject: subjectOf({ kind: 'ticket', ...change.body }), day };
    }
    case 'stay': {
      const { memberId, placeId, exitedAt } = change.body;
      if (exitedAt === null) return { owner: memberId, subject: staySubject(placeId), day: null };
      return { owner: memberId, subject: null, day: exitedAt.slice(0, 10) };
    }
    case 'transfer':
      return { ...none, subject: movedSubject(change.body.right) };
    default:
      return none;
  }
}

export function entityOf(change: Change, extra: { readonly inherited?: number; readonly overdrawn?: number }): Entity {
  const origin = 'origin' in change ? change.origin : null;
  return {
    kind: kindNumber(change.kind),
    id: change.id,
    position: 'position' in change ? change.position : 0,
    origin_unit: origin?.unit ?? null,
    origin_epoch: origin?.epoch ?? null,
    origin_seq: origin?.seq ?? null,
    body: change.body === null ? null : JSON.stringify(change.body),
    ...keysOf(change),
    inherited: extra.inherited ?? 0,
    overdrawn: extra.overdrawn ?? 0,
  };
}

/** The word that it is gone, for units that have it. */
export function goneOf(row: Entity): Entity {
  return { ...row, body: null, owner: null, subject: null, day: null, inherited: 0, overdrawn: 0 };
}

type Stored = Pick<EntityTable, 'kind' | 'id' | 'position' | 'origin_unit' | 'origin_epoch' | 'origin_seq' | 'body'>;

/** @throws Error where the row isn't one of ours */
export function changeOf(row: Stored): Change {
  return Change.parse(JSON.parse(changeText(row)));
}

/** The same without looking into the body: a snapshot has hundreds of thousands. */
export function changeText(row: Stored): ChangeText {
  const { kind: place, id, position, origin_unit: unit, origin_epoch: epoch, origin_seq: seq, body } = row;
  const kind = KINDS[place];
  const isHistory = kind === 'usage' || kind === 'ticketUse' || kind === 'stay' || kind === 'transfer';
  const origin = () => JSON.stringify(unit === null ? null : { unit, epoch, seq });
  const where = isHistory ? `"origin":${origin()}` : `"position":${position}`;
  return `{"kind":"${kind}","id":${JSON.stringify(id)},${where},"body":${body}}`;
}
