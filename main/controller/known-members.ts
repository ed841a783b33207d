/**
 * Who was let in since the start, for when the database can't even be read: the last thousand, with what was known of
 * them then. In memory alone; codes as digests under a key that ends with the process.
 */
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { Changes } from '../core/decide.ts';
import type { MemberFacts } from '../core/facts.ts';
import { withUnrecorded } from '../core/unrecorded.ts';

const MOST = 1_000;
/** No stay of the store has it. */
const REMEMBERED_STAY = 0;

interface Known {
  readonly facts: MemberFacts;
  readonly placeId: string;
  /** The business date (epoch day) of the facts. */
  readonly businessDay: number;
}

export class KnownMembers {
  readonly #key = createSecretKey(randomBytes(32));
  /** In the order in which they were let in. */
  readonly #known = new Map<string, Known>();

  /** Somebody was let in. @param facts before, @param changes by it */
  entered(code: string, facts: MemberFacts, changes: Changes, placeId: string): void {
    const { businessDay } = changes;
    const after = withUnrecorded(facts, [{ number: REMEMBERED_STAY, changes }], placeId, businessDay);
    const key = this.#keyOf(code);
    this.#known.delete(key);
    this.#known.set(key, { facts: after, placeId, businessDay });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break;
      this.#known.delete(oldest);
    }
  }

  left(code: string): void {
    const key = this.#keyOf(code);
    const known = this.#known.get(key);
    if (known !== undefined) this.#known.set(key, { ...known, facts: { ...known.facts, stays: [] } });
  }

  /** What was known of members may be so no more. */
  forget(): void {
    this.#known.clear();
  }

  /** What is remembered, for a judgement on `businessDay`; null: nobody with this code came in. */
  recall(code: string, placeId: string, businessDay: number): MemberFacts | null {
    const known = this.#known.get(this.#keyOf(code));
    if (known === undefined) return null;
    const isSameDay = known.businessDay === businessDay;
    return {
      ...known.facts,
      stays: known.placeId === placeId ? known.facts.stays : [],
      tickets: known.facts.tickets.map((ticket) => ({ ...ticket, usedToday: ticket.usedToday && isSameDay })),
    };
  }

  #keyOf(code: string): string {
    return createHmac('sha256', this.#key).update(code.trim()).digest('base64');
  }
}
