/** The list of what happened at the doors, out of what is told. Pure. */
import type { Passage, PassageMessage } from '../../../main/contract/looks.ts';

export const MOST_ROWS = 60;

/** One more: the newest first, each event once, with what the door then did. */
export function withMessage(rows: readonly Passage[], message: PassageMessage): readonly Passage[] {
  if (message.kind === 'outcome')
    return rows.map((row) => (row.event === message.of ? { ...row, outcome: message.outcome } : row));
  const { passage } = message;
  return [passage, ...rows.filter((row) => !isSame(row, passage))].slice(0, MOST_ROWS);
}

/** What was told while the record couldn't be written has a number below 0, and another one once it is recorded. */
function isSame(row: Passage, told: Passage): boolean {
  if (row.event === told.event) return true;
  return row.event < 0 && row.at === told.at && row.doorId === told.doorId && row.direction === told.direction;
}
