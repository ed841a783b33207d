/** Why something that was asked of the controller was not done, and until when it is no use to ask again. Pure. */
import type * as z from 'zod';
import type { FirstManagerInput, Person, StaffFault } from '../../../main/contract/staff.ts';
import type { Clock } from '../../parts/clock.ts';

/** `away`: nobody answered. `many`: calls come too fast. `pins-differ`: nothing was asked. */
export type DeskFault = StaffFault | 'away' | 'many' | 'pins-differ';

export interface Refusal {
  readonly ok: false;
  readonly fault: DeskFault;
  /** On the page's monotonic clock: before, it is no use to try again; null: at once. */
  readonly untilMono: number | null;
  /** After a wrong PIN or code, as many may be wrong yet, the last of which brings a pause. */
  readonly triesLeft: number | null;
}
export type Asked<T> = { readonly ok: true; readonly value: T } | Refusal;

/** Where staff and technicians sign in. */
export interface Entrance {
  signIn(staffId: string, pin: string): Promise<Asked<Person>>;
  makeFirstManager(input: z.infer<typeof FirstManagerInput>): Promise<Asked<Person>>;
}

/** Calls that come too fast are counted off again by then. */
const MANY_MS = 2_000;
export const AWAY: Refusal = { ok: false, fault: 'away', untilMono: null, triesLeft: null };

interface Refused {
  readonly fault: DeskFault;
  readonly waitMs: number | null;
  readonly triesLeft: number | null;
}

export function refused(clock: Clock, { fault, waitMs, triesLeft }: Refused): Refusal {
  return { ok: false, fault, untilMono: waitMs === null ? null : clock.mono() + waitMs, triesLeft };
}

/** Of a call that came to no answer. */
export function failed(clock: Clock, error: unknown): Refusal {
  return codeOf(error) === 'too-many' ? refused(clock, { fault: 'many', waitMs: MANY_MS, triesLeft: null }) : AWAY;
}

export function codeOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('data' in error)) return null;
  const { data } = error;
  return typeof data === 'object' && data !== null && 'code' in data ? data.code : null;
}
