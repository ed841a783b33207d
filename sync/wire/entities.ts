/**
 * What a unit decides by, row by row: the entities of the site bundle (`genkan-site/1`), each with its place in the
 * bundle's list, and the tenant's history with where it was recorded. A row is replaced as a whole; `body` null: it is
 * gone. The id of a history row is `unit/epoch/seq` of its event, or the hub's own where `origin` is null.
 */
import * as z from 'zod';
import { InstantText } from '../../main/contract/fields.ts';
import { SettingsForm } from '../../main/contract/settings.ts';
import { SiteForm } from '../../main/contract/site.ts';
import { Id } from '../../main/contract/values.ts';
import { WIRE } from './limits.ts';
import { Right } from './rights.ts';
import { Origin, PublicKey, SiteName, WireId } from './values.ts';

const { site, stores, places, programs, doors, plans, members, ticketTypes, tickets, reservations } = SiteForm.shape;
const { usage, ticketUses, stays, holidays } = SiteForm.shape;

const row = <const K extends string, T extends z.ZodType>(kind: K, body: T) =>
  z.strictObject({
    kind: z.literal(kind),
    id: Id,
    /** Place in the list: some rules go by list order. */
    position: z.int().min(0),
    body: body.nullable(),
  });

/** @param body with `origin`: null where the hub has it from elsewhere */
const history = <const K extends string, T extends z.ZodType>(kind: K, body: T) =>
  z.strictObject({ kind: z.literal(kind), id: Id, origin: Origin.nullable(), body: body.nullable() });

/** The tenant's units by site: who is a peer on the network of a site, and among which sites rights are shared out. */
export const Roster = z.strictObject({
  sites: z
    .array(
      z.strictObject({
        site: SiteName,
        units: z
          .array(z.strictObject({ unit: WireId, name: z.string().max(200), key: PublicKey }))
          .max(WIRE.unitsOfSite),
      }),
    )
    .max(WIRE.sites),
});
export type Roster = z.infer<typeof Roster>;

/** So much of a right went from one site's lease to another's; recorded by the unit that gave it. */
export const Transfer = z.strictObject({ right: Right, from: SiteName, to: SiteName, uses: z.int().min(1) });
export type Transfer = z.infer<typeof Transfer>;

/** With its exit, which a bundle leaves out: a stay may end at another unit's door. */
const Stay = stays.unwrap().element.extend({ exitedAt: InstantText.nullable() });

export const Change = z.discriminatedUnion('kind', [
  row('site', site),
  row('settings', SettingsForm),
  row('holidays', holidays.unwrap()),
  row('store', stores.unwrap().element),
  row('program', programs.unwrap().element),
  row('place', places.unwrap().element),
  row('door', doors.unwrap().element),
  row('plan', plans.unwrap().element),
  row('member', members.unwrap().element),
  row('ticketType', ticketTypes.unwrap().element),
  row('ticket', tickets.unwrap().element),
  row('reservation', reservations.unwrap().element),
  history('usage', usage.unwrap().element),
  history('ticketUse', ticketUses.unwrap().element),
  history('stay', Stay),
  row('roster', Roster),
  history('transfer', Transfer),
]);
export type Change = z.infer<typeof Change>;
export type ChangeKind = Change['kind'];
