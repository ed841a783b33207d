/**
 * What a unit decides by, row by row: the entities of the site bundle (`genkan-site/1`), each with its place in the
 * bundle's list, and the tenant's history with where it was recorded. A row is replaced as a whole; `body` null: it is
 * gone.
 */
import * as z from 'zod';
import { SettingsForm } from '../../main/contract/settings.ts';
import { SiteForm } from '../../main/contract/site.ts';
import { Id } from '../../main/contract/values.ts';
import { Origin } from './values.ts';

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
  history('stay', stays.unwrap().element),
]);
export type Change = z.infer<typeof Change>;
export type ChangeKind = Change['kind'];
