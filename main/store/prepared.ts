/**
 * Members, tickets and reservations as their tables keep them: dates as numbers, names sealed, codes as digests. It takes
 * the key and no database, so another thread may do it. Values stand one after another in the order of their columns, a
 * few rows a group.
 */
import type { Change } from '../../sync/wire/entities.ts';
import type { Member, Reservation, Ticket } from '../core/model.ts';
import { dayNumber } from '../core/rules.ts';
import { instantNumber } from './instants.ts';
import type { Keys } from './keys.ts';
import { type Personal, sealName } from './site.ts';

export type Value = string | number | null;
type Of<K extends Change['kind']> = Extract<Change, { readonly kind: K }>;
type There<K extends 'member' | 'ticket' | 'reservation'> = Of<K> & { readonly body: object };

/** Rows of a group, at most: so many are bound at once. */
export const GROUP_ROWS = 32;
export const DIGEST_BYTES = 32;
/** Values of a row. */
export const WIDTH = { member: 5, contract: 6, ticket: 7, reservation: 8 } as const;

export interface Members {
  readonly of: 'members';
  /** Id, place in the list, suspended by profile, by identity, length of what is sealed. */
  readonly members: readonly Value[];
  /** Member, place, id, plan, first day, last day; member after member. */
  readonly contracts: readonly Value[];
  /** Whose each digest is. */
  readonly holders: readonly string[];
  /** One after another. */
  readonly sealed: Uint8Array;
  readonly digests: Uint8Array;
}

export interface Owned {
  readonly of: 'tickets' | 'reservations';
  /**
   * Of a ticket: id, member, place in the list, type, day of issue, what is left, what the hub says is left. Of a
   * reservation: id, member, place in the list, store, program, start, end, status.
   */
  readonly values: readonly Value[];
}

/** What is kept otherwise: master data, history, and rows that are gone. */
export interface Plain {
  readonly of: 'change';
  readonly change: Change;
}

export type Group = Members | Owned | Plain;

/** Rows that are ready to be kept. */
export interface Prepared {
  readonly groups: Iterable<Group>;
  /** Rows in all of them. */
  readonly count: number;
}

/** In the order of `changes`. */
export function prepare(changes: readonly Change[], keys: Keys): Group[] {
  const groups: Group[] = [];
  for (let at = 0; at < changes.length; ) {
    const { group, rows } = nextGroup(changes, at, keys);
    groups.push(group);
    at += rows;
  }
  return groups;
}

function nextGroup(
  changes: readonly Change[],
  at: number,
  keys: Keys,
): { readonly group: Group; readonly rows: number } {
  const some = changes.slice(at, at + GROUP_ROWS);
  const members = leading(some, isMember);
  if (members.length > 0) return { group: prepareMembers(members, keys), rows: members.length };
  const tickets = leading(some, isTicket);
  if (tickets.length > 0) return { group: prepareTickets(tickets), rows: tickets.length };
  const reservations = leading(some, isReservation);
  if (reservations.length > 0) return { group: prepareReservations(reservations), rows: reservations.length };
  const [change] = some;
  if (change === undefined) throw new Error('a group has at least a row');
  return { group: { of: 'change', change }, rows: 1 };
}

/** Each id once: what comes again replaces the former. */
function leading<T extends Change>(changes: readonly Change[], is: (change: Change) => change is T): T[] {
  const some = new Map<string, T>();
  for (const change of changes) {
    if (!is(change) || some.has(change.id)) break;
    some.set(change.id, change);
  }
  return [...some.values()];
}

const isMember = (change: Change): change is There<'member'> => change.kind === 'member' && change.body !== null;
const isTicket = (change: Change): change is There<'ticket'> => change.kind === 'ticket' && change.body !== null;
const isReservation = (change: Change): change is There<'reservation'> =>
  change.kind === 'reservation' && change.body !== null;

/** @param changes with where each stands in the list */
export function prepareMembers(
  changes: readonly { readonly position: number; readonly body: Member }[],
  keys: Keys,
): Members {
  const [members, contracts, holders]: [Value[], Value[], string[]] = [[], [], []];
  const [sealed, digests]: [Buffer[], Buffer[]] = [[], []];
  for (const { position, body } of changes) {
    const { id, name, kana, codes, suspended } = body;
    const own = keys.seal(sealName(id), { name, kana, codes } satisfies Personal);
    members.push(id, position, Number(suspended.profile), Number(suspended.identity), own.length);
    sealed.push(own);
    for (const [place, { id: contract, planId, from, to }] of body.contracts.entries())
      contracts.push(id, place, contract, planId, dayNumber(from), to === null ? null : dayNumber(to));
    for (const code of codes) {
      holders.push(id);
      digests.push(keys.digestCode(code));
    }
  }
  return { of: 'members', members, contracts, holders, sealed: Buffer.concat(sealed), digests: Buffer.concat(digests) };
}

export function prepareTickets(changes: readonly { readonly position: number; readonly body: Ticket }[]): Owned {
  const values: Value[] = [];
  for (const { position, body } of changes) {
    const { id, memberId, typeId, issuedOn, remaining } = body;
    values.push(id, memberId, position, typeId, dayNumber(issuedOn), remaining, remaining);
  }
  return { of: 'tickets', values };
}

export function prepareReservations(
  changes: readonly { readonly position: number; readonly body: Reservation }[],
): Owned {
  const values: Value[] = [];
  for (const { position, body } of changes) {
    const { id, memberId, storeId, programId, start, end, status } = body;
    values.push(id, memberId, position, storeId, programId, instantNumber(start), instantNumber(end), status);
  }
  return { of: 'reservations', values };
}

/** One by one. */
export function* eachMember(group: Members): Generator<Members & { readonly id: string }, void> {
  let [contract, code, byte] = [0, 0, 0];
  for (let at = 0; at < group.members.length; at += WIDTH.member) {
    const members = group.members.slice(at, at + WIDTH.member);
    const [id, , , , length] = members;
    if (typeof id !== 'string' || typeof length !== 'number') throw new Error('a member has an id and what is sealed');
    const [contractsFrom, codesFrom] = [contract, code];
    while (group.contracts[contract] === id) contract += WIDTH.contract;
    while (group.holders[code] === id) code += 1;
    yield {
      ...{ of: 'members', id, members },
      contracts: group.contracts.slice(contractsFrom, contract),
      holders: group.holders.slice(codesFrom, code),
      sealed: group.sealed.subarray(byte, byte + length),
      digests: group.digests.subarray(codesFrom * DIGEST_BYTES, code * DIGEST_BYTES),
    };
    byte += length;
  }
}

export function* eachOwned(group: Owned): Generator<Owned & { readonly id: string }, void> {
  const width = group.of === 'tickets' ? WIDTH.ticket : WIDTH.reservation;
  for (let at = 0; at < group.values.length; at += width) {
    const values = group.values.slice(at, at + width);
    yield { of: group.of, values, id: String(values[0]) };
  }
}

/** The digests of a group, in the order of their holders. */
export function* eachDigest({ holders, digests }: Members): Generator<{ memberId: string; digest: Uint8Array }, void> {
  for (const [place, memberId] of holders.entries())
    yield { memberId, digest: digests.subarray(place * DIGEST_BYTES, (place + 1) * DIGEST_BYTES) };
}
