/** A tenant's data with nothing in it that may differ between replicas of the same: what their digests are made of. */
import type { SiteBundle } from '../../main/core/model.ts';
import { parseInstant } from '../../main/core/time/instant.ts';

/** The same moment may be written in several ways. */
const INSTANTS = new Set(['enteredAt', 'until', 'start', 'end']);

/**
 * Lists whose order plays no part are sorted; a date counts once, and a ticket's uses of a date are summed, whichever
 * units recorded them.
 */
export function canonicalSite(site: SiteBundle): string {
  return JSON.stringify(listed(site));
}

function listed(site: SiteBundle): unknown {
  const { members, tickets, reservations, usage, ticketUses, stays, ...master } = site;
  const uses = new Map<string, number>();
  for (const { ticketId, date, uses: n } of ticketUses) {
    const key = JSON.stringify([ticketId, date]);
    uses.set(key, (uses.get(key) ?? 0) + n);
  }
  return ordered({
    ...master,
    members: sorted(members),
    tickets: sorted(tickets),
    reservations: sorted(reservations),
    usage: [...new Set(sorted(usage))],
    ticketUses: [...uses].map((entry) => JSON.stringify(entry)).sort(),
    stays: sorted(stays),
  });
}

function sorted(items: readonly object[]): string[] {
  return items.map((item) => JSON.stringify(ordered(item))).sort();
}

/** With the keys of every object in one order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, INSTANTS.has(key) ? moment(inner) : ordered(inner)]),
  );
}

function moment(value: unknown): unknown {
  return typeof value === 'string' ? (parseInstant(value) ?? value) : value;
}
