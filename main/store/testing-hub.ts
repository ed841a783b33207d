/** A hub in plain words, for the tests of the unit's replica: rows with revisions, events projected as they come. */
import type { Effects } from '../../sync/wire/effects.ts';
import { parseEventBody } from '../../sync/wire/effects.ts';
import type { Change } from '../../sync/wire/entities.ts';
import type { SiteBundle } from '../core/model.ts';

type Of<K extends Change['kind']> = Extract<Change, { readonly kind: K }>;
type Origin = { readonly unit: string; readonly epoch: number; readonly seq: number };
type Counted = NonNullable<Effects['consumed']>;

interface Relied {
  readonly origin: Origin;
  readonly memberId: string;
  readonly counted: Counted;
}

const ORDER = [
  ...(['site', 'settings', 'holidays', 'store', 'program', 'place', 'door', 'plan', 'ticketType', 'member'] as const),
  ...(['ticket', 'reservation', 'usage', 'ticketUse', 'stay', 'roster', 'transfer'] as const),
];

export class ModelHub {
  revision = 0;
  /** By unit and epoch, the last event. */
  readonly heads = new Map<string, Origin>();
  readonly #rows = new Map<string, { readonly change: Change; readonly revision: number }>();
  #relied: Relied[] = [];

  put(...changes: readonly Change[]): void {
    this.revision += 1;
    for (const change of changes) this.#set(change);
  }

  importSite(site: SiteBundle): void {
    this.put(...changesOf(site));
  }

  receive(unit: string, epoch: number, from: number, bodies: readonly string[]): number {
    const key = `${unit} ${epoch}`;
    for (const [index, body] of bodies.entries()) {
      const seq = from + index;
      if (seq !== (this.heads.get(key)?.seq ?? 0) + 1) continue;
      this.heads.set(key, { unit, epoch, seq });
      const event = parseEventBody(body);
      if (!event.ok) throw new Error(event.error);
      const { at, of, detail } = event.value;
      this.revision += 1;
      if (detail.effects !== undefined) this.#project({ unit, epoch, seq }, Date.parse(at), at, of, detail.effects);
    }
    return this.heads.get(key)?.seq ?? 0;
  }

  /** Everything that changed after `from`. */
  since(from: number): Change[] {
    return [...this.#rows.values()].filter(({ revision }) => revision > from).map(({ change }) => change);
  }

  /** All that is there, in the order of a snapshot. */
  all(): Change[] {
    return [...this.#rows.values()]
      .map(({ change }) => change)
      .filter(({ body }) => body !== null)
      .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.id < b.id ? -1 : 1));
  }

  get knows(): Origin[] {
    return [...this.heads.values()];
  }

  ticket(id: string): number {
    const row = this.#row('ticket', id);
    return row?.body?.remaining ?? 0;
  }

  /** As a unit exports it: history only of what is there. */
  export(): SiteBundle {
    const of = <K extends Change['kind']>(kind: K) =>
      this.all()
        .flatMap((change) => (isKind(change, kind) ? [change] : []))
        .sort((a, b) => ('position' in a && 'position' in b ? a.position - b.position : 0));
    const bodies = <K extends Change['kind']>(kind: K) =>
      of(kind).flatMap(({ body }) => (body === null ? [] : [body as NonNullable<Of<K>['body']>]));
    const members = bodies('member');
    const owns = new Map(members.map(({ id, contracts }) => [id, new Set(contracts.map((one) => one.id))]));
    const bands = new Set(bodies('store').flatMap((store) => store.bands.map(({ id }) => id)));
    const tickets = bodies('ticket');
    const places = bodies('place');
    const [site] = bodies('site');
    if (site === undefined) throw new Error('no site');
    return {
      format: 'genkan-site/1',
      site,
      holidays: bodies('holidays')[0] ?? [],
      ...{ stores: bodies('store'), programs: bodies('program'), places, doors: bodies('door') },
      ...{ plans: bodies('plan'), ticketTypes: bodies('ticketType'), members, tickets },
      reservations: bodies('reservation'),
      usage: bodies('usage').filter((use) => owns.get(use.memberId)?.has(use.contractId) && bands.has(use.bandId)),
      ticketUses: bodies('ticketUse').filter(({ ticketId }) => tickets.some(({ id }) => id === ticketId)),
      stays: bodies('stay')
        .filter(({ exitedAt, memberId, placeId, via }) => {
          const contracts = owns.get(memberId);
          if (exitedAt !== null || contracts === undefined) return false;
          return places.some(({ id }) => id === placeId) && (via === null || contracts.has(via.contractId));
        })
        .map(({ exitedAt: _, ...stay }) => stay),
    };
  }

  #project(origin: Origin, at: number, text: string, of: number | null, effects: Effects): void {
    const { memberId, consumed, reused, enter, leave, undo } = effects;
    const id = nameOf(origin);
    if (consumed !== undefined) this.#count(origin, memberId, consumed);
    if (reused !== undefined && memberId !== null) this.#relyOn({ origin, memberId, counted: reused });
    if (enter !== undefined && memberId !== null)
      this.#set({ kind: 'stay', id, origin, body: { memberId, ...enter, exitedAt: null } });
    if (leave !== undefined) {
      for (const change of this.all()) {
        if (change.kind !== 'stay' || change.body === null || change.body.exitedAt !== null) continue;
        const { body } = change;
        if (body.memberId !== memberId || body.placeId !== leave.placeId || Date.parse(body.enteredAt) > at) continue;
        this.#set({ ...change, body: { ...body, exitedAt: text } });
      }
    }
    if (of === null || undo === undefined) return;
    this.#relied = this.#relied.filter((one) => nameOf(one.origin) !== nameOf({ ...origin, seq: of }));
    for (const one of undo) this.#undo(one.kind, { ...origin, seq: of }, one.heir);
  }

  /** On what has been given back meanwhile nobody can rely: it counts for this one. */
  #relyOn(relied: Relied): void {
    if (this.all().some((change) => isSame(relied, change))) this.#relied.push(relied);
    else this.#count(relied.origin, relied.memberId, relied.counted);
  }

  #count(origin: Origin, memberId: string | null, counted: Counted): void {
    const id = nameOf(origin);
    if (counted.kind === 'band') {
      const { kind: _, ...body } = counted;
      if (memberId !== null) this.#set({ kind: 'usage', id, origin, body: { memberId, ...body } });
      return;
    }
    const { ticketId, uses, date } = counted;
    this.#set({ kind: 'ticketUse', id, origin, body: { ticketId, uses, date } });
    this.#lower(ticketId, uses);
  }

  #undo(kind: 'usage' | 'ticketUse' | 'stay', origin: Origin, heir: number | null): void {
    const change = this.#row(kind, nameOf(origin));
    if (change === undefined || change.body === null) return;
    this.#set({ ...change, body: null } as Change);
    if (heir !== null) {
      const to = { ...origin, seq: heir };
      this.#relied = this.#relied.filter((one) => nameOf(one.origin) !== nameOf(to) || kind === 'stay');
      this.#set({ ...change, id: nameOf(to), origin: to } as Change);
      return;
    }
    const elsewhere = kind === 'stay' ? undefined : this.#relied.find((one) => isSame(one, change));
    if (change.kind === 'ticketUse' && change.body !== null) this.#lower(change.body.ticketId, -change.body.uses);
    if (elsewhere === undefined) return;
    this.#relied = this.#relied.filter((one) => one !== elsewhere);
    this.#count(elsewhere.origin, elsewhere.memberId, elsewhere.counted);
  }

  #lower(ticketId: string, uses: number): void {
    const ticket = this.#row('ticket', ticketId);
    if (ticket === undefined || ticket.body === null) return;
    this.#set({ ...ticket, body: { ...ticket.body, remaining: Math.max(0, ticket.body.remaining - uses) } });
  }

  #row<K extends Change['kind']>(kind: K, id: string): Of<K> | undefined {
    const change = this.#rows.get(`${kind} ${id}`)?.change;
    return change !== undefined && isKind(change, kind) ? change : undefined;
  }

  #set(change: Change): void {
    this.#rows.set(`${change.kind} ${change.id}`, { change, revision: this.revision });
  }
}

function isKind<K extends Change['kind']>(change: Change, kind: K): change is Of<K> {
  return change.kind === kind;
}

function nameOf({ unit, epoch, seq }: Origin): string {
  return `${unit}/${epoch}/${seq}`;
}

function isSame({ memberId, counted }: Relied, { kind, body }: Change): boolean {
  if (body === null) return false;
  if (kind === 'usage' && counted.kind === 'band') {
    const usage = body as NonNullable<Of<'usage'>['body']>;
    const { contractId, bandId, date } = counted;
    return (
      usage.memberId === memberId && usage.contractId === contractId && usage.bandId === bandId && usage.date === date
    );
  }
  if (kind !== 'ticketUse' || counted.kind !== 'ticket') return false;
  const use = body as NonNullable<Of<'ticketUse'>['body']>;
  return use.ticketId === counted.ticketId && use.date === counted.date;
}

/** A member's row; null: they are gone. */
export function memberRow(id: string, position: number, member: SiteBundle['members'][number] | null): Change {
  return { kind: 'member', id, position, body: member } as unknown as Change;
}

/** A bundle as rows, its history as the hub's own. */
export function changesOf(site: SiteBundle): Change[] {
  const list = <T extends { readonly id: string }>(kind: string, items: readonly T[]) =>
    items.map((body, position) => ({ kind, id: body.id, position, body }) as unknown as Change);
  const own = (kind: string, items: readonly object[]) =>
    items.map((body, index) => ({ kind, id: `hub-${index}`, origin: null, body }) as unknown as Change);
  return [
    ...list('site', [site.site]),
    { kind: 'holidays', id: 'holidays', position: 0, body: [...site.holidays] },
    ...list('store', site.stores),
    ...list('program', site.programs),
    ...list('place', site.places),
    ...list('door', site.doors),
    ...list('plan', site.plans),
    ...list('member', site.members),
    ...list('ticketType', site.ticketTypes),
    ...list('ticket', site.tickets),
    ...list('reservation', site.reservations),
    ...own('usage', site.usage),
    ...own('ticketUse', site.ticketUses),
    ...own(
      'stay',
      site.stays.map((stay) => ({ ...stay, exitedAt: null })),
    ),
  ];
}
