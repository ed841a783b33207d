/** Are two replicas the same? A digest over the site as it is exported, with nothing in it that may differ. */
import { createHash } from 'node:crypto';
import type { SiteBundle } from '../core/model.ts';
import { parseInstant } from '../core/time/instant.ts';

/**
 * Lists whose order plays no part are sorted; a date counts once, and a ticket's uses of a date are summed, whichever
 * units recorded them; an instant is the same in whichever zone it is written. @returns SHA-256 in hexadecimal digits; of `null` where there is no site
 */
export function digestOfSite(site: SiteBundle | null): string {
  return createHash('sha256')
    .update(JSON.stringify(site === null ? null : canonical(site)))
    .digest('hex');
}

function canonical(site: SiteBundle): unknown {
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
    reservations: sorted(reservations.map((one) => ({ ...one, start: instantOf(one.start), end: instantOf(one.end) }))),
    usage: [...new Set(sorted(usage))],
    ticketUses: [...uses].map((entry) => JSON.stringify(entry)).sort(),
    stays: sorted(
      stays.map(({ enteredAt, via, ...stay }) => ({ ...stay, enteredAt: instantOf(enteredAt), via: viaOf(via) })),
    ),
  });
}

function viaOf(via: SiteBundle['stays'][number]['via']): object | null {
  return via === null || via.until === null ? via : { ...via, until: instantOf(via.until) };
}

/** As it is written where it is none. */
function instantOf(text: string): number | string {
  return parseInstant(text) ?? text;
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
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}
