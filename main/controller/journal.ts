/**
 * Writes the record for the running unit. A decision is durable when `judge` returns. What can't be written (disk full,
 * database damaged) is said once, and what happened all the same is kept and written later, marked `late`.
 */
import * as z from 'zod';
import type { Basis } from '../contract/basis.ts';
import type { Clock, ClockTrust, Timer } from '../core/clock.ts';
import type { Decision } from '../core/decide.ts';
import { err, ok, type Result } from '../core/result.ts';
import { parseInstant } from '../core/time/instant.ts';
import { digestOf } from '../store/basis.ts';
import type { KeptOrders } from '../store/door-orders.ts';
import type { StoreFault } from '../store/faults.ts';
import type { PinTrials } from '../store/pin-trials.ts';
import type { EventDraft } from '../store/record.ts';
import type { Store, Writer } from '../store/store.ts';
import type { GivenBack } from '../store/undo.ts';
import type { LateJudgement } from './late-entry.ts';
import { LateEvents, type Recording } from './late-events.ts';
import type { Probe } from './probe.ts';
import type { Reserve } from './reserve-file.ts';

/** A decision and what its event says besides. */
export interface Judgement {
  readonly event: Pick<EventDraft, 'at' | 'type' | 'doorId' | 'readerId' | 'direction' | 'detail'>;
  readonly decision: Decision;
  /** What it was decided from, kept for replays; the event has its digest. null: from nothing. */
  readonly basis: Basis | null;
}

/** Why an entry is taken back: the contact says that nobody passed, or somebody of the staff does. */
export type UndoReason = { readonly by: 'contact' } | { readonly by: 'staff'; readonly staffId: string };

export type UndoFault = 'no-entry' | 'twice' | 'too-late' | 'store';

/** As much of an entry's event as an undoing needs. */
const Entry = z.looseObject({
  at: z.string().transform((time) => parseInstant(time) ?? 0),
  type: z.enum(['scan', 'override']),
  doorId: z.string(),
  direction: z.enum(['in']).nullable(),
  result: z.looseObject({ granted: z.literal(true), memberId: z.string().nullable() }),
});

function entryOf(body: string | null): z.infer<typeof Entry> | null {
  const entry = Entry.safeParse(body === null ? null : JSON.parse(body));
  return entry.success ? entry.data : null;
}

/** Staff see at once that nobody went in; later nobody remembers. */
const STAFF_UNDO_MS = 15 * 60_000;
const RETRY_MS = 1_000;

export interface JournalParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly probe: Probe;
  /** null: there is none, and nothing can be kept beyond the process. */
  readonly reserve: Reserve | null;
  /** The store is a stand-in: nothing is written there. */
  readonly broken: StoreFault | null;
}

export class Journal {
  readonly #parts: JournalParts;
  readonly #trust: () => ClockTrust;
  readonly #onFault: (fault: StoreFault | null) => void;
  readonly #listeners = new Set<() => void>();
  readonly #late: LateEvents;
  #retry: Timer | null = null;
  #fault: StoreFault | null;

  /** @param onFault told when writing begins to fail (what) and when it works again (null) */
  constructor(parts: JournalParts, trust: () => ClockTrust, onFault: (fault: StoreFault | null) => void) {
    this.#parts = parts;
    this.#trust = trust;
    this.#onFault = onFault;
    this.#fault = parts.broken;
    const taken = (reserve: string) => (parts.broken === null ? parts.store.late.taken(reserve) : 0);
    this.#late = new LateEvents(parts.reserve, taken);
    if (this.#late.count > 0) this.#tryAgain();
  }

  /** null: the store works, as far as is known. */
  get fault(): StoreFault | null {
    return this.#fault;
  }

  /**
   * In one transaction: `judge` reads what it needs and decides; the event and all that it changes are recorded. What
   * was granted owes an outcome from then on.
   */
  judge<T extends Judgement>(judge: (writer: Writer) => T): Result<T & { readonly seq: number }, StoreFault> {
    const judged = this.#transact((writer) => {
      const judgement = judge(writer);
      const seq = this.#append(writer, judgement);
      if (judgement.decision.result.granted) writer.record.commanding(seq);
      this.#parts.probe('before-commit');
      return { ...judgement, seq };
    });
    this.#parts.probe('after-commit');
    return judged;
  }

  /**
   * In one transaction: what somebody else has decided and done already. Nothing is commanded, no outcome is owed.
   * @param body gets a function that records a judgement and returns the number of its event
   */
  witness<T>(body: (writer: Writer, record: (judgement: Judgement) => number) => T): Result<T, StoreFault> {
    return this.#transact((writer) => body(writer, (judgement) => this.#append(writer, judgement)));
  }

  /**
   * Records what happened; an outcome settles the event that it is of. Where that fails it is kept and written later.
   * @returns the event's number; below 0 while it has none of its own
   */
  note(event: Partial<EventDraft> & Pick<EventDraft, 'type'>): number {
    const draft = this.#draft({ at: this.#parts.clock.wall(), ...event });
    const written = this.#transact(({ record }, seqOf) => {
      const of = seqOf(draft.of);
      const seq = record.append({ ...draft, of });
      if (draft.type === 'outcome' && of !== null) record.settled(of);
      return seq;
    });
    return written.ok ? written.value : this.#keep(draft, null);
  }

  /** Keeps an order whose record failed, with all orders as they then hold. */
  noteOrder(event: Partial<EventDraft> & Pick<EventDraft, 'type'>, orders: KeptOrders): void {
    this.#late.keepOrder(this.#draft({ at: this.#parts.clock.wall(), ...event }), orders);
    this.#tryAgain();
  }

  /** A number for an event whose record failed, and that is acted upon before it is kept: an exit. */
  claimLate(): number {
    return this.#late.claim();
  }

  /** Keeps a judgement whose record failed. @returns as `note`; `number` where that is given */
  noteLate(judgement: Judgement, number?: number): number {
    const { draft, judged } = this.#drafted(judgement, null);
    return this.#keep(draft, judged, number);
  }

  /**
   * Keeps an entry's judgement in the reserve, on the disk when this returns, so that it may be acted upon.
   * @returns its number, below 0; null where the reserve doesn't take it
   */
  reserve(judgement: Judgement, pass: LateJudgement['pass']): number | null {
    const { draft, judged } = this.#drafted(judgement, pass);
    const number = this.#late.reserve(draft, judged);
    if (number === null) return null;
    this.#parts.probe('after-reserve');
    this.#tryAgain();
    return number;
  }

  /** For the next start: when the clock could last be believed, and was last vouched for (epoch ms). */
  mark(trustedAt: number, syncedAt: number): void {
    // Where that fails, the last event says nearly as much.
    void this.#transact((writer) => writer.clockMarks.set(trustedAt, syncedAt));
  }

  /** For the next start: wrong PINs. Where that fails, this run remembers them alone. */
  keepTrials(trials: PinTrials): void {
    void this.#transact((writer) => writer.pinTrials.note(trials));
  }

  /** What is known of events that wait for the record. */
  get waiting(): Pick<LateEvents, 'of' | 'ofAll' | 'isPassUsed' | 'hasReserve' | 'count' | 'unreadable' | 'orders'> {
    return this.#late;
  }

  /** Writes what waits for the record, if it can be written now. */
  flush(): void {
    if (this.#late.count > 0 && !this.#transact(() => undefined).ok) this.#tryAgain();
  }

  /**
   * Takes a granted entry back, once, as an event of its own.
   * @param of the entry's event @param businessDay of now, an epoch day
   */
  undo(of: number, why: UndoReason, businessDay: number): Result<GivenBack, UndoFault> {
    return this.act((writer, note) => {
      const entry = entryOf(this.#parts.store.record.find(of));
      if (entry === null) return err('no-entry');
      if (writer.undo.isUndone(of)) return err('twice');
      const { doorId, result } = entry;
      if (why.by === 'staff' && this.#parts.clock.wall() - entry.at > STAFF_UNDO_MS) return err('too-late');
      const seq = note({ type: 'undo', of, doorId, detail: { ...why } });
      return ok(writer.undo.undo(of, seq, result.memberId, businessDay));
    });
  }

  /**
   * What somebody does to what is on record, with the event that says so, in one transaction.
   * @param body gets a function that appends the event; where it refuses, it has changed nothing
   */
  act<T, E extends string>(
    body: (writer: Writer, note: (event: Partial<EventDraft> & Pick<EventDraft, 'type'>) => number) => Result<T, E>,
  ): Result<T, E | 'store'> {
    const done = this.#transact((writer) =>
      body(writer, (event) => writer.record.append(this.#draft({ at: this.#parts.clock.wall(), ...event }))),
    );
    this.#noteFault(done.ok ? null : done.error);
    return done.ok ? done.value : err('store');
  }

  /** Calls `listener` whenever something may have been recorded, until the returned function is called. */
  onRecorded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  close(): void {
    this.#retry?.cancel();
    this.#retry = null;
    // Where that fails, the reserve has it.
    if (this.#late.count > 0) void this.#transact(() => undefined);
    this.#late.close();
  }

  /** A judgement's event with all that it changes. */
  #append(writer: Writer, judgement: Judgement): number {
    const { draft, judged } = this.#drafted(judgement, null);
    const memberId = draft.result?.memberId ?? null;
    const seq = writer.record.append(draft);
    if (judged.basis !== null) writer.basis.keep(seq, memberId, judged.basis);
    writer.history.apply(seq, draft.at, memberId, judged.changes);
    return seq;
  }

  #drafted(
    { event, decision, basis }: Judgement,
    pass: LateJudgement['pass'],
  ): { readonly draft: EventDraft; readonly judged: LateJudgement } {
    const { result, changes } = decision;
    const facts = basis === null ? null : JSON.stringify(basis);
    const detail = facts === null ? event.detail : { ...event.detail, facts: digestOf(facts) };
    return { draft: this.#draft({ ...event, detail, result }), judged: { changes, basis: facts, pass } };
  }

  #draft(event: Partial<EventDraft> & Pick<EventDraft, 'type' | 'at'>): EventDraft {
    const nothing = { doorId: null, readerId: null, direction: null, result: null, of: null, detail: {} };
    return { ...nothing, clock: this.#trust(), ...event };
  }

  /** What waits comes first, in the same transaction: whoever is judged has done what they did. */
  #transact<T>(body: (writer: Writer, seqOf: Recording['seqOf']) => T): Result<T, StoreFault> {
    const { broken, store, probe } = this.#parts;
    if (broken !== null) return err(broken);
    const written = store.transact((writer) => {
      const late = this.#late.record(writer);
      return { value: body(writer, late.seqOf), late };
    });
    if (written.ok) {
      if (this.#late.count > 0) probe('before-reserve-emptied');
      written.value.late.recorded();
    }
    // Last: whoever is told that it works again may write at once.
    this.#noteFault(written.ok ? null : written.error);
    if (written.ok) for (const listener of this.#listeners) listener();
    return written.ok ? ok(written.value.value) : written;
  }

  #keep(draft: EventDraft, judged: LateJudgement | null, number?: number): number {
    const kept = this.#late.keep(draft, judged, number);
    this.#tryAgain();
    return kept;
  }

  #tryAgain(): void {
    this.#retry ??= this.#parts.clock.after('journal retry', RETRY_MS, () => {
      this.#retry = null;
      this.flush();
    });
  }

  #noteFault(fault: StoreFault | null): void {
    if (fault?.code === this.#fault?.code) return;
    this.#fault = fault;
    this.#onFault(fault);
  }
}
