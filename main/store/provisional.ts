/**
 * Provisional cards: members without personal data whom the unit itself has made. Their rows stand among the members'
 * like any other; since an import replaces those, they are put back after it as long as the card waits for the hub.
 */
import type { Database } from 'better-sqlite3';
import { HANDOVERS, type Handover } from '../../sync/wire/handover.ts';
import { CodeRows } from './codes.ts';
import type { HeldFor, HeldStore } from './held.ts';
import type { Keys } from './keys.ts';
import { sealName } from './site.ts';

const ProvisionalCard = HANDOVERS['provisional-card'];
/** Its days are those of the first and the last business date on which it opens. */
export type ProvisionalCard = Handover<'provisional-card'>;

export class ProvisionalStore {
  readonly #db: Database;
  readonly #keys: Keys;
  readonly #held: HeldStore;

  constructor(db: Database, keys: Keys, held: HeldStore) {
    this.#db = db;
    this.#keys = keys;
    this.#held = held;
  }

  /** Those that the hub doesn't have yet. */
  waiting(): ProvisionalCard[] {
    return this.#held.waitingOf('provisional-card').map(({ body }) => ProvisionalCard.parse(body));
  }

  /** From then on its code opens. In the transaction of the event that says so. */
  keep(card: ProvisionalCard, { seq, at }: Pick<HeldFor, 'seq' | 'at'>): void {
    this.#held.keep('provisional-card', card, { seq, at, memberId: card.memberId });
    this.#put(card);
  }

  /** After an import has replaced the members. What the bundle has by now, it knows better. */
  putBack(): void {
    for (const card of this.waiting()) this.#put(card);
  }

  /** Nobody has come in by it. */
  isUnused(memberId: string): boolean {
    return this.#db.prepare('SELECT 1 FROM stay WHERE member_id = ? LIMIT 1').get(memberId) === undefined;
  }

  #put({ memberId, code, contractId, planId, fromDay, toDay }: ProvisionalCard): void {
    const digest = this.#keys.digestCode(code);
    if (this.#isTaken(memberId, digest) || !this.#hasPlan(planId)) return;
    const sealed = this.#keys.seal(sealName(memberId), { name: '', kana: null, codes: [code] });
    this.#db
      .prepare(`
        INSERT INTO member (id, position, revision, suspended_profile, suspended_identity, sealed)
        SELECT ?, coalesce(max(position) + 1, 0), (SELECT revision FROM unit), 0, 0, ? FROM member`)
      .run(memberId, sealed);
    if (!new CodeRows(this.#db).add(digest, memberId)) throw new Error('a fresh code is nobody’s');
    this.#db
      .prepare('INSERT INTO contract (member_id, position, id, plan_id, from_day, to_day) VALUES (?, 0, ?, ?, ?, ?)')
      .run(memberId, contractId, planId, fromDay, toDay);
  }

  #isTaken(memberId: string, digest: Buffer): boolean {
    const member = this.#db.prepare('SELECT 1 FROM member WHERE id = ?').get(memberId);
    const code = this.#db.prepare('SELECT 1 FROM code WHERE digest = ?').get(digest);
    return member !== undefined || code !== undefined;
  }

  /** A contract of a plan that is gone opens nothing, and the bundle that it would be exported into is none. */
  #hasPlan(planId: string): boolean {
    const row = this.#db
      .prepare("SELECT 1 FROM master WHERE kind = 'plan' AND id = ? AND replaced IS NULL")
      .get(planId);
    return row !== undefined;
  }
}
