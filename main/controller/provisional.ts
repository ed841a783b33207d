/**
 * Provisional cards from the kiosk: no personal data, a code that opens the door by the rights of a plan that the
 * settings name, for some days. They are the unit's own until the hub takes them over; so many and no more.
 */
import { randomBytes } from 'node:crypto';
import type { IssuedCard, IssueInput, IssueOutput, NoCard, ProvisionalSettings } from '../contract/member-ways.ts';
import type { Clock, ClockTrust } from '../core/clock.ts';
import { momentOf } from '../core/moment.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ProvisionalCard } from '../store/provisional.ts';
import type { Store, Writer } from '../store/store.ts';
import type { Journal } from './journal.ts';
import type { LoadedSite, SiteCache } from './site-cache.ts';

export interface WaysParts {
  readonly clock: Clock;
  readonly store: Store;
  readonly journal: Journal;
  readonly site: SiteCache;
  readonly trust: () => ClockTrust;
}

/** Crockford's base32: nothing in it is taken for something else when it is read aloud. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_PREFIX = 'GK';
/** 130 bits: nobody guesses it. */
const CODE_LETTERS = 26;
const NOON = 12 * 60;
/** Wishes of the page that are remembered, so that one asked twice makes one card. */
const MOST_REMEMBERED = 16;

export class ProvisionalDesk {
  readonly #parts: WaysParts;
  readonly #made = new Map<string, IssuedCard>();

  constructor(parts: WaysParts) {
    this.#parts = parts;
  }

  issue({ door, request }: IssueInput): IssueOutput {
    const before = this.#made.get(request);
    if (before !== undefined) return { card: before, why: null };
    const made = this.#make(door);
    if (!made.ok) return { card: null, why: made.error };
    this.#made.set(request, made.value);
    const [oldest] = this.#made.keys();
    if (this.#made.size > MOST_REMEMBERED && oldest !== undefined) this.#made.delete(oldest);
    return { card: made.value, why: null };
  }

  /** Takes back a card that nobody has come in by and the hub doesn't have yet. */
  withdraw(code: string): boolean {
    const done = this.#parts.journal.act((writer, note): Result<true, 'no-card'> => {
      const card = writer.provisional.waiting().find((one) => one.code === code);
      if (card === undefined || !writer.provisional.isUnused(card.memberId)) return err('no-card');
      writer.eraseRows(card.memberId);
      note({ type: 'system', detail: { what: 'provisional-card-withdrawn', memberId: card.memberId } });
      return ok(true);
    });
    if (done.ok) this.#forget(code);
    return done.ok;
  }

  #forget(code: string): void {
    for (const [request, card] of this.#made) if (card.code === code) this.#made.delete(request);
  }

  #make(doorId: string): Result<IssuedCard, NoCard> {
    const { clock, journal, site, trust } = this.#parts;
    const here = site.get();
    const settings = here?.settings?.provisionalCards ?? null;
    if (here === null || settings === null) return err('off');
    if (trust() === 'doubtful') return err('clock-doubtful');
    const at = clock.wall();
    const { businessDay } = momentOf(here.rules, at);
    const made = journal.act((writer, note): Result<IssuedCard, NoCard> => {
      if (countGood(writer, businessDay) >= settings.stock) return err('none-left');
      const card = newCard(settings, businessDay);
      const { memberId, planId } = card;
      const seq = note({ type: 'system', at, doorId, detail: { what: 'provisional-card', memberId, planId } });
      writer.provisional.keep(card, { seq, at });
      return ok(shown(here, card));
    });
    if (made.ok) return made;
    return err(made.error === 'store' ? 'store-failure' : made.error);
  }
}

/** Cards that still open somewhere; one that is over makes room. */
function countGood(writer: Writer, businessDay: number): number {
  return writer.provisional.waiting().filter(({ toDay }) => toDay >= businessDay).length;
}

function newCard({ planId, days }: ProvisionalSettings, businessDay: number): ProvisionalCard {
  const memberId = `P-${letters(4)}-${letters(4)}`;
  return {
    memberId,
    code: CODE_PREFIX + letters(CODE_LETTERS),
    contractId: `${memberId}-${letters(8)}`,
    planId,
    fromDay: businessDay,
    toDay: businessDay + days - 1,
  };
}

function letters(count: number): string {
  return [...randomBytes(count)].map((byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
}

function shown({ rules }: LoadedSite, { memberId, code, toDay }: ProvisionalCard): IssuedCard {
  return { number: memberId, code, until: rules.zone.instantOf(toDay, NOON) };
}
