/**
 * What units have made and the hub shall own. Accepting one makes the rows that it stands for: a provisional card a
 * member with its contract, a ticket that was issued a ticket. Everything else is settled by a person alone.
 */
import * as z from 'zod';
import { formatDay } from '../../../main/core/time/day.ts';
import { Change } from '../../wire/entities.ts';
import { WireId } from '../../wire/values.ts';
import type { HandedOver } from '../ports.ts';
import { type AdminContext, actorOf, note, notFound, refused, router, tenantCall } from './call.ts';

const MOST_LISTED = 1_000;

/** As `main/store/provisional.ts` keeps it. */
const ProvisionalCard = z.object({
  memberId: z.string(),
  code: z.string(),
  contractId: z.string(),
  planId: z.string(),
  fromDay: z.int(),
  toDay: z.int(),
});

/** A ticket as the bundle has it, within what else the unit has noted. */
const IssuedTicket = z.object({
  ticket: z.object({
    id: z.string(),
    typeId: z.string(),
    memberId: z.string(),
    issuedOn: z.string(),
    remaining: z.int(),
  }),
});

/** Rows that what was handed over stands for; null: a person must see to it. */
export function rowsOf({ kind, body }: Pick<HandedOver, 'kind' | 'body'>): readonly Change[] | null {
  const json = parse(body);
  if (kind === 'provisional-card') {
    const card = ProvisionalCard.safeParse(json);
    return card.success ? fitting([memberOf(card.data)]) : null;
  }
  if (kind === 'ticket') {
    const issued = IssuedTicket.safeParse(json);
    if (!issued.success) return null;
    const { ticket } = issued.data;
    return fitting([{ kind: 'ticket', id: ticket.id, position: 0, body: ticket }]);
  }
  return null;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function memberOf({ memberId, code, contractId, planId, fromDay, toDay }: z.infer<typeof ProvisionalCard>): unknown {
  const contract = { id: contractId, planId, from: formatDay(fromDay), to: formatDay(toDay) };
  const suspended = { profile: false, identity: false };
  const body = { id: memberId, name: '', kana: null, codes: [code], suspended, contracts: [contract] };
  return { kind: 'member', id: memberId, position: 0, body };
}

function fitting(rows: readonly unknown[]): readonly Change[] | null {
  return z.array(Change).safeParse(rows).data ?? null;
}

interface Named {
  readonly tenant: string;
  readonly unit: string;
  readonly id: string;
}

async function find({ parts: { store } }: AdminContext, { tenant, unit, id }: Named): Promise<HandedOver> {
  const open = await store.handovers(tenant, true, MOST_LISTED);
  const found = open.find((one) => one.unit === unit && one.id === id);
  if (found === undefined) throw notFound('handover');
  return found;
}

async function settle(ctx: AdminContext, { tenant, unit, id }: Named, accepted: boolean): Promise<{ id: string }> {
  const { store, clock } = ctx.parts;
  const isSettled = await store.settleHandover(tenant, unit, id, accepted, actorOf(ctx).person, clock.wall());
  if (!isSettled) throw notFound('handover');
  await note(ctx, tenant, accepted ? 'handover-accepted' : 'handover-rejected', { unit, id });
  return { id };
}

const limit = z.int().min(1).max(MOST_LISTED).default(100);

export const handovers = router({
  list: tenantCall('operator', { open: z.boolean().default(true), limit }).query(({ ctx, input }) =>
    ctx.parts.store.handovers(input.tenant, input.open, input.limit),
  ),
  /** @param changes instead of the rows that it stands for, or where it stands for none: a form that was matched */
  accept: tenantCall('operator', { unit: WireId, id: WireId, changes: z.array(Change).max(10).optional() }).mutation(
    async ({ ctx, input }) => {
      const { store, clock } = ctx.parts;
      const item = await find(ctx, input);
      const rows = input.changes ?? rowsOf(item);
      if (rows === null) throw refused(['changes: what was handed over makes no row by itself: say which']);
      if (rows.length > 0) {
        const changed = await store.change(input.tenant, rows, actorOf(ctx).person, clock.wall());
        if (!changed.ok) throw refused(changed.error);
      }
      return settle(ctx, input, true);
    },
  ),
  reject: tenantCall('operator', { unit: WireId, id: WireId }).mutation(({ ctx, input }) => settle(ctx, input, false)),
});
