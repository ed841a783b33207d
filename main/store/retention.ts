/**
 * What is kept how long (guarantees 4.6). Once a day the controller runs slices, a transaction of a few milliseconds
 * each, between which doors are served. Persons go after 13 months; how many came and what they were answered stays.
 */
import type { ClockTrust } from '../core/clock.ts';
import { ok, type Result } from '../core/result.ts';
import type { Rules } from '../core/rules.ts';
import { DAY_MS, monthStart, nextMonthStart } from '../core/time/day.ts';
import type { Told } from './anchor.ts';
import { BASIS_DAYS } from './basis.ts';
import type { StoreFault } from './faults.ts';
import type { OldTicketUse } from './prune.ts';
import type { Store, Writer } from './store.ts';

export const RETENTION_MONTHS = 13;

export interface RetentionMoment {
  /** Epoch ms. */
  readonly at: number;
  /** While it is doubtful nothing is removed: a clock that is a year ahead would take the whole record. */
  readonly clock: ClockTrust;
  readonly rules: Rules;
}

/** A slice: done with it, or there is more of the same. */
type Step = (writer: Writer, moment: RetentionMoment, time: Times) => boolean;

interface Times {
  /** Epoch day: what happened before this date has been kept long enough. */
  readonly day: number;
  /** Its beginning, epoch ms. */
  readonly before: number;
}

export class Retention {
  readonly #store: Store;
  readonly #months: number;
  #steps: Step[] = [];

  constructor(store: Store, months: number = RETENTION_MONTHS) {
    this.#store = store;
    this.#months = months;
  }

  /**
   * Does the next slice; the first one begins a round. A fault leaves the round where it is.
   * @returns whether there is more to do now
   */
  slice(moment: RetentionMoment): Result<boolean, StoreFault> {
    if (moment.clock === 'doubtful') return ok(false);
    if (this.#steps.length === 0) this.#steps = round();
    const [step] = this.#steps;
    if (step === undefined) return ok(false);
    const times = timesOf(moment, this.#months);
    const more = this.#store.transact((writer) => step(writer, moment, times));
    if (!more.ok) return more;
    if (!more.value) this.#steps.shift();
    return ok(this.#steps.length > 0);
  }
}

/** The steps of a round, in order. Each remembers how far it has come. */
function round(): Step[] {
  let use = { day: Number.MIN_SAFE_INTEGER, id: 0 };
  let stay = 0;
  return [
    tell,
    ({ prune }, { rules: { zone } }) =>
      prune.events(prune.anchor().told?.to ?? 0, (at) => monthStart(zone.localDay(at))),
    ({ prune }, { at }) => {
      const before = at - BASIS_DAYS * DAY_MS;
      return prune.bases(prune.lastBefore(before), before);
    },
    ({ prune }, _, { day }) => prune.usage(monthStart(day)),
    ({ prune }, { rules }, { day }) => {
      const uses = prune.oldTicketUses(day, use);
      prune.ticketUses(uses.filter((one) => isOver(one, rules, day)).map(({ id }) => id));
      use = uses.at(-1) ?? use;
      return uses.length > 0;
    },
    ({ prune }, { at, rules }, { before }) => {
      const { removed, last } = prune.stays(before, at - rules.maxStayMs, stay);
      stay = last;
      return removed > 0;
    },
    ({ usedPasses }, { at }) => usedPasses.forgetEnded(at),
  ];
}

/** Before events go, an event says up to which, and what the last of them hashes to: the rest stays provable. */
function tell({ prune, record }: Writer, { at, clock }: RetentionMoment, { before }: Times): boolean {
  const to = prune.lastBefore(before);
  const { prunedTo, told } = prune.anchor();
  const hash = prune.hashOf(to);
  if (hash === null || to <= Math.max(prunedTo, told?.to ?? 0)) return false;
  const detail: Told = { what: 'retention', to, hash: hash.toString('hex') };
  const nowhere = { doorId: null, readerId: null, direction: null, result: null, of: null };
  prune.tell(record.append({ at, type: 'system', ...nowhere, clock, detail }));
  return false;
}

/** Nobody can use the ticket any more, nor does an import need to know what was taken off it. */
function isOver({ typeId, issuedDay }: OldTicketUse, { ticketTypes }: Rules, day: number): boolean {
  if (typeId === null || issuedDay === null) return true;
  const validDays = ticketTypes.get(typeId)?.validDays ?? null;
  return validDays !== null && issuedDay + validDays < day;
}

function timesOf({ at, rules: { zone } }: RetentionMoment, months: number): Times {
  const day = monthsBefore(zone.localDay(at), months);
  return { day, before: zone.instantOf(day, 0) };
}

/** The same date `months` months earlier, or the last one of that month. */
export function monthsBefore(day: number, months: number): number {
  let start = monthStart(day);
  for (let month = 0; month < months; month += 1) start = monthStart(start - 1);
  return Math.min(start + day - monthStart(day), nextMonthStart(start) - 1);
}
