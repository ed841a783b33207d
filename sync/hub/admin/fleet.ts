/** Units: pairing, names, sites, revocation, and what they are told to do. */
import { randomInt } from 'node:crypto';
import * as z from 'zod';
import { Id } from '../../../main/contract/values.ts';
import type { CommandPayload } from '../../wire/from-hub.ts';
import { SiteName, WireId } from '../../wire/values.ts';
import { digest } from '../keys.ts';
import { tell } from '../words.ts';
import { type AdminContext, actorOf, note, notFound, refused, router, tenantCall } from './call.ts';

const HOUR_MS = 3_600_000;
const PAIRING_HOURS = 24;
/** Without what is mistaken for something else: 60 bits in twelve characters. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 12;

const UnitName = z.string().min(1).max(200);

/** @returns as it is typed, in groups of four */
export function makeCode(): string {
  const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

export const pairing = router({
  create: tenantCall('admin', {
    site: SiteName,
    name: UnitName,
    hours: z.int().min(1).max(168).default(PAIRING_HOURS),
  }).mutation(async ({ ctx, input }) => {
    const { store, clock } = ctx.parts;
    const { tenant, site, name } = input;
    const code = makeCode();
    const bare = code.replaceAll('-', '');
    const expiresAt = clock.wall() + input.hours * HOUR_MS;
    const by = actorOf(ctx).person;
    await store.createPairing({ codeDigest: digest(bare), tenant, site, name, by, expiresAt });
    await note(ctx, tenant, 'pairing-created', { site });
    return { code, qr: `genkan-pair:${ctx.unitUrl}#${bare}`, expiresAt };
  }),
});

export const units = router({
  list: tenantCall('viewer', {}).query(async ({ ctx, input }) => {
    const records = await ctx.parts.store.units(input.tenant);
    return records.map(({ tenant: _, key: __, ...unit }) => ({ ...unit, isHere: ctx.units.isOnline(unit.unit) }));
  }),
  change: tenantCall('admin', { unit: WireId, name: UnitName.optional(), site: SiteName.optional() }).mutation(
    async ({ ctx, input }) => {
      const { store, clock } = ctx.parts;
      const { tenant, unit, name, site } = input;
      const to = { ...(name === undefined ? {} : { name }), ...(site === undefined ? {} : { site }) };
      if (!(await store.changeUnit(tenant, unit, to, clock.wall()))) throw notFound('unit');
      await note(ctx, tenant, 'unit-changed', { unit, site: site ?? null });
      return { unit };
    },
  ),
  revoke: tenantCall('admin', { unit: WireId }).mutation(async ({ ctx, input }) => {
    const { store, clock } = ctx.parts;
    const { tenant, unit } = input;
    if (!(await store.revoke(tenant, unit, clock.wall())))
      throw notFound('unit', 'none of this id is to be revoked: hubctl unit list says which were');
    await tell(store, { do: 'revoked', unit });
    await note(ctx, tenant, 'unit-revoked', { unit });
    return { unit };
  }),
});

async function send(ctx: AdminContext, tenant: string, unit: string, payload: CommandPayload) {
  const record = await ctx.parts.store.unit(unit);
  if (record?.tenant !== tenant) throw notFound('unit');
  if (record.revokedAt !== null) throw refused(['unit: it was revoked']);
  const { by: _, ...detail } = payload;
  await note(ctx, tenant, `command-${payload.do}`, { unit, ...detail });
  return ctx.units.command(unit, payload);
}

/** As units have it on record. The wire allows fewer characters than a person's name. */
function personOf(ctx: AdminContext): string {
  return actorOf(ctx).person.slice(0, 128);
}

export const commands = router({
  open: tenantCall('operator', { unit: WireId, doorId: Id }).mutation(({ ctx, input }) =>
    send(ctx, input.tenant, input.unit, { do: 'open', doorId: input.doorId, by: personOf(ctx) }),
  ),
  lockdown: tenantCall('operator', { unit: WireId, doorId: Id.nullable(), on: z.boolean() }).mutation(
    ({ ctx, input: { tenant, unit, doorId, on } }) =>
      send(ctx, tenant, unit, { do: 'lockdown', doorId, on, by: personOf(ctx) }),
  ),
  refresh: tenantCall('operator', { unit: WireId }).mutation(({ ctx, input }) =>
    send(ctx, input.tenant, input.unit, { do: 'refresh', by: personOf(ctx) }),
  ),
  restart: tenantCall('operator', { unit: WireId }).mutation(({ ctx, input }) =>
    send(ctx, input.tenant, input.unit, { do: 'restart', by: personOf(ctx) }),
  ),
});
