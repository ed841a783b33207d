/**
 * What happened while the record could not be written, until it can: in the reserve file where that takes it, else in
 * memory. Each has a number below 0 until the record gives it one of its own.
 */
import { randomBytes } from 'node:crypto';
import type { Unrecorded } from '../core/unrecorded.ts';
import type { KeptOrders } from '../store/door-orders.ts';
import { withEffects } from '../store/effects.ts';
import type { EventDraft } from '../store/record.ts';
import type { Writer } from '../store/store.ts';
import { type LateEntry, type LateJudgement, parseEntry } from './late-entry.ts';
import type { Reserve } from './reserve-file.ts';

/** An hour of a busy door. What is beyond it, and not in the reserve, is lost with the disk that couldn't take it. */
const MOST_IN_MEMORY = 1_000;
/** Numbers of events that outcomes may still refer to. */
const MOST_KNOWN = 1_000;

export interface Recording {
  /** An event's number in the record, also of a late one; null: it isn't there. */
  readonly seqOf: (event: number | null) => number | null;
  /** To be called once the transaction is durable. */
  readonly recorded: () => void;
}

export class LateEvents {
  readonly #reserve: Reserve | null;
  readonly #id: string;
  readonly #seqs = new Map<number, number>();
  /** As a rule nothing waits, and each scan passes here. */
  readonly #nothing: Recording = {
    seqOf: (event) => (event === null ? null : this.#seqOf(event)),
    recorded: () => void this.#reserve?.clear(),
  };
  #waiting: LateEntry[] = [];
  /** The last entry in the reserve; 0: none. */
  #reserved = 0;
  /** In memory alone. */
  readonly #unreserved = new Set<LateEntry>();
  #last = 0;
  /** Entries up to this one are of an earlier run: what has no outcome among them was cut off. */
  readonly #cutOff: number;
  /** Lines of the reserve that no program of this version wrote. */
  readonly unreadable: number;

  /** @param taken up to which entry of a reserve the record has them already */
  constructor(reserve: Reserve | null, taken: (reserve: string) => number) {
    this.#reserve = reserve;
    const read = reserve?.found.map(parseEntry) ?? [];
    const found = read.filter((entry) => entry !== null);
    this.unreadable = read.length - found.length;
    this.#id = found.at(-1)?.reserve ?? randomBytes(8).toString('hex');
    this.#cutOff = found.reduce((last, { n }) => Math.max(last, n), 0);
    this.#last = this.#cutOff;
    this.#waiting = found.filter((entry) => entry.n > taken(entry.reserve)).sort((a, b) => a.n - b.n);
    this.#reserved = this.#waiting.at(-1)?.n ?? 0;
    // The program ended between the record's commit and the emptying.
    if (this.#waiting.length === 0) reserve?.clear();
  }

  get count(): number {
    return this.#waiting.length;
  }

  get hasReserve(): boolean {
    return this.#reserve !== null;
  }

  /** Keeps a judgement in the reserve file alone, on the disk when this returns; null where that has no room. */
  reserve(event: EventDraft, judged: LateJudgement): number | null {
    const entry = this.#entry(event, judged, this.claim());
    if (!this.#write(entry)) return null;
    return this.#take(entry);
  }

  /** A number for something that is about to happen, to be kept under it later. */
  claim(): number {
    this.#last += 1;
    return -this.#last;
  }

  /** Keeps what has happened already; a crowd beyond what memory holds is not kept. @returns its number */
  keep(event: EventDraft, judged: LateJudgement | null, number = this.claim()): number {
    const entry = this.#entry(event, judged, number);
    // Whoever holds up codes can fill no reserve: those that open nothing are kept in memory.
    const isWorth = event.type !== 'scan' || event.result?.granted === true;
    if (isWorth && this.#write(entry)) return this.#take(entry);
    if (this.#unreserved.size >= MOST_IN_MEMORY) return number;
    this.#unreserved.add(entry);
    return this.#take(entry);
  }

  /** Keeps an order, which holds whatever else is kept. */
  keepOrder(event: EventDraft, orders: KeptOrders): void {
    const entry = { ...this.#entry(event, null, this.claim()), orders };
    if (!this.#write(entry)) this.#unreserved.add(entry);
    this.#take(entry);
  }

  /** The orders of the doors as the last one that waits left them; null: none waits. */
  get orders(): KeptOrders | null {
    return this.#waiting.findLast(({ orders }) => orders !== null)?.orders ?? null;
  }

  /** What waits and changes this member's rights. */
  of(memberId: string): Unrecorded[] {
    return this.#waiting.flatMap(({ n, event, judged }) =>
      judged !== null && event.result?.memberId === memberId ? [{ number: -n, changes: judged.changes }] : [],
    );
  }

  /** What waits and changes anybody's rights, in its order. */
  ofAll(): (Unrecorded & { readonly memberId: string })[] {
    return this.#waiting.flatMap(({ n, event, judged }) => {
      const memberId = event.result?.memberId ?? null;
      return judged === null || memberId === null ? [] : [{ number: -n, memberId, changes: judged.changes }];
    });
  }

  isPassUsed(passId: string, doorId: string): boolean {
    return this.#waiting.some(({ judged }) => judged?.pass?.passId === passId && judged.pass.doorId === doorId);
  }

  /** Writes everything that waits, in order. In a transaction. */
  record(writer: Writer): Recording {
    if (this.#waiting.length === 0) return this.#nothing;
    const seqs = new Map<number, number>();
    const seqOf = (event: number | null) => (event === null ? null : (seqs.get(event) ?? this.#seqOf(event)));
    for (const entry of this.#waiting) seqs.set(-entry.n, write(writer, entry, seqOf));
    for (const entry of this.#waiting) if (commands(entry)) this.#owe(writer, entry, seqOf(-entry.n));
    if (this.#reserved > 0) writer.late.note(this.#id, this.#reserved);
    return { seqOf, recorded: () => this.#recorded(seqs) };
  }

  /** What memory alone has goes into the reserve too, as far as that has room: the process ends. */
  close(): void {
    for (const entry of this.#unreserved) this.#write(entry);
    this.#reserve?.close();
  }

  #entry(event: EventDraft, judged: LateJudgement | null, number: number): LateEntry {
    return { reserve: this.#id, n: -number, event, judged, orders: null };
  }

  #write(entry: LateEntry): boolean {
    if (this.#reserve?.append(JSON.stringify(entry)) !== true) return false;
    this.#reserved = Math.max(this.#reserved, entry.n);
    return true;
  }

  #take(entry: LateEntry): number {
    // In the order of their numbers: an outcome may be kept before the exit that it is of.
    this.#waiting = [...this.#waiting, entry].sort((a, b) => a.n - b.n);
    return -entry.n;
  }

  /** Its outcome is to come; or nobody will ever know it, where the run ended in between. */
  #owe(writer: Writer, { n, event }: LateEntry, seq: number | null): void {
    if (seq === null || this.#waiting.some((other) => other.event.type === 'outcome' && other.event.of === -n)) return;
    if (n > this.#cutOff) writer.record.commanding(seq);
    else {
      const detail = { outcome: 'unknown', late: true };
      writer.record.append({
        ...event,
        type: 'outcome',
        of: seq,
        readerId: null,
        direction: null,
        result: null,
        detail,
      });
    }
  }

  #seqOf(event: number): number | null {
    return event >= 0 ? event : (this.#seqs.get(event) ?? null);
  }

  #recorded(seqs: ReadonlyMap<number, number>): void {
    this.#waiting = [];
    this.#unreserved.clear();
    this.#reserved = 0;
    this.#reserve?.clear();
    for (const [event, seq] of seqs) this.#seqs.set(event, seq);
    for (const event of this.#seqs.keys()) if (this.#seqs.size > MOST_KNOWN) this.#seqs.delete(event);
  }
}

/** The door was commanded because of it. */
function commands({ event, judged }: LateEntry): boolean {
  return event.type === 'scan' && judged !== null && event.result?.granted === true;
}

function write(
  writer: Writer,
  { event, judged, orders }: LateEntry,
  seqOf: (event: number | null) => number | null,
): number {
  const draft = { ...event, of: seqOf(event.of), detail: lateDetail(writer, event, judged, seqOf) };
  const seq = writer.record.append(draft);
  if (orders !== null) writer.doorOrders.replace(orders);
  if (draft.type === 'outcome' && draft.of !== null) writer.record.settled(draft.of);
  if (judged === null) return seq;
  const memberId = event.result?.memberId ?? null;
  if (judged.basis !== null) writer.basis.keep(seq, memberId, judged.basis);
  if (!writer.late.apply({ seq, at: event.at, memberId, changes: judged.changes }, seqOf)) {
    const why = { what: 'late-rights', why: 'what it changed contradicts the record' };
    const detail = { ...why, effects: { memberId, undo: NOTHING_HOLDS } };
    writer.record.append({ ...draft, type: 'system', of: seq, result: null, detail });
  }
  if (judged.pass !== null) writer.usedPasses.note(judged.pass.passId, judged.pass.doorId, judged.pass.until);
  return seq;
}

/** Whatever the event said that it changes. */
const NOTHING_HOLDS = (['usage', 'ticketUse', 'stay'] as const).map((kind) => ({ kind, heir: null }));

function lateDetail(
  { late }: Writer,
  { detail, result }: EventDraft,
  judged: LateJudgement | null,
  seqOf: (event: number | null) => number | null,
): EventDraft['detail'] {
  if (judged === null) return { ...detail, late: true };
  const overdrawn = late.overdraft(judged.changes);
  const effects = late.effects(result?.memberId ?? null, judged.changes, seqOf);
  return withEffects({ ...detail, late: true, ...(overdrawn > 0 ? { overdrawn } : {}) }, effects);
}
