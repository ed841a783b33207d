/** What happened at the doors, read from the record as staff see it: newest first, and as it happens. */
import * as z from 'zod';
import type { LookSource } from '../../api/staff-port.ts';
import type { Passage, PassageMessage } from '../../contract/looks.ts';
import type { DecisionMessage, PageMessage, UnjudgedMessage } from '../../contract/page.ts';
import { Reason, Warning } from '../../contract/values.ts';
import type { Clock } from '../../core/clock.ts';
import { ok } from '../../core/result.ts';
import { parseInstant } from '../../core/time/instant.ts';
import type { Store } from '../../store/store.ts';
import type { Unit } from '../unit.ts';

const OUTCOMES = ['opened', 'unused', 'silent', 'unknown'] as const;
type OutcomeName = (typeof OUTCOMES)[number];
const TYPES = ['scan', 'override', 'redeem', 'undo', 'staff', 'input', 'alarm'] as const;

/** As much of an event as a list shows. Events of a later program show what of them is known. */
const Event = z.looseObject({
  seq: z.int(),
  at: z.string().transform((text) => parseInstant(text) ?? 0),
  type: z.string(),
  doorId: z.string().nullable(),
  direction: z.enum(['in', 'out']).nullable(),
  of: z.int().nullable(),
  result: z
    .looseObject({
      granted: z.boolean(),
      reason: Reason.nullable().catch(null),
      memberId: z.string().nullable(),
      warnings: z.array(Warning).catch([]),
    })
    .nullable(),
  detail: z.looseObject({
    what: z.string().optional().catch(undefined),
    unjudged: z.string().optional().catch(undefined),
    expired: z.boolean().optional().catch(undefined),
    input: z.string().optional().catch(undefined),
    alarm: z.string().optional().catch(undefined),
    active: z.boolean().optional().catch(undefined),
    staffId: z.string().nullable().optional().catch(undefined),
    memberId: z.string().nullable().optional().catch(undefined),
    outcome: z.enum(OUTCOMES).optional().catch(undefined),
  }),
});
type Event = z.infer<typeof Event>;

/** How many events a page looks at; a quiet door has many that are no passages. */
const MOST_LOOKED_AT = 1_000;
/** An outcome comes soon after its event. */
const OUTCOME_WITHIN = 200;

type LiveInput = Parameters<LookSource['live']>[0];

export class Passages {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #listeners = new Set<(message: PassageMessage) => void>();
  #told = 0;
  #isDue = false;

  constructor(unit: Pick<Unit, 'journal' | 'screen'>, store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    unit.journal.onRecorded(() => this.#recorded());
    unit.screen.subscribe((message) => this.#unrecorded(message));
  }

  live({ limit, before }: LiveInput): ReturnType<LookSource['live']> {
    const from = before ?? Number.MAX_SAFE_INTEGER;
    const outcomes = before === null ? new Map<number, OutcomeName>() : this.#outcomesFrom(before);
    const rows: Passage[] = [];
    let next: number | null = null;
    for (const body of this.#store.record.before(from, MOST_LOOKED_AT)) {
      const event = Event.parse(JSON.parse(body));
      noteOutcome(outcomes, event);
      next = event.seq;
      const passage = this.#passageOf(event, outcomes.get(event.seq) ?? null);
      if (passage !== null) rows.push(passage);
      if (rows.length >= limit) break;
    }
    return ok({ rows, next: next === null || next <= 1 ? null : next });
  }

  subscribe(listener: (message: PassageMessage) => void): () => void {
    if (this.#listeners.size === 0) this.#told = this.#store.record.last()?.seq ?? 0;
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #outcomesFrom(seq: number): Map<number, OutcomeName> {
    const outcomes = new Map<number, OutcomeName>();
    for (const body of this.#store.record.before(seq + OUTCOME_WITHIN, OUTCOME_WITHIN)) {
      noteOutcome(outcomes, Event.parse(JSON.parse(body)));
    }
    return outcomes;
  }

  /** Not at once: whoever is recorded now has a door to be commanded. */
  #recorded(): void {
    if (this.#listeners.size === 0 || this.#isDue) return;
    this.#isDue = true;
    this.#clock.after('passages to staff', 0, () => {
      this.#isDue = false;
      this.#tellNew();
    });
  }

  #tellNew(): void {
    // Read to the end first: whoever is told may sign out by it, which is an event.
    for (const body of [...this.#store.record.since(this.#told)]) {
      const event = Event.parse(JSON.parse(body));
      this.#told = event.seq;
      const { outcome } = event.detail;
      if (event.type === 'outcome' && event.of !== null && outcome !== undefined)
        this.#tell({ kind: 'outcome', of: event.of, outcome });
      const passage = this.#passageOf(event, null);
      if (passage !== null) this.#tell({ kind: 'passage', passage });
    }
  }

  /** While the record can't be written, the screen's message is all there is. It comes again once it is recorded. */
  #unrecorded(message: PageMessage): void {
    if (this.#listeners.size === 0 || (message.kind !== 'decision' && message.kind !== 'unjudged')) return;
    if (message.event < 0) this.#tell({ kind: 'passage', passage: passageWithoutRecord(message) });
  }

  #tell(message: PassageMessage): void {
    for (const listener of this.#listeners) listener(message);
  }

  #passageOf(event: Event, outcome: OutcomeName | null): Passage | null {
    const type = TYPES.find((one) => one === event.type);
    if (type === undefined) return null;
    const { seq, at, doorId, direction, of, result, detail } = event;
    const memberId = result?.memberId ?? detail.memberId ?? null;
    return {
      event: seq,
      at,
      type,
      doorId,
      direction,
      memberId,
      name: memberId === null ? null : (this.#store.members.find(memberId)?.name ?? null),
      granted: result?.granted ?? null,
      reason: result?.reason ?? null,
      warnings: (result?.warnings ?? []).slice(0, 8),
      what: whatOf(detail)?.slice(0, 100) ?? null,
      staffId: detail.staffId ?? null,
      of,
      outcome,
    };
  }
}

function whatOf({ what, unjudged, expired, input, alarm, active }: Event['detail']): string | null {
  if (unjudged !== undefined) return unjudged;
  if (expired === true) return 'lock-away';
  const word = what ?? input ?? alarm;
  if (word === undefined) return null;
  return active === false ? `${word}-ended` : word;
}

function noteOutcome(outcomes: Map<number, OutcomeName>, { type, of, detail }: Event): void {
  if (type === 'outcome' && of !== null && detail.outcome !== undefined) outcomes.set(of, detail.outcome);
}

function passageWithoutRecord(message: DecisionMessage | UnjudgedMessage): Passage {
  const { event, at, doorId } = message;
  const none = { memberId: null, name: null, what: null, staffId: null, of: null, outcome: null };
  const isJudged = message.kind === 'decision';
  return {
    ...none,
    event,
    at,
    type: 'scan',
    doorId,
    direction: isJudged ? message.direction : 'in',
    granted: isJudged ? message.granted : null,
    reason: isJudged ? message.reason : null,
    warnings: isJudged ? message.warnings : [],
    what: isJudged ? null : message.why,
  };
}
