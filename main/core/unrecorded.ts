/**
 * Entries while the record can't be written (guarantees 1.5). What a door then does is its `onStoreFailure`; leaving is
 * never asked. What was granted meanwhile is known from the changes that wait for the record.
 */
import type { Changes } from './decide.ts';
import type { MemberFacts } from './facts.ts';

export type OnStoreFailure = 'refuse' | 'admit-known';

/**
 * Where a member's facts come from: the store, which can often be read where it can't be written; memory, for who was
 * let in before; or nobody knows the code.
 */
export type FactsFrom = 'store' | 'memory' | 'nowhere';

/**
 * May the entry be judged, or must it be turned away unjudged?
 * @param hasReserve there is room in the reserve file: no grant without a record of some kind
 */
export function mayJudgeUnrecorded(rule: OnStoreFailure, hasReserve: boolean, from: FactsFrom): boolean {
  return rule === 'admit-known' && hasReserve && from !== 'nowhere';
}

/** A judgement that waits for the record. `number` is below 0, so that its stay is no stay of the store. */
export interface Unrecorded {
  readonly number: number;
  readonly changes: Changes;
}

/** The facts as they will be once `waiting` is on record. @param businessDay of the judgement to come */
export function withUnrecorded(
  facts: MemberFacts,
  waiting: readonly Unrecorded[],
  placeId: string,
  businessDay: number,
): MemberFacts {
  return waiting.reduce((known, one) => withOne(known, one, placeId, businessDay), facts);
}

function withOne(
  known: MemberFacts,
  { number, changes }: Unrecorded,
  placeId: string,
  businessDay: number,
): MemberFacts {
  const { consumed, enter, leave } = changes;
  const stays = known.stays.filter(({ id }) => !leave.includes(id));
  if (enter?.placeId === placeId) stays.push({ id: number, enteredAt: enter.at, via: enter.via });
  if (consumed === null) return { ...known, stays };
  if (consumed.kind === 'ticket')
    return { ...known, stays, tickets: spent(known, consumed, changes.businessDay === businessDay) };
  const { contractId, bandId, day } = consumed;
  return { ...known, stays, usage: [...known.usage, { contractId, bandId, day }] };
}

function spent(
  { tickets }: MemberFacts,
  { ticketId, uses }: { readonly ticketId: string; readonly uses: number },
  today: boolean,
): MemberFacts['tickets'] {
  return tickets.map((ticket) =>
    ticket.id === ticketId
      ? { ...ticket, remaining: Math.max(0, ticket.remaining - uses), usedToday: ticket.usedToday || today }
      : ticket,
  );
}

/** Somebody who is inside a place. `id` of the stay, below 0 while it waits for the record. */
export interface Presence {
  readonly id: number;
  readonly memberId: string;
  readonly since: number;
}

/** Who is inside once what waits is on record, newest first: nobody is forgotten in a fire. */
export function presentWithUnrecorded(
  present: readonly Presence[],
  waiting: readonly (Unrecorded & { readonly memberId: string })[],
  placeId: string,
): Presence[] {
  const all = waiting.reduce<Presence[]>(
    (known, { number, memberId, changes: { enter, leave } }) => {
      const rest = known.filter(({ id }) => !leave.includes(id));
      return enter?.placeId === placeId ? [...rest, { id: number, memberId, since: enter.at }] : rest;
    },
    [...present],
  );
  return all.sort((a, b) => b.since - a.since);
}
