/**
 * What an event changes in the tenant's rows. Pure: over a working set, which is written afterwards. What happened is
 * never refused; what is wrong with it is flagged.
 */
import type { Rules } from '../../../main/core/rules.ts';
import { parseInstant } from '../../../main/core/time/instant.ts';
import { Counted, type Effects } from '../../wire/effects.ts';
import { Change } from '../../wire/entities.ts';
import type { Origin } from '../../wire/values.ts';
import { changeOf, type Entity, entityOf, eventId, KINDS, staySubject, subjectOf } from './entities.ts';
import type { IncomingEvent } from './incoming.ts';
import { isBeyondMonth, type Overdraft, rightOf } from './overdrawn.ts';
import type { Departure, WorkingSet } from './working-set.ts';

export class Projection {
  readonly overdrafts: Overdraft[] = [];
  readonly #set: WorkingSet;
  readonly #rules: Rules | null;

  /** @param rules null: there is no site */
  constructor(set: WorkingSet, rules: Rules | null) {
    this.#set = set;
    this.#rules = rules;
  }

  apply(event: IncomingEvent): void {
    const { effects, flags, origin, id, undoneId } = event;
    if (effects === null) return;
    const { memberId, consumed, reused, enter, leave, undo, gave } = effects;
    if (memberId !== null && this.#set.find('member', memberId) === null) flags.add('unknown-member');
    if (undo !== undefined && undoneId !== null) this.#undo(event, undoneId, undo);
    if (consumed !== undefined) {
      this.#makeRoom(subjectOf(consumed));
      this.#measure(event, memberId, consumed);
      this.#count(event, origin, memberId, consumed, 0);
    }
    if (reused !== undefined) this.#reuse(event, memberId, reused);
    if (enter !== undefined) this.#enter(event, memberId, enter);
    if (leave !== undefined && memberId !== null) this.#leave(event, memberId, leave.placeId);
    if (gave !== undefined) {
      if (gave.from !== event.site) flags.add('foreign-lease');
      else this.#write(event, { kind: 'transfer', id, origin, body: gave }, {});
    }
  }

  /** A month's entries; what a ticket has left shows as it is taken. */
  #measure({ flags, id, origin }: IncomingEvent, memberId: string | null, consumed: Counted): void {
    if (consumed.kind !== 'band' || memberId === null || this.#rules === null) return;
    if (!isBeyondMonth(this.#rules, this.#set, memberId, consumed)) return;
    flags.add('overdraft');
    this.overdrafts.push({ right: rightOf(consumed), by: 1, eventId: id, unit: origin.unit });
  }

  /** A row that counts, and what it takes from its ticket. */
  #count(event: IncomingEvent, origin: Origin, memberId: string | null, counted: Counted, inherited: number): void {
    const id = eventId(origin);
    if (counted.kind === 'band') {
      const { contractId, bandId, date } = counted;
      this.#write(event, { kind: 'usage', id, origin, body: { memberId, contractId, bandId, date } }, { inherited });
      return;
    }
    const { ticketId, uses, date } = counted;
    const isWritten = this.#write(
      event,
      { kind: 'ticketUse', id, origin, body: { ticketId, date, uses } },
      { inherited },
    );
    if (isWritten) this.#take(event, ticketId, uses);
  }

  /** Who had inherited this count has it from the event that comes now; it must not count twice. */
  #makeRoom(subject: string): void {
    for (const row of this.#set.live(subject).filter(({ inherited }) => inherited === 1)) {
      const { counted, member } = countedIn(row);
      this.#drop(row);
      this.#set.addReuse({ subject, id: row.id, at: counted.date, counted: JSON.stringify(counted), member });
    }
  }

  #reuse(event: IncomingEvent, member: string | null, reused: Counted): void {
    const subject = subjectOf(reused);
    // What it relied on may have been given back before this was heard of.
    if (this.#set.live(subject).length === 0) this.#count(event, event.origin, member, reused, 1);
    else this.#set.addReuse({ subject, id: event.id, at: event.said, counted: JSON.stringify(reused), member });
  }

  #undo(event: IncomingEvent, undoneId: string, items: NonNullable<Effects['undo']>): void {
    this.#set.removeReuse(undoneId, null);
    for (const kind of ['usage', 'ticketUse', 'stay'] as const) {
      const row = this.#set.find(kind, undoneId);
      const item = items.find((one) => one.kind === kind);
      // A stay that isn't named had ended, and is left as it was.
      if (row === null || (kind === 'stay' && item === undefined)) continue;
      this.#drop(row);
      const heir = item?.heir ?? null;
      if (heir !== null) this.#moveTo(event, row, { ...event.origin, seq: heir });
      else if (row.subject !== null && kind !== 'stay') this.#passOn(event, row.subject);
    }
  }

  #moveTo(event: IncomingEvent, row: Entity, origin: Origin): void {
    const id = eventId(origin);
    if (row.subject !== null) this.#set.removeReuse(id, row.subject);
    const change = changeOf({
      ...row,
      id,
      origin_unit: origin.unit,
      origin_epoch: origin.epoch,
      origin_seq: origin.seq,
    });
    this.#set.put(entityOf(change, { inherited: 1 }));
    if (change.kind === 'ticketUse' && change.body !== null) this.#take(event, change.body.ticketId, change.body.uses);
  }

  /** To the first event that relied on it, unless another row stands for the same. */
  #passOn(event: IncomingEvent, subject: string): void {
    const heir = this.#set.firstReuse(subject);
    if (heir === null || this.#set.live(subject).length > 0) return;
    this.#set.removeReuse(heir.id, subject);
    const [unit, epoch, seq] = splitId(heir.id);
    this.#count(event, { unit, epoch, seq }, heir.member, Counted.parse(JSON.parse(heir.counted)), 1);
  }

  #enter({ id, origin, ...event }: IncomingEvent, memberId: string | null, enter: NonNullable<Effects['enter']>): void {
    const { placeId, enteredAt, via } = enter;
    const since = parseInstant(enteredAt) ?? event.at;
    const exit = memberId === null ? null : this.#set.departureAfter(memberId, placeId, since);
    const body = { memberId, placeId, enteredAt, via, exitedAt: exit?.said ?? null };
    this.#write(event, { kind: 'stay', id, origin, body }, {});
  }

  #leave({ at, said, id }: IncomingEvent, member: string, place: string): void {
    for (const row of this.#set.owned(member, 'stay').filter(({ subject }) => subject === staySubject(place))) {
      const stay = this.#set.read(row);
      if (stay.kind !== 'stay' || stay.body === null || (parseInstant(stay.body.enteredAt) ?? 0) > at) continue;
      this.#set.put(entityOf({ ...stay, body: { ...stay.body, exitedAt: said } }, row));
    }
    this.#set.addDeparture({ member, place, at, said, id } satisfies Departure);
  }

  /** @returns false where it isn't a row of the protocol: the event is flagged */
  #write(
    { flags }: Pick<IncomingEvent, 'flags'>,
    row: { readonly kind: string; readonly id: string; readonly origin: Origin; readonly body: unknown },
    extra: { readonly inherited?: number },
  ): boolean {
    const change = Change.safeParse(row);
    if (change.success) this.#set.put(entityOf(change.data, extra), change.data);
    else flags.add('form');
    return change.success;
  }

  /** Takes a row away, and gives back to its ticket what it took. */
  #drop(row: Entity): void {
    const change = this.#set.read(row);
    this.#set.remove(row);
    if (change.kind === 'ticketUse' && change.body !== null) this.#give(change.body.ticketId, change.body.uses);
  }

  #take({ flags, id, origin }: IncomingEvent, ticketId: string, uses: number): void {
    const row = this.#set.find('ticket', ticketId);
    const ticket = row === null ? null : this.#set.read(row);
    if (row === null || ticket?.kind !== 'ticket' || ticket.body === null) {
      flags.add('unknown-ticket');
      return;
    }
    const missing = Math.max(0, uses - ticket.body.remaining);
    const remaining = Math.max(0, ticket.body.remaining - uses);
    this.#set.put(entityOf({ ...ticket, body: { ...ticket.body, remaining } }, { overdrawn: row.overdrawn + missing }));
    if (missing === 0) return;
    flags.add('overdraft');
    this.overdrafts.push({ right: { kind: 'ticket', ticketId }, by: missing, eventId: id, unit: origin.unit });
  }

  /** What was owed comes first. */
  #give(ticketId: string, uses: number): void {
    const row = this.#set.find('ticket', ticketId);
    const ticket = row === null ? null : this.#set.read(row);
    if (row === null || ticket?.kind !== 'ticket' || ticket.body === null) return;
    const settled = Math.min(row.overdrawn, uses);
    const remaining = Math.min(MOST_USES, ticket.body.remaining + uses - settled);
    this.#set.put(entityOf({ ...ticket, body: { ...ticket.body, remaining } }, { overdrawn: row.overdrawn - settled }));
  }
}

/** A bundle's bound for a ticket. */
const MOST_USES = 1_000_000;

function countedIn(row: Entity): { readonly counted: Counted; readonly member: string | null } {
  const change = changeOf(row);
  if (change.kind === 'usage' && change.body !== null) {
    const { memberId: member, ...rest } = change.body;
    return { counted: { kind: 'band', ...rest }, member };
  }
  if (change.kind === 'ticketUse' && change.body !== null) {
    return { counted: { kind: 'ticket', ...change.body }, member: null };
  }
  throw new Error(`a row of kind ${KINDS[row.kind]} counts nothing`);
}

/** A unit's name may hold a slash; its numbers don't. */
function splitId(id: string): [unit: string, epoch: number, seq: number] {
  const parts = id.split('/');
  const seq = Number(parts.pop());
  const epoch = Number(parts.pop());
  return [parts.join('/'), epoch, seq];
}
