/** One member, one code, one decision, as staff look into them. */
import type { LookSource } from '../../api/staff-port.ts';
import type { StaffFault } from '../../contract/staff.ts';
import { contractsInEffect } from '../../core/decide.ts';
import type { TicketFacts } from '../../core/facts.ts';
import { factsWindow, momentOf } from '../../core/moment.ts';
import { err, ok } from '../../core/result.ts';
import type { Step } from '../../core/steps.ts';
import { isRedeemable, lastDayOfTicket } from '../../core/tickets.ts';
import { formatDay } from '../../core/time/day.ts';
import type { Store } from '../../store/store.ts';
import { type Explanation, explainEvent } from '../explain.ts';
import { remedyInWords } from '../screen.ts';
import type { LoadedSite } from '../site-cache.ts';
import type { Unit } from '../unit.ts';

type Look<K extends keyof LookSource> = ReturnType<LookSource[K]>;
type Input<K extends keyof LookSource> = Parameters<LookSource[K]>[0];
type Given<T> = Extract<T, { readonly ok: true }> extends { readonly value: infer V } ? V : never;

export class MemberLooks {
  readonly #unit: Unit;
  readonly #store: Store;

  constructor(unit: Unit, store: Store) {
    this.#unit = unit;
    this.#store = store;
  }

  member({ memberId }: Input<'member'>): Look<'member'> {
    const site = this.#unit.site.get();
    const member = this.#store.members.find(memberId);
    if (site === null) return err('no-site');
    if (member === null) return err('no-member');
    const at = this.#unit.watch.trustedAt;
    const facts = this.#store.facts.memberById(memberId, '', factsWindow(site.rules, at));
    if (facts === null) return err('no-member');
    const inEffect = new Set(contractsInEffect(momentOf(site.rules, at), facts).map(({ id }) => id));
    return ok({
      memberId,
      name: member.name,
      kana: member.kana,
      suspended: member.suspended,
      contracts: facts.contracts.map(({ id, planId, from, to }) => ({
        ...{ id, planId, from: formatDay(from), to: to === null ? null : formatDay(to) },
        inEffect: inEffect.has(id),
      })),
      tickets: facts.tickets.flatMap((ticket) => ticketRow(site, ticket, at) ?? []),
      inside: this.#store.members.insideOf(memberId, at - site.rules.maxStayMs, at),
    });
  }

  /** A ticket's QR code has its id. */
  code({ text }: Input<'code'>): Look<'code'> {
    const site = this.#unit.site.get();
    if (site === null) return err('no-site');
    const at = this.#unit.watch.trustedAt;
    const code = text.trim();
    const window = factsWindow(site.rules, at);
    const ticket = this.#store.facts.ticket(code, window);
    const row = ticket === null ? null : ticketRow(site, ticket, at);
    if (ticket !== null && row !== null)
      return ok({
        kind: 'ticket',
        memberId: ticket.memberId,
        name: this.#store.memberName(ticket.memberId),
        ticket: row,
      });
    const member = this.#store.facts.memberByCode(code, '', window);
    if (member === null) return ok({ kind: 'none' });
    return ok({ kind: 'member', memberId: member.id, name: this.#store.memberName(member.id) });
  }

  why({ event }: Input<'why'>): Look<'why'> {
    const explained = explainEvent(this.#store, event);
    if (!explained.ok) return err(explained.error satisfies StaffFault);
    const { result, same, steps, basis, remedy } = explained.value;
    return ok({
      event,
      at: basis.at,
      granted: result.granted,
      reason: result.reason,
      warnings: [...result.warnings],
      same,
      steps: steps.map((step) => stepRow(step, this.#nameOf(explained.value, step))),
      remedy: remedy === null ? null : remedyInWords(remedy, remedy.remedy),
    });
  }

  #nameOf({ basis: { member } }: Explanation, { subject, id }: Step): string | null {
    const data = this.#unit.site.get()?.data;
    const named = (items: readonly { readonly id: string; readonly name: string }[] | undefined, wanted?: string) =>
      items?.find((item) => item.id === wanted)?.name ?? null;
    switch (subject) {
      case 'contract':
        return named(data?.plans, member?.contracts.find((contract) => contract.id === id)?.planId);
      case 'band':
        return named(
          data?.stores.flatMap(({ bands }) => bands),
          id ?? undefined,
        );
      case 'ticket':
        return named(data?.ticketTypes, member?.tickets.find((ticket) => ticket.id === id)?.typeId);
      case 'reservation':
        return named(data?.programs, id ?? undefined);
      case 'clock':
      case 'member':
      case 'date':
      case 'lease':
      case 'stay':
        return null;
    }
  }
}

type WhyStep = Given<Look<'why'>>['steps'][number];

function stepRow({ rule, subject, id, day, says, numbers }: Step, name: string | null): WhyStep {
  const { used = null, limit = null, remaining = null } = numbers ?? {};
  return { rule, subject, id, name, day: day === null ? null : formatDay(day), says, used, limit, remaining };
}

type TicketRow = Given<Look<'member'>>['tickets'][number];

/** null where its type is gone. */
function ticketRow({ rules, data }: LoadedSite, ticket: TicketFacts, at: number): TicketRow | null {
  const type = data.ticketTypes.find(({ id }) => id === ticket.typeId);
  if (type === undefined) return null;
  const lastDay = lastDayOfTicket(rules, ticket);
  return {
    ticketId: ticket.id,
    typeId: type.id,
    name: type.name,
    issuedOn: formatDay(ticket.issuedOn),
    lastDay: Number.isFinite(lastDay) ? formatDay(lastDay) : null,
    remaining: ticket.remaining,
    redeemable: isRedeemable(rules, momentOf(rules, at), ticket, 1),
  };
}
