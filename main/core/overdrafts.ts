/** What was spent of a right beyond what there was, and by which events: never refused afterwards, always named. */

/** One event's use of a right. */
export interface Use {
  /** `unit/epoch/seq` of its event. */
  readonly id: string;
  /** Epoch ms of its event. */
  readonly at: number;
  readonly uses: number;
  /** A band's date (epoch day), which counts once whoever counts it; null: a ticket's use. */
  readonly day: number | null;
}

export interface Overdraft {
  readonly by: number;
  /** Those that came when nothing was left, in their order. */
  readonly events: readonly string[];
}

/** @param total all that there was for these uses @returns null where it was enough */
export function overdraftOf(total: number, uses: readonly Use[]): Overdraft | null {
  const inOrder = [...uses].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const days = new Set<number>();
  const events: string[] = [];
  let left = Math.max(0, total);
  let by = 0;
  for (const { id, day, uses: count } of inOrder) {
    if (day !== null && days.has(day)) continue;
    if (day !== null) days.add(day);
    const beyond = Math.max(0, count - left);
    left = Math.max(0, left - count);
    if (beyond === 0) continue;
    by += beyond;
    events.push(id);
  }
  return by === 0 ? null : { by, events };
}
