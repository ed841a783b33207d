/** Members who came on more days of a month than their plan allows. */
import type { Database, Statement } from 'better-sqlite3';
import type { Rules } from '../core/rules.ts';
import { monthStart } from '../core/time/day.ts';
import { OVER_LIMIT, type OverLimitRow } from './queries-sql.ts';

export interface OverLimit extends OverLimitRow {
  readonly planId: string;
  readonly bandId: string;
  readonly limit: number;
}

interface Limit {
  readonly planId: string;
  readonly bandId: string;
  readonly limit: number;
}

/** Month, plan, band, limit; days, contract, member to begin behind; limit. */
type Parameters = [number, string, string, number, number, string, string, number];

export class OverLimitReader {
  readonly #rows: Statement<Parameters, OverLimitRow>;

  constructor(db: Database) {
    this.#rows = db.prepare(OVER_LIMIT);
  }

  /**
   * By plan and band, the most days first. Limits are those of `rules`, of the contract's present plan.
   * @param day any epoch day of the month
   */
  page(rules: Rules, day: number, count: number, after: OverLimit | null): OverLimit[] {
    const found: OverLimit[] = [];
    const limits = limitsOf(rules);
    const resumed = after === null ? -1 : limits.findIndex((one) => isSame(one, after));
    // A plan that is gone since the page before: what would have come after it can't be told; begin anew.
    for (const limit of limits.slice(Math.max(0, resumed))) {
      const last = after !== null && isSame(limit, after) ? after : null;
      found.push(...this.#of(limit, monthStart(day), count - found.length, last));
      if (found.length >= count) break;
    }
    return found;
  }

  #of(one: Limit, month: number, count: number, after: OverLimit | null): OverLimit[] {
    const { planId, bandId, limit } = one;
    const { days, contractId, memberId } = after ?? { days: Number.MAX_SAFE_INTEGER, contractId: '', memberId: '' };
    const rows = this.#rows.all(month, planId, bandId, limit, days, contractId, memberId, count);
    return rows.map((row) => ({ ...row, ...one }));
  }
}

function limitsOf({ plans }: Rules): Limit[] {
  return [...plans.values()].flatMap(({ id, entry }) =>
    entry.mode !== 'limits'
      ? []
      : entry.bands.flatMap(({ bandId, monthlyLimit }) =>
          monthlyLimit === null ? [] : [{ planId: id, bandId, limit: monthlyLimit }],
        ),
  );
}

function isSame(a: Limit, b: Limit): boolean {
  return a.planId === b.planId && a.bandId === b.bandId;
}
