/** What operators are told of what came. */
import { HOUR_MS } from '../../../main/core/time/day.ts';
import { among, type HubDatabase, type Tx } from './database.ts';
import type { IncomingEvent } from './incoming.ts';
import type { Difference } from './judge.ts';
import { namedOverdrafts, type Overdraft } from './overdrawn.ts';
import type { Arrival } from './take.ts';
import { type NewAlert, timeId, writeAlerts } from './tenants.ts';

/** Told at most once an hour for a unit; each event has its flag all the same. */
const QUIET = new Set([
  'differs',
  'unknown-member',
  'unknown-ticket',
  'form',
  'foreign-lease',
  'chain-relayed',
  'proof',
]);
const QUIET_MS = HOUR_MS;

const alertsAt =
  (tenant: string, at: number) =>
  (unit: string, kind: string, detail: NewAlert['detail']): NewAlert => ({
    ...{ tenant, id: timeId(at), at, unit, kind, detail },
  });

/** Of records whose chain doesn't hold, or that contradict themselves. */
export function recordAlerts(tenant: string, arrivals: readonly Arrival[], at: number): NewAlert[] {
  const alert = alertsAt(tenant, at);
  return arrivals.flatMap(({ batch, fate }) => {
    const { unit, epoch, from, relayedBy } = batch;
    if (!fate.ok) return fate.error.code === 'chain' ? [alert(unit, 'chain-relayed', { epoch, from, relayedBy })] : [];
    const [other] = fate.value.contradictions;
    return [
      fate.value.isBroken ? [alert(unit, 'chain', { epoch, from })] : [],
      other === undefined ? [] : [alert(unit, 'contradiction', { epoch, seq: other.seq })],
    ].flat();
  });
}

/** What judging has found. */
export interface Found {
  readonly events: readonly IncomingEvent[];
  readonly differences: readonly Difference[];
  readonly overdrafts: readonly Overdraft[];
}

export function judgementAlerts(
  tenant: string,
  { events, differences, overdrafts }: Found,
  at: number,
): readonly NewAlert[] {
  const alert = alertsAt(tenant, at);
  const flagged = (['form', 'unknown-member', 'unknown-ticket', 'foreign-lease'] as const).flatMap((flag) => {
    const byUnit = Map.groupBy(
      events.filter(({ flags }) => flags.has(flag)),
      ({ origin }) => origin.unit,
    );
    return [...byUnit].map(([unit, [first]]) => alert(unit, flag, { event: first?.id ?? null }));
  });
  const differing = Map.groupBy(differences, ({ unit }) => unit);
  return [
    ...flagged,
    ...namedOverdrafts(overdrafts).map(({ unit, detail }) => alert(unit, 'overdraft', detail)),
    ...[...differing].flatMap(([unit, [first]]) =>
      first === undefined ? [] : [alert(unit, 'differs', { event: first.eventId, unit: first.there, hub: first.here })],
    ),
  ];
}

/** @param at of the latest of what they are about, epoch ms */
export async function writeTold(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  alerts: readonly NewAlert[],
  at: number,
): Promise<void> {
  if (alerts.length === 0) return;
  const lately = await tx
    .selectFrom('alert')
    .select(['kind', 'unit'])
    .where('tenant', '=', tenant)
    .where(among(kind, 'kind', [...QUIET]))
    .where('at', '>', at - QUIET_MS)
    .execute();
  const isLate = (alert: NewAlert) => lately.some((one) => one.kind === alert.kind && one.unit === alert.unit);
  await writeAlerts(
    tx,
    alerts.filter((alert) => !QUIET.has(alert.kind) || !isLate(alert)),
  );
}
