/** The bench's members as documents: one a member, with contracts, codes and tickets, which spares PouchDB most. */
import { benchSite } from '../data.ts';

export function benchDocuments(members: number): object[] {
  const site = benchSite(members);
  const tickets = Map.groupBy(site.tickets, ({ memberId }) => memberId);
  return site.members.map(({ id, ...member }) => ({ _id: id, ...member, tickets: tickets.get(id) ?? [] }));
}
