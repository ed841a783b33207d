/** Can the wall clock be believed? (guarantees 1.7, as far as a start and the kernel's own word can tell.) */
import { existsSync } from 'node:fs';
import type { Clock, ClockTrust } from '../core/clock.ts';

/** systemd-timesyncd makes it once it has set the clock. */
const SYNCHRONISED = '/run/systemd/timesync/synchronized';

/** No unit was built before; a clock that says so has lost its time. */
const BUILT_AFTER = Date.UTC(2026, 10, 1);

/** @param lastEventAt epoch ms of the last event on record, null where there is none */
export function trustAtStart(clock: Clock, lastEventAt: number | null): ClockTrust {
  const now = clock.wall();
  if (now < BUILT_AFTER || (lastEventAt !== null && now < lastEventAt)) return 'doubtful';
  return existsSync(SYNCHRONISED) ? 'synced' : 'held';
}
