/** Rows as the lists of a bundle. */
import type { SiteBundle } from '../../../main/core/model.ts';
import type { Change } from '../../wire/entities.ts';
import { among, type HubDatabase, type Tx } from './database.ts';
import { changeOf, kindNumber } from './entities.ts';
import { entities } from './load.ts';

export type Lists = Omit<SiteBundle, 'format' | 'site' | 'usage' | 'ticketUses' | 'stays'>;

/** Rows of these kinds, by kind and place in their list. */
export async function listedRows(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  kinds: readonly Change['kind'][],
): Promise<Change[]> {
  const rows = await entities(tx, tenant, (query) =>
    query
      .where(among(kind, 'kind', kinds.map(kindNumber)))
      .where('body', 'is not', null)
      .orderBy('kind')
      .orderBy('position')
      .orderBy('id'),
  );
  return rows.map(changeOf);
}

/** @param changes in list order */
export function listsIn(changes: readonly Change[]): Lists & { readonly sites: readonly SiteBundle['site'][] } {
  const of = <T>(pick: (change: Change) => T | null): T[] => {
    const found: T[] = [];
    for (const change of changes) {
      const body = pick(change);
      if (body !== null) found.push(body);
    }
    return found;
  };
  return {
    sites: of((one) => (one.kind === 'site' ? one.body : null)),
    stores: of((one) => (one.kind === 'store' ? one.body : null)),
    holidays: of((one) => (one.kind === 'holidays' ? one.body : null)).flat(),
    programs: of((one) => (one.kind === 'program' ? one.body : null)),
    places: of((one) => (one.kind === 'place' ? one.body : null)),
    doors: of((one) => (one.kind === 'door' ? one.body : null)),
    plans: of((one) => (one.kind === 'plan' ? one.body : null)),
    members: of((one) => (one.kind === 'member' ? one.body : null)),
    ticketTypes: of((one) => (one.kind === 'ticketType' ? one.body : null)),
    tickets: of((one) => (one.kind === 'ticket' ? one.body : null)),
    reservations: of((one) => (one.kind === 'reservation' ? one.body : null)),
  };
}

/** History, by kind. */
export function historyIn(changes: readonly Change[]) {
  return {
    usage: changes.flatMap((one) => (one.kind === 'usage' ? (one.body ?? []) : [])),
    ticketUses: changes.flatMap((one) => (one.kind === 'ticketUse' ? (one.body ?? []) : [])),
    stays: changes.flatMap((one) => (one.kind === 'stay' ? (one.body ?? []) : [])),
  };
}
