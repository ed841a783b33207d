/** A store with a site for the tests of history: one gym, a plan with counts, a ticket. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { ClockTrust } from '../core/clock.ts';
import type { Changes, DecisionResult } from '../core/decide.ts';
import type { SiteBundle } from '../core/model.ts';
import { compileRules, dayNumber, type Rules } from '../core/rules.ts';
import { formatDay } from '../core/time/day.ts';
import { KEY_BYTES, Keys } from './keys.ts';
import { Store, type Writer } from './store.ts';

export const KEYS = new Keys(Buffer.alloc(KEY_BYTES, 7));

export const GYM: SiteBundle = {
  format: 'genkan-site/1',
  site: { id: 's', name: 'Site', timezone: 'Asia/Tokyo', dayStart: '04:00', maxStayHours: 24 },
  stores: [
    {
      id: 'st',
      name: 'Store',
      bands: [
        { id: 'day', name: 'Day', from: '10:00', to: '17:00' },
        { id: 'night', name: 'Night', from: '20:00', to: '02:00' },
      ],
    },
  ],
  holidays: [],
  programs: [{ id: 'yoga', name: 'Yoga' }],
  places: ['gym', 'pool'].map((id) => ({ id, storeId: 'st', name: id, smaregiStoreId: null, fee: null })),
  doors: [{ id: 'front', placeId: 'gym', name: 'Front', policy: 'plan', admitsPlans: null, passback: 'off' }],
  plans: [planWith('four', 4), planWith('eight', 8), planWith('free', null)],
  members: ['ann', 'bob', 'cho'].map((id, index) => ({
    id,
    name: `Name of ${id}`,
    kana: null,
    codes: [`CODE-${id}`, `CARD-${id}`],
    suspended: { profile: false, identity: false },
    contracts: [{ id: `c-${id}`, planId: ['four', 'eight', 'free'][index] ?? 'free', from: '2020-01-01', to: null }],
  })),
  ticketTypes: [ticketType('ten', 90), ticketType('ever', null)],
  tickets: [
    { id: 'k-ann', typeId: 'ten', memberId: 'ann', issuedOn: '2026-11-01', remaining: 9 },
    { id: 'k-bob', typeId: 'ever', memberId: 'bob', issuedOn: '2025-01-01', remaining: 9 },
  ],
  reservations: [
    {
      ...{ id: 'r-ann', memberId: 'ann', storeId: 'st', programId: 'yoga', status: 'booked' },
      ...{ start: '2026-11-02T03:00:00Z', end: '2026-11-02T04:00:00Z' },
    },
  ],
  usage: [],
  ticketUses: [],
  stays: [],
};

function planWith(id: string, monthlyLimit: number | null): SiteBundle['plans'][number] {
  const bands = ['day', 'night'].map(
    (bandId) => ({ bandId, weekdays: null, holiday: 'as-weekday', monthlyLimit }) as const,
  );
  const entry = { mode: 'limits', bands, earlyMinutes: 0, lateMinutes: 0, freeWithReservation: null } as const;
  return { id, name: id, kind: 'standard', storeIds: null, stayFee: 'none', entry, booking: null };
}

function ticketType(id: string, validDays: number | null): SiteBundle['ticketTypes'][number] {
  const text = { description: null, image: null };
  return { id, name: id, uses: 10, validDays, price: 0, present: 'qr', ...text, entry: null };
}

/** Usage of a contract on each of these dates. */
export function usageOn(member: string, bandId: string, ...dates: readonly string[]): SiteBundle['usage'] {
  return dates.map((date) => ({ memberId: member, contractId: `c-${member}`, bandId, date }));
}

/** Dates from `first` on, one after the other. */
export function datesFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => formatDay(dayNumber(first) + index));
}

export class TestStore {
  readonly file: string;
  readonly store: Store;
  #writer: Writer | null = null;
  #rules: Rules | null = null;

  constructor(bundle: SiteBundle | null = GYM, file: string = tempFile()) {
    this.file = file;
    const opened = Store.open(file, KEYS);
    if (!opened.ok) throw new Error(opened.error.detail);
    this.store = opened.value;
    onTestFinished(() => this.store.close());
    if (bundle !== null) this.import(bundle);
  }

  get rules(): Rules {
    const master = this.store.master();
    if (master === null) throw new Error('no site');
    this.#rules ??= compileRules(master);
    return this.#rules;
  }

  /** They are compiled anew when they are asked for. */
  forgetRules(): void {
    this.#rules = null;
  }

  import(bundle: SiteBundle, at = 0): void {
    this.forgetRules();
    must(this.store.transact((writer) => writer.importSite(bundle, at)));
  }

  /** Records a granted scan of the member with what it changes. Returns the event's number. */
  act(memberId: string, at: number, changes: Partial<Changes>, clock: ClockTrust = 'synced'): number {
    const none = { consumed: null, reused: null, inside: null, enter: null, leave: [] };
    const businessDay = this.rules.zone.localDay(at);
    return this.#write((writer) => {
      const event = { readerId: 'r', of: null, detail: {}, clock, doorId: 'front' };
      const direction = (changes.leave?.length ?? 0) > 0 ? 'out' : 'in';
      const seq = writer.record.append({ ...event, at, type: 'scan', direction, result: grantOf(memberId) });
      writer.basis.keep(seq, memberId, JSON.stringify({ memberId }));
      writer.history.apply(seq, at, memberId, { ...none, businessDay, ...changes });
      return seq;
    });
  }

  /** All that `acts` does in one transaction: a commit a visit would take a minute for years of them. */
  atOnce(acts: () => void): void {
    must(
      this.store.transact((writer) => {
        this.#writer = writer;
        acts();
        this.#writer = null;
      }),
    );
  }

  #write<T>(body: (writer: Writer) => T): T {
    return this.#writer === null ? must(this.store.transact(body)) : body(this.#writer);
  }

  use(memberId: string, at: number, bandId = 'day'): number {
    const day = this.rules.zone.localDay(at);
    return this.act(memberId, at, { consumed: { kind: 'band', contractId: `c-${memberId}`, bandId, day } });
  }

  enter(memberId: string, at: number, placeId = 'gym'): number {
    return this.act(memberId, at, { enter: { placeId, at, via: null } });
  }

  /** Ends the member's stays that have no exit yet. */
  leave(memberId: string, at: number): number {
    const window = { at, businessDay: 0, usageFrom: 0, staysAfter: 0 };
    const stays = ['gym', 'pool'].flatMap((place) => this.store.facts.memberById(memberId, place, window)?.stays ?? []);
    return this.act(memberId, at, { leave: stays.map(({ id }) => id) });
  }

  spend(memberId: string, at: number, uses = 1): number {
    return this.act(memberId, at, { consumed: { kind: 'ticket', ticketId: `k-${memberId}`, uses } });
  }

  /** Takes back what the event `of` used up or opened. */
  undo(of: number, memberId: string, at: number): void {
    const none = { doorId: null, readerId: null, direction: null, result: null, clock: 'synced', detail: {} } as const;
    must(
      this.store.transact(({ record, undo }) =>
        undo.undo(
          undo.plan(of, memberId),
          record.append({ at, type: 'undo', of, ...none }),
          this.rules.zone.localDay(at),
        ),
      ),
    );
  }

  /** Reads the file past the store. */
  query(sql: string, ...parameters: readonly unknown[]): Record<string, unknown>[] {
    const db = new Database(this.file, { readonly: true });
    try {
      return db.prepare<unknown[], Record<string, unknown>>(sql).all(...parameters);
    } finally {
      db.close();
    }
  }

  /** Changes the file past the store, and past what guards the record. */
  tamper(sql: string): void {
    const db = new Database(this.file);
    db.exec('DROP TRIGGER event_is_not_changed; DROP TRIGGER event_is_not_removed; DROP TRIGGER retention_goes_on');
    db.exec(sql);
    db.close();
  }
}

function grantOf(memberId: string): DecisionResult {
  const none = { contractId: null, bandId: null, consumed: [], remaining: null, warnings: [], stay: null };
  return { granted: true, reason: 'plan', memberId, alert: 'none', ...none };
}

export function tempFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'genkan.db');
}

export function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
