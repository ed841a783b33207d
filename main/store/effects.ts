/** What a judgement changes, as its event says it to other units and to the hub. */
import type { Effects } from '../../sync/wire/effects.ts';
import type { Changes } from '../core/decide.ts';
import { formatDay } from '../core/time/day.ts';
import { formatInstant } from '../core/time/instant.ts';
import type { Consumption } from '../core/verdict.ts';

type Counted = NonNullable<Effects['consumed']>;

/**
 * @param leavesFrom the place of the stays that end; null: none does
 * @returns null where nothing changes that concerns anybody else
 */
export function effectsOf(memberId: string | null, changes: Changes, leavesFrom: string | null): Effects | null {
  const { consumed, reused, enter, businessDay } = changes;
  if (consumed === null && reused === null && enter === null && leavesFrom === null) return null;
  return {
    memberId,
    ...(consumed === null ? {} : { consumed: countedOf(consumed, businessDay) }),
    ...(reused === null ? {} : { reused: countedOf(reused, businessDay) }),
    ...(enter === null || memberId === null ? {} : { enter: entryOf(enter) }),
    ...(leavesFrom === null ? {} : { leave: { placeId: leavesFrom } }),
  };
}

function countedOf(consumption: Consumption, businessDay: number): Counted {
  if (consumption.kind === 'ticket') {
    const { kind, ticketId, uses } = consumption;
    return { kind, ticketId, uses, date: formatDay(businessDay) };
  }
  const { kind, contractId, bandId, day } = consumption;
  return { kind, contractId, bandId, date: formatDay(day) };
}

function entryOf({ placeId, at, via }: NonNullable<Changes['enter']>): NonNullable<Effects['enter']> {
  if (via === null) return { placeId, enteredAt: formatInstant(at), via: null };
  const until = via.until === null ? null : formatInstant(via.until);
  return { placeId, enteredAt: formatInstant(at), via: { contractId: via.contractId, until } };
}

/** An event's detail with what the event changes; the same where that is nothing. */
export function withEffects(
  detail: Readonly<Record<string, unknown>>,
  effects: Effects | null,
): Readonly<Record<string, unknown>> {
  return effects === null ? detail : { ...detail, effects };
}
