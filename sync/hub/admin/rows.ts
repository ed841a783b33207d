/** What units decide by: single rows, whole documents, and what is carried by hand. */
import * as z from 'zod';
import { errorText } from '../../../main/contract/issues.ts';
import { parseSettings } from '../../../main/contract/settings.ts';
import { parseSite } from '../../../main/contract/site.ts';
import { Id } from '../../../main/contract/values.ts';
import type { Result } from '../../../main/core/result.ts';
import { Change } from '../../wire/entities.ts';
import { WIRE } from '../../wire/limits.ts';
import { openEvents, signDocument } from '../carried.ts';
import { takeCarried } from '../units/carried-events.ts';
import { type AdminContext, actorOf, note, notFound, refused, router, tenantCall } from './call.ts';

const Kind = z.enum(Change.options.map(({ shape }) => shape.kind.value));
/** What is edited row by row; the rest comes of events, of pairing, or as a whole document. */
const EDITED: ReadonlySet<string> = new Set<Change['kind']>([
  'holidays',
  'store',
  'program',
  'place',
  'door',
  'plan',
  'member',
  'ticketType',
  'ticket',
  'reservation',
]);
/** Leaves room for the message around it. */
const ROW_LENGTH = WIRE.messageBytes / 4;

const Changes = z
  .array(
    Change.refine(({ kind }) => EDITED.has(kind), { error: 'of a kind that is edited row by row' }).refine(
      (change) => JSON.stringify(change).length <= ROW_LENGTH,
      { error: `at most ${ROW_LENGTH} characters` },
    ),
  )
  .min(1)
  .max(WIRE.changes);

async function change(ctx: AdminContext, tenant: string, changes: readonly Change[]): Promise<{ revision: number }> {
  const { store, clock } = ctx.parts;
  return changed(await store.change(tenant, changes, actorOf(ctx).person, clock.wall()));
}

function changed(result: Result<number, readonly string[]>): { revision: number } {
  if (!result.ok) throw refused(result.error);
  return { revision: result.value };
}

/** Of a document as a whole. */
const NOT_YET = 'there is none yet: import one first';

export const entities = router({
  get: tenantCall('viewer', { kind: Kind, id: Id }).query(async ({ ctx, input }) => {
    const found = await ctx.parts.store.entity(input.tenant, input.kind, input.id);
    if (found === null || found.body === null) throw notFound(input.kind);
    return found;
  }),
  list: tenantCall('viewer', {
    kind: Kind,
    after: Id.nullable().default(null),
    limit: z.int().min(1).max(1_000).default(100),
  }).query(({ ctx, input }) => ctx.parts.store.entities(input.tenant, input.kind, input.after, input.limit)),
  put: tenantCall('operator', { changes: Changes }).mutation(({ ctx, input }) =>
    change(ctx, input.tenant, input.changes),
  ),
  delete: tenantCall('operator', { kind: Kind, id: Id }).mutation(async ({ ctx, input }) => {
    const found = await ctx.parts.store.entity(input.tenant, input.kind, input.id);
    if (found === null || found.body === null) throw notFound(input.kind);
    if (!EDITED.has(input.kind)) throw refused(['kind: of a kind that is edited row by row']);
    return change(ctx, input.tenant, [{ ...found, body: null }]);
  }),
});

export const site = router({
  import: tenantCall('admin', { document: z.unknown() }).mutation(async ({ ctx, input }) => {
    const { store, clock } = ctx.parts;
    const bundle = parseSite(input.document);
    if (!bundle.ok) throw refused(bundle.error.map(errorText));
    return changed(await store.importSite(input.tenant, bundle.value, actorOf(ctx).person, clock.wall()));
  }),
  export: tenantCall('admin', {}).query(({ ctx, input }) => exportSite(ctx, input.tenant)),
  /** Equal to that of every unit that is at rest. */
  digest: tenantCall('viewer', {}).query(async ({ ctx, input }) => {
    const [digest, revision] = [
      await ctx.parts.store.digest(input.tenant),
      await ctx.parts.store.revision(input.tenant),
    ];
    if (digest === null) throw notFound('site', NOT_YET);
    return { digest, revision };
  }),
});

async function exportSite({ parts: { store } }: AdminContext, tenant: string) {
  const bundle = await store.exportSite(tenant);
  if (bundle === null) throw notFound('site', NOT_YET);
  return bundle;
}

export const settings = router({
  import: tenantCall('admin', { document: z.unknown() }).mutation(async ({ ctx, input }) => {
    const { store, clock } = ctx.parts;
    const parsed = parseSettings(input.document, await exportSite(ctx, input.tenant));
    if (!parsed.ok) throw refused(parsed.error.map(errorText));
    return changed(await store.importSettings(input.tenant, parsed.value, actorOf(ctx).person, clock.wall()));
  }),
  export: tenantCall('admin', {}).query(async ({ ctx, input }) => {
    const found = await ctx.parts.store.exportSettings(input.tenant);
    if (found === null) throw notFound('settings', NOT_YET);
    return found;
  }),
});

/** For units without a network. */
export const carried = router({
  /** `genkan-signed/1` of the site or the settings, to be imported at a unit from a stick. */
  document: tenantCall('admin', { what: z.enum(['site', 'settings']) }).query(async ({ ctx, input }) => {
    const { store, keys } = ctx.parts;
    // What the document counts is what its revision says.
    await store.catchUp(input.tenant);
    const revision = await store.revision(input.tenant);
    const found =
      input.what === 'site' ? await store.exportSite(input.tenant) : await store.exportSettings(input.tenant);
    if (found === null) throw notFound(input.what, NOT_YET);
    await note(ctx, input.tenant, 'document-signed', { what: input.what, revision });
    return signDocument(keys, input.tenant, JSON.stringify(found), revision);
  }),
  /** `genkan-events/1`, sealed by a unit of the tenant; `receipt` is for the unit, which lets go of them by it. */
  events: tenantCall('operator', { document: z.unknown() }).mutation(async ({ ctx, input }) => {
    const opened = openEvents(ctx.parts.keys, input.document);
    if (!opened.ok) throw refused([opened.error]);
    const { store, keys } = ctx.parts;
    const taken = await takeCarried(ctx.parts, input.tenant, opened.value, (tenant) => ctx.units.taken(tenant));
    if (!taken.ok) throw refused([taken.error]);
    const { events, acknowledged } = taken.value;
    await note(ctx, input.tenant, 'events-carried', { events });
    const revision = await store.revision(input.tenant);
    const receipt = signDocument(keys, input.tenant, JSON.stringify(acknowledged), revision);
    return { events, receipt };
  }),
});
