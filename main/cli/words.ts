/** The steps of a judgement in English. */
import type { Step } from '../core/steps.ts';
import { formatDay } from '../core/time/day.ts';

const SAYS: Readonly<Record<string, string>> = {
  known: 'is known and not suspended',
  suspended: 'is suspended',
  'unknown-credential': 'nobody has this code',
  'business-date': 'is the business date',
  'no-contract': 'is not in effect',
  'no-band': 'does not exist at this store',
  'no-ticket': 'is used up, or not valid on this date',
  'wrong-store': 'does not hold at this store',
  'door-not-allowed': 'is not admitted at this door',
  'clock-doubtful': 'has hours or counts, and nobody knows the time',
  'admit-open': 'is doubtful: plans without hours admit, by the last date that was trusted',
  refuse: 'is doubtful: this door then lets nobody in',
  'wrong-weekday': 'is not for this weekday',
  holiday: 'is closed on this holiday',
  'outside-hours': 'is not on at this time',
  'limit-reached': 'is used up for this month',
  counted: 'is counted for this date already',
  'used-today': 'is used for this date already',
  passes: 'admits',
  'passback-off': 'is open; the door does not mind',
  'passback-warn': 'is open; the door warns',
  'passback-deny': 'is open; the door refuses',
  elsewhere: 'what is left is at another site',
  closes: 'ends',
  overstay: 'ends, too late',
  'no-entry': 'none is open',
};

export function stepInWords({ subject, id, day, says, numbers = {} }: Step): string {
  const name = id === null ? '' : ` ${id}`;
  const on = day === null || subject === 'date' ? '' : ` on ${formatDay(day)}`;
  const words = SAYS[says] ?? says;
  if (subject === 'date') return `${day === null ? '' : formatDay(day)} ${words}`;
  return `${subject}${name}${on}: ${words}${inNumbers(numbers)}`;
}

function inNumbers({ used, limit, remaining }: NonNullable<Step['numbers']>): string {
  if (remaining !== undefined) return ` (${remaining} left)`;
  if (used === undefined) return '';
  return limit === null || limit === undefined
    ? ` (${used} this month, no limit)`
    : ` (${used} of ${limit} this month)`;
}
