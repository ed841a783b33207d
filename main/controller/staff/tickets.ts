/** Tickets at the counter: redeemed for a member, and issued to one. */
import { randomBytes } from 'node:crypto';
import type { ActSource, Person } from '../../api/staff-port.ts';
import { decideRedemption } from '../../core/decide.ts';
import { leaseDetail } from '../../core/lease-mark.ts';
import { factsWindow, momentOf } from '../../core/moment.ts';
import { err, ok } from '../../core/result.ts';
import { withEffects } from '../../store/effects.ts';
import type { Unit } from '../unit.ts';

type Act<K extends keyof ActSource> = ReturnType<ActSource[K]>;
type Input<K extends keyof ActSource> = Parameters<ActSource[K]>[1];

/** In doubt the date is the last trusted one, as at the doors. */
export function redeem(unit: Unit, by: Person, { ticketId, uses }: Input<'redeem'>): Act<'redeem'> {
  const rules = unit.site.get()?.rules;
  if (rules === undefined) return err('no-site');
  const at = unit.watch.trustedAt;
  return unit.journal.act((writer, note): Act<'redeem'> => {
    const ticket = writer.facts.ticket(ticketId, factsWindow(rules, at));
    const decision = decideRedemption(rules, at, ticket, uses);
    const { result, changes } = decision;
    if (!result.granted || result.memberId === null) return err('no-ticket');
    const said = { staffId: by.staffId, ...leaseDetail(decision) };
    const detail = withEffects(said, writer.history.effects(result.memberId, changes));
    const event = note({ type: 'redeem', result, detail });
    writer.history.apply(event, at, result.memberId, changes);
    return ok({ event, memberId: result.memberId, remaining: result.remaining ?? 0 });
  });
}

/** Under an id of this unit; it waits for the hub, and stands until then whatever is imported. */
export function issueTicket(unit: Unit, by: Person, { memberId, typeId }: Input<'issueTicket'>): Act<'issueTicket'> {
  const rules = unit.site.get()?.rules;
  if (rules === undefined) return err('no-site');
  const type = rules.ticketTypes.get(typeId);
  if (type === undefined) return err('no-type');
  const at = unit.watch.trustedAt;
  const issuedDay = momentOf(rules, at).businessDay;
  const ticketId = `unit-${randomBytes(9).toString('hex')}`;
  return unit.journal.act((writer, note): Act<'issueTicket'> => {
    if (!writer.members.has(memberId)) return err('no-member');
    const detail = { what: 'issue-ticket', staffId: by.staffId, memberId, typeId, ticketId, uses: type.uses };
    const event = note({ type: 'staff', detail });
    writer.tickets.issue({ ticketId, typeId, memberId, issuedDay, uses: type.uses }, event, at);
    return ok({ event, ticketId, remaining: type.uses });
  });
}
