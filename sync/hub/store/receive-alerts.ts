/** What operators are told of what came. */
import { namedOverdrafts } from './overdrawn.ts';
import type { Arrival, Told } from './receive.ts';
import { type NewAlert, timeId } from './tenants.ts';

/** Told at most once an hour for a unit; each event has its flag all the same. */
export const QUIET = new Set(['differs', 'unknown-member', 'unknown-ticket', 'form', 'foreign-lease', 'chain-relayed']);

export function alertsOf(tenant: string, arrivals: readonly Arrival[], told: Told, at: number): NewAlert[] {
  const alert = (unit: string, kind: string, detail: NewAlert['detail']): NewAlert => ({
    ...{ tenant, id: timeId(at), at, unit, kind, detail },
  });
  const events = arrivals.flatMap(({ incoming }) => incoming);
  const flagged = (['form', 'unknown-member', 'unknown-ticket', 'foreign-lease'] as const).flatMap((flag) => {
    const byUnit = Map.groupBy(
      events.filter(({ flags }) => flags.has(flag)),
      ({ origin }) => origin.unit,
    );
    return [...byUnit].map(([unit, [first]]) => alert(unit, flag, { event: first?.id ?? null }));
  });
  const records = arrivals.flatMap(({ batch, fate }) => {
    const { unit, epoch, from, relayedBy } = batch;
    if (!fate.ok) return fate.error.code === 'chain' ? [alert(unit, 'chain-relayed', { epoch, from, relayedBy })] : [];
    const [other] = fate.value.contradictions;
    return [
      fate.value.isBroken ? [alert(unit, 'chain', { epoch, from })] : [],
      other === undefined ? [] : [alert(unit, 'contradiction', { epoch, seq: other.seq })],
    ].flat();
  });
  const differing = Map.groupBy(told.differences, ({ unit }) => unit);
  return [
    ...flagged,
    ...records,
    ...namedOverdrafts(told.projection.overdrafts).map(({ unit, detail }) => alert(unit, 'overdraft', detail)),
    ...[...differing].flatMap(([unit, [first]]) =>
      first === undefined ? [] : [alert(unit, 'differs', { event: first.eventId, unit: first.there, hub: first.here })],
    ),
  ];
}
