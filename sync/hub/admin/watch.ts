/** What operators look at: events and what stays of them, members' history, alerts, what units have handed over, leases. */

import * as z from 'zod';
import { Id, LIMITS } from '../../../main/contract/values.ts';
import type { Timer } from '../../../main/core/clock.ts';
import { parseDay } from '../../../main/core/time/day.ts';
import { Epoch, Seq, WireId } from '../../wire/values.ts';
import type { Alert } from '../ports.ts';
import { type AdminContext, actorOf, notFound, router, tenantCall } from './call.ts';

const limit = z.int().min(1).max(1_000).default(100);
const LOOK_MS = 1_000;
const LIVE_ALERTS = 100;

export const events = router({
  page: tenantCall('viewer', {
    unit: WireId.nullable().default(null),
    /** The last one of the page before. */
    after: z.strictObject({ unit: WireId, epoch: Epoch, seq: Seq }).nullable().default(null),
    limit,
  }).query(({ ctx, input }) => ctx.parts.store.events(input.tenant, input.unit, input.after, input.limit)),
});

/** A date that exists. */
const Day = z.string().refine((text) => parseDay(text) !== null, 'expected a date YYYY-MM-DD');
/** Of what was there when it was counted; empty where there was none. */
const Part = z.string().max(LIMITS.id);

export const counts = router({
  /** How often events that are gone gave each answer. Without persons. */
  page: tenantCall('viewer', {
    /** Both included. */
    from: Day.nullable().default(null),
    to: Day.nullable().default(null),
    /** The last one of the page before. */
    after: z
      .strictObject({ day: Part, unit: WireId, door: Part, direction: Part, reason: Part })
      .nullable()
      .default(null),
    limit,
  }).query(({ ctx, input: { tenant, from, to, after, limit: most } }) =>
    ctx.parts.store.tallies(tenant, { from, to }, after, most),
  ),
});

export const members = router({
  history: tenantCall('viewer', { memberId: Id, limit }).query(({ ctx, input }) =>
    ctx.parts.store.memberHistory(input.tenant, input.memberId, input.limit),
  ),
});

export const alerts = router({
  list: tenantCall('viewer', { limit }).query(({ ctx, input }) => ctx.parts.store.alerts(input.tenant, input.limit)),
  take: tenantCall('operator', { id: WireId }).mutation(async ({ ctx, input }) => {
    const { store, clock } = ctx.parts;
    const isTaken = await store.takeAlert(input.tenant, input.id, actorOf(ctx).person, clock.wall());
    if (!isTaken) throw notFound('alert', 'none of this id waits: hubctl alert list says who has taken it');
    return { id: input.id };
  }),
  /** Those that nobody has taken, then each new one. */
  live: tenantCall('viewer', {}).subscription(async function* ({ ctx, input, signal }) {
    yield* liveAlerts(ctx, input.tenant, signal ?? null);
  }),
});

async function* liveAlerts(ctx: AdminContext, tenant: string, signal: AbortSignal | null): AsyncGenerator<Alert, void> {
  let told = new Set<string>();
  while (signal?.aborted !== true) {
    const latest = await ctx.parts.store.alerts(tenant, LIVE_ALERTS);
    const fresh = latest.filter(({ id, takenBy }) => takenBy === null && !told.has(id));
    told = new Set(latest.map(({ id }) => id));
    for (const alert of fresh.reverse()) yield alert;
    await pause(ctx, signal);
  }
}

/** Until the next look, or until nobody listens any more. */
function pause({ parts: { clock } }: AdminContext, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve) => {
    const end = (timer: Timer) => {
      timer.cancel();
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    const timer = clock.after('alerts look', LOOK_MS, () => end(timer));
    const onAbort = () => end(timer);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) end(timer);
  });
}

export const leases = router({
  /** What sites have given to one another. */
  transfers: tenantCall('viewer', { after: Id.nullable().default(null), limit }).query(({ ctx, input }) =>
    ctx.parts.store.entities(input.tenant, 'transfer', input.after, input.limit),
  ),
});
