/**
 * Entries while nobody knows what time it is (guarantees 1.7): what a door then does is its `onDoubtfulClock`. Leaving
 * knows no doubt, and neither does an override by staff.
 */
import type { ClockTrust } from './clock.ts';
import { contractsInEffect, type Decision, entryBy, judgeContract, placeTrouble } from './decide.ts';
import type { MemberFacts } from './facts.ts';
import { type Moment, momentOf } from './moment.ts';
import type { DoorRules, Rules } from './rules.ts';
import { judgeRecordOnly, planOf } from './schedule.ts';
import { type Note, UNASKED } from './steps.ts';
import { further, type Refused, refused, type Verdict } from './verdict.ts';

export type OnDoubtfulClock = 'admit-open' | 'trust' | 'refuse';

/** How entries are judged in doubt. */
export interface InDoubt {
  readonly rule: Exclude<OnDoubtfulClock, 'trust'>;
  /** The last time (epoch ms) that could be believed. */
  readonly trustedAt: number;
}

/** null: by the wall clock, as ever. */
export function inDoubt(trust: ClockTrust, rule: OnDoubtfulClock, trustedAt: number): InDoubt | null {
  return trust !== 'doubtful' || rule === 'trust' ? null : { rule, trustedAt };
}

/**
 * As `decideEntry`. Dates are those of the last trusted business date; stays are counted by the wall clock, by which
 * they also end, since it goes on evenly even where it is wrong.
 */
export function decideEntryInDoubt(
  rules: Rules,
  door: DoorRules,
  at: number,
  { rule, trustedAt }: InDoubt,
  member: MemberFacts | null,
  note: Note = UNASKED,
): Decision {
  const { businessDay } = momentOf(rules, trustedAt);
  const moment: Moment = { ...momentOf(rules, at), businessDay, note };
  note({ rule: '1.7', subject: 'clock', id: null, day: null, says: rule });
  return entryBy(rules, door, moment, member, (known) =>
    rule === 'refuse' ? refused('clock-doubtful') : judgeOpen(rules, door, moment, known),
  );
}

/** Plans without hours admit; one that might, if the time were known, is refused for the clock. */
function judgeOpen(rules: Rules, door: DoorRules, moment: Moment, member: MemberFacts): Verdict {
  const contracts = contractsInEffect(moment, member);
  const isOpen = (contract: MemberFacts['contracts'][number]) => planOf(rules, contract).entry.mode === 'open';
  // Such a lock has let them in already: on record, and nothing counted for a date that nobody knows.
  if (door.policy === 'record-only') return judgeRecordOnly(rules, door, moment, member, contracts.filter(isOpen));
  let refusal: Refused = refused('no-contract');
  for (const contract of contracts) {
    const trouble = placeTrouble(rules, door, contract) ?? (isOpen(contract) ? null : refused('clock-doubtful'));
    const says = trouble?.reason ?? 'passes';
    moment.note({ rule: '3.1', subject: 'contract', id: contract.id, day: moment.businessDay, says });
    if (trouble === null) return judgeContract(rules, door, moment, member, contract, null);
    refusal = further(refusal, trouble);
  }
  return refusal;
}
