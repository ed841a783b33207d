/** What units have handed over and nobody has settled, for operators. */
import * as z from 'zod';
import { Change } from '../../wire/entities.ts';
import { WireId } from '../../wire/values.ts';
import { accept, reject, type Taking } from '../handovers.ts';
import type { HandedOver } from '../ports.ts';
import { tell } from '../words.ts';
import { type AdminContext, actorOf, note, notFound, refused, router, tenantCall } from './call.ts';

const MOST_LISTED = 1_000;

const NOT_WAITING = 'none of this id waits: hubctl handover list --all says who has settled it';

interface Named {
  readonly tenant: string;
  readonly unit: string;
  readonly id: string;
}

async function find({ parts: { store } }: AdminContext, { tenant, unit, id }: Named): Promise<HandedOver> {
  const open = await store.handovers(tenant, true, MOST_LISTED);
  const found = open.find((one) => one.unit === unit && one.id === id);
  if (found === undefined) throw notFound('handover', NOT_WAITING);
  return found;
}

/** The unit lets go of it now. */
async function settled(ctx: AdminContext, { tenant, unit, id }: Named, what: string): Promise<{ id: string }> {
  await note(ctx, tenant, what, { unit, id });
  await tell(ctx.parts.store, { do: 'settled', unit, id });
  return { id };
}

function takingOf(ctx: AdminContext, { tenant, unit }: Named): Taking {
  return { tenant, unit, by: actorOf(ctx).person, at: ctx.parts.clock.wall() };
}

const limit = z.int().min(1).max(MOST_LISTED).default(100);

export const handovers = router({
  list: tenantCall('operator', { open: z.boolean().default(true), limit }).query(({ ctx, input }) =>
    ctx.parts.store.handovers(input.tenant, input.open, input.limit),
  ),
  /** @param changes instead of the rows that it stands for, or where it stands for none: a form that was matched */
  accept: tenantCall('operator', { unit: WireId, id: WireId, changes: z.array(Change).max(10).optional() }).mutation(
    async ({ ctx, input }) => {
      const taken = await accept(ctx.parts.store, takingOf(ctx, input), await find(ctx, input), input.changes ?? null);
      if (!taken.ok) throw refused(taken.error);
      if (!taken.value) throw notFound('handover', NOT_WAITING);
      return settled(ctx, input, 'handover-accepted');
    },
  ),
  reject: tenantCall('operator', { unit: WireId, id: WireId }).mutation(async ({ ctx, input }) => {
    const isRejected = await reject(ctx.parts.store, takingOf(ctx, input), await find(ctx, input));
    if (!isRejected) throw notFound('handover', NOT_WAITING);
    return settled(ctx, input, 'handover-rejected');
  }),
});
