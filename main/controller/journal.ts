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
import type { StoreFault } from '../store/faults.ts';
import type { EventDraft } from '../store/record.ts';
import type { Store, Writer } from '../store/store.ts';
import type { GivenBack } from '../store/undo.ts';
import type { Probe } from './probe.ts';

/** A decision and what its event says besides. */
export interface Judgement {
  readonly event: Pick<EventDraft, 'at' | 'type' | 'doorId' | 'readerId' | 'direction' | 'detail'>;
  readonly decision: Decision;
  /** What it was decided from, kept for replays; the event has its digest. */
  readonly basis: Basis;
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
/** An hour of a busy door. What is beyond it is lost with the disk that couldn't take it. */
const MOST_LATE = 1_000;

export class Journal {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #trust: () => ClockTrust;
  readonly #onFault: (fault: StoreFault | null) => void;
  readonly #probe: Probe;
  readonly #late: EventDraft[] = [];
  #retry: Timer | null = null;
  #fault: StoreFault | null = null;

  /** @param onFault told when writing begins to fail (what) and when it works again (null) */
  constructor(
    { store, clock, probe }: { readonly store: Store; readonly clock: Clock; readonly probe: Probe },
    trust: () => ClockTrust,
    onFault: (fault: StoreFault | null) => void,
  ) {
    this.#probe = probe;
    this.#store = store;
    this.#clock = clock;
    this.#trust = trust;
    this.#onFault = onFault;
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
    const judged = this.#store.transact((writer) => {
      const judgement = judge(writer);
      const { event, decision } = judgement;
      const { result, changes } = decision;
      const basis = JSON.stringify(judgement.basis);
      const detail = { ...event.detail, facts: digestOf(basis) };
      const seq = writer.record.append(this.#draft({ ...event, detail, result }));
      writer.basis.keep(seq, result.memberId, basis);
      writer.history.apply(seq, event.at, result.memberId, changes);
      if (result.granted) writer.record.commanding(seq);
      this.#probe('before-commit');
      return { ...judgement, seq };
    });
    this.#probe('after-commit');
    this.#noteFault(judged.ok ? null : judged.error);
    return judged;
  }

  /**
   * Records what happened; an outcome settles the event that it is of. Where that fails it is kept and written later.
   * @returns the event's number, or null while it could not be written
   */
  note(event: Partial<EventDraft> & Pick<EventDraft, 'type'>): number | null {
    const draft = this.#draft({ at: this.#clock.wall(), ...event });
    const written = this.#write([draft]);
    if (written.ok) return written.value[0] ?? null;
    this.#keep(draft);
    return null;
  }

  /**
   * Takes a granted entry back, once, as an event of its own.
   * @param of the entry's event @param businessDay of now, an epoch day
   */
  undo(of: number, why: UndoReason, businessDay: number): Result<GivenBack, UndoFault> {
    const undone = this.#store.transact((writer): Result<GivenBack, UndoFault> => {
      const entry = entryOf(this.#store.record.find(of));
      if (entry === null) return err('no-entry');
      if (writer.undo.isUndone(of)) return err('twice');
      const { doorId, result } = entry;
      const at = this.#clock.wall();
      if (why.by === 'staff' && at - entry.at > STAFF_UNDO_MS) return err('too-late');
      const seq = writer.record.append(this.#draft({ at, type: 'undo', of, doorId, detail: { ...why } }));
      return ok(writer.undo.undo(of, seq, result.memberId, businessDay));
    });
    this.#noteFault(undone.ok ? null : undone.error);
    return undone.ok ? undone.value : err('store');
  }

  close(): void {
    this.#retry?.cancel();
    if (this.#late.length > 0) this.#flush();
  }

  #draft(event: Partial<EventDraft> & Pick<EventDraft, 'type' | 'at'>): EventDraft {
    const nothing = { doorId: null, readerId: null, direction: null, result: null, of: null, detail: {} };
    return { ...nothing, clock: this.#trust(), ...event };
  }

  #write(drafts: readonly EventDraft[]): Result<readonly number[], StoreFault> {
    const written = this.#store.transact(({ record }) =>
      drafts.map((draft) => {
        const seq = record.append(draft);
        if (draft.type === 'outcome' && draft.of !== null) record.settled(draft.of);
        return seq;
      }),
    );
    this.#noteFault(written.ok ? null : written.error);
    return written;
  }

  #keep(draft: EventDraft): void {
    if (this.#late.length < MOST_LATE) this.#late.push({ ...draft, detail: { ...draft.detail, late: true } });
    this.#retry ??= this.#clock.after('journal retry', RETRY_MS, () => {
      this.#retry = null;
      this.#flush();
    });
  }

  #flush(): void {
    const drafts = this.#late.splice(0);
    if (!this.#write(drafts).ok) for (const draft of drafts) this.#keep(draft);
  }

  #noteFault(fault: StoreFault | null): void {
    if (fault?.code === this.#fault?.code) return;
    this.#fault = fault;
    this.#onFault(fault);
  }
}
