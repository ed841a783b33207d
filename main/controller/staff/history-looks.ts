/** History as staff see it: a page at a time, with names. */
import * as z from 'zod';
import type { LookSource } from '../../api/staff-port.ts';
import type { Clock } from '../../core/clock.ts';
import { err, ok } from '../../core/result.ts';
import type { Rules } from '../../core/rules.ts';
import { formatDay, parseDay } from '../../core/time/day.ts';
import { presentWithUnrecorded } from '../../core/unrecorded.ts';
import type { Store } from '../../store/store.ts';
import type { Journal } from '../journal.ts';
import type { SiteCache } from '../site-cache.ts';
import { cursorOf, pageAfter } from './cursor.ts';
import { pause } from './pause.ts';

type Look<K extends keyof LookSource> = ReturnType<LookSource[K]>;
type Input<K extends keyof LookSource> = Parameters<LookSource[K]>[0];

const Usage = z.strictObject({ day: z.int(), contractId: z.string(), bandId: z.string(), seq: z.int().nullable() });
const Visit = z.strictObject({
  id: z.int(),
  memberId: z.string(),
  placeId: z.string(),
  enteredAt: z.int(),
  exitedAt: z.int().nullable(),
  contractId: z.string().nullable(),
  until: z.int().nullable(),
});
const Use = z.strictObject({
  id: z.int(),
  ticketId: z.string(),
  typeId: z.string().nullable(),
  memberId: z.string().nullable(),
  day: z.int(),
  uses: z.int(),
  seq: z.int().nullable(),
  at: z.int().nullable(),
});
const Over = z.strictObject({
  memberId: z.string(),
  contractId: z.string(),
  days: z.int(),
  planId: z.string(),
  bandId: z.string(),
  limit: z.int(),
});

/** Names opened between two looks at the doors. */
const NAMES_A_SLICE = 50;

export interface HistoryParts {
  readonly store: Store;
  readonly site: SiteCache;
  readonly clock: Clock;
  /** What waits for the record. */
  readonly waiting: Pick<Journal['waiting'], 'ofAll'>;
}

export class HistoryLooks {
  readonly #store: Store;
  readonly #site: SiteCache;
  readonly #clock: Clock;
  readonly #waiting: HistoryParts['waiting'];

  constructor({ store, site, clock, waiting }: HistoryParts) {
    this.#store = store;
    this.#site = site;
    this.#clock = clock;
    this.#waiting = waiting;
  }

  /** Whole, however many they are; who comes or goes meanwhile may be in it or not. */
  async roll(): Promise<Awaited<Look<'roll'>>> {
    const site = this.#site.get();
    if (site === null) return err('no-site');
    const at = this.#clock.wall();
    const places = [];
    for (const { id, name } of site.data.places) {
      places.push({ placeId: id, name, people: await this.#everybodyIn(site.rules, id, at) });
    }
    return ok({ at, total: places.reduce((sum, { people }) => sum + people.length, 0), places });
  }

  async #everybodyIn(rules: Rules, placeId: string, at: number) {
    const stays = [];
    for (let after = null, isMore = true; isMore; ) {
      const page: z.infer<typeof Visit>[] = this.#store.history.inside(rules, placeId, at, { limit: 200, after });
      stays.push(...page);
      after = page.at(-1) ?? null;
      isMore = page.length === 200;
    }
    const known = stays.map(({ id, memberId, enteredAt }) => ({ id, memberId, since: enteredAt }));
    const people = [];
    for (const { memberId, since } of presentWithUnrecorded(known, this.#waiting.ofAll(), placeId)) {
      if (people.length % NAMES_A_SLICE === NAMES_A_SLICE - 1) await pause(this.#clock, 'roll');
      people.push({ memberId, name: this.#nameOf(memberId), since });
    }
    return people;
  }

  inside({ placeId, after }: Input<'inside'>): Look<'inside'> {
    const site = this.#site.get();
    if (site === null) return err('no-site');
    if (!site.data.places.some(({ id }) => id === placeId)) return err('no-place');
    const rows = this.#store.history.inside(site.rules, placeId, this.#clock.wall(), pageAfter(Visit, after));
    return ok({
      rows: rows.map(({ memberId, enteredAt }) => ({ memberId, name: this.#nameOf(memberId), since: enteredAt })),
      next: cursorOf(rows),
    });
  }

  traffic({ placeId, from, to }: Input<'traffic'>): Look<'traffic'> {
    const site = this.#site.get();
    if (site === null) return err('no-site');
    if (!site.data.places.some(({ id }) => id === placeId)) return err('no-place');
    const { history } = this.#store;
    const hours = history.traffic(site.rules, placeId, parseDay(from) ?? 0, parseDay(to) ?? 0);
    return ok({
      inside: history.insideCount(site.rules, placeId, this.#clock.wall()),
      hours: hours.map(({ day, ...hour }) => ({ ...hour, day: formatDay(day) })),
    });
  }

  overLimit({ month, after }: Input<'overLimit'>): Look<'overLimit'> {
    const site = this.#site.get();
    if (site === null) return err('no-site');
    const day = parseDay(`${month}-01`) ?? 0;
    const rows = this.#store.history.overLimit(site.rules, day, pageAfter(Over, after));
    return ok({ rows: rows.map((row) => ({ ...row, name: this.#nameOf(row.memberId) })), next: cursorOf(rows) });
  }

  usage({ memberId, after }: Input<'usage'>): Look<'usage'> {
    const rows = this.#store.history.usageOf(memberId, pageAfter(Usage, after));
    return ok({
      rows: rows.map(({ day, seq, ...row }) => ({ ...row, day: formatDay(day), event: seq })),
      next: cursorOf(rows),
    });
  }

  visits({ memberId, after }: Input<'visits'>): Look<'visits'> {
    const rows = this.#store.history.visitsOf(memberId, pageAfter(Visit, after));
    return ok({
      rows: rows.map(({ placeId, enteredAt, exitedAt, until }) => ({ placeId, enteredAt, exitedAt, until })),
      next: cursorOf(rows),
    });
  }

  ticketUses({ memberId, after }: Input<'ticketUses'>): Look<'ticketUses'> {
    const whose = memberId === null ? ({ by: 'all' } as const) : ({ by: 'member', id: memberId } as const);
    const rows = this.#store.history.ticketUses(whose, pageAfter(Use, after));
    return ok({
      rows: rows.map(({ id, day, seq, ...use }) => ({
        ...use,
        day: formatDay(day),
        event: seq,
        name: use.memberId === null ? null : this.#nameOf(use.memberId),
      })),
      next: cursorOf(rows),
    });
  }

  #nameOf(memberId: string): string | null {
    return this.#store.memberName(memberId);
  }
}
