/**
 * How operators' calls are made: every one names the least role that may make it, and whose data it is about. A call
 * without that can't be made. Who may not make it learns nothing of its form, nor whether a tenant exists.
 */
import { initTRPC, type TRPC_ERROR_CODE_KEY, TRPCError } from '@trpc/server';
import * as z from 'zod';
import type { CommandPayload } from '../../wire/from-hub.ts';
import { WireId } from '../../wire/values.ts';
import { placeOf } from '../log.ts';
import type { Role } from '../ports.ts';
import type { Outcome } from '../units/commands.ts';
import type { HubParts } from '../units/ports.ts';

export interface Actor {
  /** null: the operator of the hub, for all tenants. */
  readonly tenant: string | null;
  readonly role: Role;
  readonly person: string;
  /** SHA-256 of the token, base64url. */
  readonly digest: string;
}

/** What the calls need of the units' server. */
export interface UnitDesk {
  command(unit: string, payload: CommandPayload): Promise<Outcome>;
  isOnline(unit: string): boolean;
  /** Events of the tenant are durable: they are judged behind it. */
  taken(tenant: string): void;
}

export interface AdminContext {
  readonly parts: HubParts;
  readonly units: UnitDesk;
  readonly actor: Actor | null;
  /** Where units reach this hub, for the pairing's QR text. */
  readonly unitUrl: string;
}

/** `hub`: of no tenant, for the hub's operator alone; `self`: of the token itself; `anyone`: without a token. */
export interface CallMeta {
  readonly role: Role;
  readonly of: 'tenant' | 'hub' | 'self' | 'anyone';
}

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

export const NO_TOKEN = 'this token is not one of this hub, or was revoked: log in with another one';

const TEXTS: Partial<Record<TRPC_ERROR_CODE_KEY, string>> = {
  UNAUTHORIZED: NO_TOKEN,
  PARSE_ERROR: 'the call is not JSON',
  METHOD_NOT_SUPPORTED: 'there is no such call',
};

const t = initTRPC
  .context<AdminContext>()
  .meta<CallMeta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error }) => ({ code: shape.code, message: textOf(error), data: { code: error.code } }),
  });

export const { router } = t;

/** One line; never what was sent. */
function textOf(error: TRPCError): string {
  if (error.cause instanceof z.ZodError) return inputText(error.cause);
  if (error.code === 'INTERNAL_SERVER_ERROR') return 'this could not be done: the hub’s healthz and log say why';
  if (error.code === 'NOT_FOUND' && error.message.startsWith('No procedure')) return 'there is no such call';
  return TEXTS[error.code] ?? error.message;
}

function inputText({ issues }: z.ZodError): string {
  return issues
    .slice(0, 20)
    .map(({ path, code, message }) => {
      // Zod's own texts may tell what was there.
      const what = code === 'invalid_value' || code === 'unrecognized_keys' ? 'not as expected' : message;
      return `${path.length === 0 ? '$' : path.map(String).join('.')}: ${what}`;
    })
    .join('; ');
}

const guarded = t.procedure.use(async ({ ctx, meta, path, getRawInput, next }) => {
  if (meta === undefined) throw forbidden('nobody');
  if (meta.of !== 'anyone') await allow(ctx, meta, await getRawInput());
  const result = await next();
  if (!result.ok && result.error.code === 'INTERNAL_SERVER_ERROR')
    ctx.parts.log.warn({ call: path, place: placeOf(result.error.cause ?? result.error) }, 'a call failed');
  return result;
});

const OfTenant = z.looseObject({ tenant: WireId });

/** Throws unless the token may make the call. */
async function allow({ actor, parts }: AdminContext, { role, of }: CallMeta, input: unknown): Promise<void> {
  if (actor === null) throw new TRPCError({ code: 'UNAUTHORIZED' });
  if (RANK[actor.role] < RANK[role]) throw forbidden(role);
  if (of === 'self') return;
  if (of === 'hub') {
    if (actor.tenant !== null) throw forbidden('the hub itself');
    return;
  }
  const tenant = OfTenant.safeParse(input).data?.tenant;
  if (actor.tenant !== null) {
    if (actor.tenant !== tenant) throw forbidden('that tenant');
    return;
  }
  const all = await parts.store.tenants();
  if (!all.some(({ id }) => id === tenant)) throw notFound('tenant');
}

function forbidden(whose: string): TRPCError {
  return new TRPCError({ code: 'FORBIDDEN', message: `this token may not do that: it takes one of ${whose}` });
}

/** @param why also what to do */
export function notFound(what: string, why = 'there is none of this id'): TRPCError {
  return new TRPCError({ code: 'NOT_FOUND', message: `${what}: ${why}` });
}

export function refused(lines: readonly string[]): TRPCError {
  return new TRPCError({ code: 'BAD_REQUEST', message: lines.slice(0, 20).join('; ') });
}

/** A call about one tenant, which its input names. */
export function tenantCall<S extends z.ZodRawShape>(role: Role, shape: S) {
  return guarded.meta({ role, of: 'tenant' }).input(z.strictObject({ tenant: WireId, ...shape }));
}

export function hubCall<S extends z.ZodRawShape>(role: Role, shape: S) {
  return guarded.meta({ role, of: 'hub' }).input(z.strictObject(shape));
}

/** A call about the token with which it is made. */
export const selfCall = guarded.meta({ role: 'viewer', of: 'self' });

/** A call for which there is no token yet. */
export function openCall<S extends z.ZodRawShape>(shape: S) {
  return guarded.meta({ role: 'viewer', of: 'anyone' }).input(z.strictObject(shape));
}

/** Who made the call. Throws where nobody did, which no guarded call comes to. */
export function actorOf({ actor }: AdminContext): Actor {
  if (actor === null) throw new TRPCError({ code: 'UNAUTHORIZED' });
  return actor;
}

/** Puts on record who did what to a tenant. @param detail ids only */
export function note(
  ctx: AdminContext,
  tenant: string | null,
  what: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { store, clock } = ctx.parts;
  return store.audit(tenant, actorOf(ctx).person, what, detail, clock.wall());
}
