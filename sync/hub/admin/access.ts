/** Tenants, and who may act for them. */
import { randomBytes } from 'node:crypto';
import { TRPCError } from '@trpc/server';
import * as z from 'zod';
import { WireId } from '../../wire/values.ts';
import { digest } from '../keys.ts';
import { type AdminContext, actorOf, hubCall, note, notFound, openCall, router, selfCall, tenantCall } from './call.ts';

/** Stands in the list of the hub's tokens for the code of the first start, which is good for one thing alone. */
export const SETUP = 'setup code of the first start';

const RoleName = z.enum(['viewer', 'operator', 'admin']);
const Person = z.string().min(1).max(200);
const TokenText = z.string().min(8).max(200);
const TenantId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an id of a-z, 0-9 and -');

function makeToken(): string {
  return `gk_${randomBytes(32).toString('base64url')}`;
}

export const setup = router({
  /** The code of the first start for a token, once. */
  claim: openCall({ code: TokenText, person: Person }).mutation(async ({ ctx, input }) => {
    const { store, clock } = ctx.parts;
    const code = digest(input.code.replaceAll('-', '').toUpperCase());
    const known = await store.whoHas(code);
    // Taken away first: of two who come at once, one gets it.
    if (known?.person !== SETUP || !(await store.revokeToken(code)))
      throw new TRPCError({
        code: 'BAD_REQUEST',
        message: 'code: unknown or used: the hub prints a new one at its start',
      });
    const token = makeToken();
    const at = clock.wall();
    await store.addToken({ digest: digest(token), tenant: null, role: 'admin', person: input.person, at });
    await store.audit(null, input.person, 'setup', {}, at);
    return { token };
  }),
});

export const self = router({
  who: selfCall.query(({ ctx }) => {
    const { tenant, role, person } = actorOf(ctx);
    return { tenant, role, person };
  }),
});

export const tenants = router({
  list: hubCall('viewer', {}).query(({ ctx }) => ctx.parts.store.tenants()),
  create: hubCall('admin', { id: TenantId, name: z.string().min(1).max(200) }).mutation(async ({ ctx, input }) => {
    const { store, clock } = ctx.parts;
    const made = await store.createTenant(input.id, input.name, clock.wall());
    if (!made.ok) throw new TRPCError({ code: 'CONFLICT', message: 'id: there is a tenant of this id' });
    await note(ctx, null, 'tenant-created', { tenant: input.id });
    return { id: input.id };
  }),
});

const NewToken = { role: RoleName, person: Person };

async function addToken(
  ctx: AdminContext,
  tenant: string | null,
  { role, person }: { role: z.infer<typeof RoleName>; person: string },
): Promise<{ token: string; id: string }> {
  const { store, clock } = ctx.parts;
  const token = makeToken();
  await store.addToken({ digest: digest(token), tenant, role, person, at: clock.wall() });
  await note(ctx, tenant, 'token-created', { role, id: idOf(digest(token)) });
  return { token, id: idOf(digest(token)) };
}

/** What a token is called in lists: enough to find it, too little to be it. */
function idOf(tokenDigest: string): string {
  return tokenDigest.slice(0, 12);
}

async function listTokens({ parts: { store } }: AdminContext, tenant: string | null) {
  const tokens = await store.tokens(tenant);
  return tokens
    .filter(({ person }) => person !== SETUP)
    .map(({ role, person, at, digest: full }) => ({ id: idOf(full), role, person, at }));
}

async function revokeToken(ctx: AdminContext, tenant: string | null, id: string): Promise<{ id: string }> {
  const { store } = ctx.parts;
  const found = (await store.tokens(tenant)).find((token) => idOf(token.digest) === id);
  if (found === undefined || !(await store.revokeToken(found.digest))) throw notFound('token');
  await note(ctx, tenant, 'token-revoked', { id });
  return { id };
}

export const tokens = router({
  list: tenantCall('admin', {}).query(({ ctx, input }) => listTokens(ctx, input.tenant)),
  create: tenantCall('admin', NewToken).mutation(({ ctx, input }) => addToken(ctx, input.tenant, input)),
  revoke: tenantCall('admin', { id: WireId }).mutation(({ ctx, input }) => revokeToken(ctx, input.tenant, input.id)),
});

/** Of the hub's operators, for all tenants. */
export const hubTokens = router({
  list: hubCall('admin', {}).query(({ ctx }) => listTokens(ctx, null)),
  create: hubCall('admin', NewToken).mutation(({ ctx, input }) => addToken(ctx, null, input)),
  revoke: hubCall('admin', { id: WireId }).mutation(({ ctx, input }) => revokeToken(ctx, null, input.id)),
});

const Page = { limit: z.int().min(1).max(1_000).default(100) };

export const audit = router({
  list: tenantCall('admin', Page).query(({ ctx, input }) => ctx.parts.store.auditTrail(input.tenant, input.limit)),
});
export const hubAudit = router({
  list: hubCall('admin', Page).query(({ ctx, input }) => ctx.parts.store.auditTrail(null, input.limit)),
});
