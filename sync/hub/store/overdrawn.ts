/** What was spent of a right beyond what there was: never refused, always named. */
import type { Rules } from '../../../main/core/rules.ts';
import type { Counted } from '../../wire/effects.ts';
import type { Right } from '../../wire/rights.ts';
import { subjectOf } from './entities.ts';
import type { WorkingSet } from './working-set.ts';

/** What one event has spent beyond what there was. */
export interface Overdraft {
  readonly right: Right;
  readonly by: number;
  readonly eventId: string;
  readonly unit: string;
}

/** Event ids in one alert. */
const MOST_NAMED = 100;

export function rightOf(counted: Counted): Right {
  if (counted.kind === 'ticket') return { kind: 'ticket', ticketId: counted.ticketId };
  const { contractId, bandId, date } = counted;
  return { kind: 'band', contractId, bandId, month: date.slice(0, 7) };
}

type Band = Extract<Counted, { kind: 'band' }>;

/**
 * Whether this date is one more than the month has. @param set as it was before the date is counted
 */
export function isBeyondMonth(rules: Rules, set: WorkingSet, memberId: string, counted: Band): boolean {
  // Counted already, by whomever: it takes nothing.
  if (set.live(subjectOf(counted)).length > 0) return false;
  const limit = monthlyLimit(rules, set, memberId, counted);
  return limit !== null && countedDates(set, memberId, counted) >= limit;
}

function monthlyLimit(rules: Rules, set: WorkingSet, memberId: string, counted: Band): number | null {
  const row = set.find('member', memberId);
  const member = row === null ? null : set.read(row);
  if (member?.kind !== 'member') return null;
  const contract = member.body?.contracts.find(({ id }) => id === counted.contractId);
  const entry = contract === undefined ? undefined : rules.plans.get(contract.planId)?.entry;
  if (entry?.mode !== 'limits') return null;
  return entry.bands.find(({ bandId }) => bandId === counted.bandId)?.monthlyLimit ?? null;
}

function countedDates(set: WorkingSet, memberId: string, { contractId, bandId, date }: Band): number {
  const month = date.slice(0, 7);
  const dates = set.owned(memberId, 'usage').flatMap((row) => {
    const usage = set.read(row);
    if (usage.kind !== 'usage' || usage.body === null) return [];
    const isSame = usage.body.contractId === contractId && usage.body.bandId === bandId;
    return isSame && usage.body.date.startsWith(month) ? [usage.body.date] : [];
  });
  return new Set(dates).size;
}

/** One for each right: by how much, and which events. */
export function namedOverdrafts(
  overdrafts: readonly Overdraft[],
): readonly { readonly unit: string; readonly detail: Readonly<Record<string, unknown>> }[] {
  const byRight = Map.groupBy(overdrafts, ({ right }) => JSON.stringify(right));
  return [...byRight.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const by = same.reduce((sum, one) => sum + one.by, 0);
    const events = same.slice(0, MOST_NAMED).map(({ eventId }) => eventId);
    return [{ unit: first.unit, detail: { right: first.right, by, events } }];
  });
}
