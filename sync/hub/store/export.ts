/** The tenant as documents, and its digest. */
import { createHash } from 'node:crypto';
import type { Settings } from '../../../main/contract/settings.ts';
import type { SiteBundle } from '../../../main/core/model.ts';
import { parseInstant } from '../../../main/core/time/instant.ts';
import { canonicalSite } from '../../wire/canonical.ts';
import type { HubDatabase, Tx } from './database.ts';
import { MASTER_KINDS } from './entities.ts';
import { historyIn, listedRows, listsIn } from './lists.ts';

/** null while there is no site. History only of ids that it has, each date and stay once. */
export async function exportSite(tx: Tx, kind: HubDatabase['kind'], tenant: string): Promise<SiteBundle | null> {
  const kinds = [...MASTER_KINDS, 'member', 'ticket', 'reservation'] as const;
  const { sites, ...lists } = listsIn(await listedRows(tx, kind, tenant, kinds));
  const [site] = sites;
  if (site === undefined) return null;
  const history = historyIn(await listedRows(tx, kind, tenant, ['usage', 'ticketUse', 'stay']));
  return { format: 'genkan-site/1', site, ...lists, ...knownHistory(lists, history) };
}

type Known = Pick<SiteBundle, 'stores' | 'places' | 'members' | 'tickets'>;

function knownHistory(
  known: Known,
  { usage, ticketUses, stays }: ReturnType<typeof historyIn>,
): Pick<SiteBundle, 'usage' | 'ticketUses' | 'stays'> {
  const contracts = new Set(known.members.flatMap(({ id, contracts }) => contracts.map((one) => `${one.id} ${id}`)));
  const bands = new Set(known.stores.flatMap((store) => store.bands.map(({ id }) => id)));
  const members = new Set(known.members.map(({ id }) => id));
  const places = new Set(known.places.map(({ id }) => id));
  const counted = usage.filter((one) => contracts.has(`${one.contractId} ${one.memberId}`) && bands.has(one.bandId));
  const open = stays.filter(
    ({ exitedAt, memberId, placeId, via }) =>
      exitedAt === null &&
      members.has(memberId) &&
      places.has(placeId) &&
      (via === null || contracts.has(`${via.contractId} ${memberId}`)),
  );
  return {
    usage: distinct(counted, (one) => JSON.stringify([one.memberId, one.date, one.contractId, one.bandId])),
    ticketUses: summed(ticketUses, new Set(known.tickets.map(({ id }) => id))),
    stays: sorted(open, (one) => JSON.stringify([instant(one.enteredAt), one.memberId, one.placeId])).map(
      ({ exitedAt, ...stay }) => stay,
    ),
  };
}

function summed(uses: SiteBundle['ticketUses'], tickets: ReadonlySet<string>): SiteBundle['ticketUses'] {
  const known = uses.filter(({ ticketId }) => tickets.has(ticketId));
  const byDate = Map.groupBy(known, ({ ticketId, date }) => JSON.stringify([ticketId, date]));
  const sums = [...byDate.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, uses: same.reduce((sum, one) => sum + one.uses, 0) }];
  });
  return sorted(sums, ({ ticketId, date }) => JSON.stringify([ticketId, date]));
}

function distinct<T>(items: readonly T[], key: (item: T) => string): T[] {
  return sorted([...new Map(items.map((item) => [key(item), item])).values()], key);
}

function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);
}

function instant(text: string): number {
  return parseInstant(text) ?? 0;
}

export async function exportSettings(tx: Tx, kind: HubDatabase['kind'], tenant: string): Promise<Settings | null> {
  const [row] = await listedRows(tx, kind, tenant, ['settings']);
  return row?.kind === 'settings' ? row.body : null;
}

/** SHA-256 of the site in canonical form, in hexadecimal digits, as units say it of theirs. */
export async function digestOf(hub: HubDatabase, tenant: string): Promise<string | null> {
  const site = await hub.reading((tx) => exportSite(tx, hub.kind, tenant));
  return site === null ? null : createHash('sha256').update(canonicalSite(site)).digest('hex');
}
