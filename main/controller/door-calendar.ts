/** Orders for the doors what the calendar says: hours held unlocked, hours and days in which nobody comes in. */
import type { Clock, ClockTrust, Timer } from '../core/clock.ts';
import { type ScheduleOrder, scheduledOrder } from '../core/door-schedule.ts';
import { ok } from '../core/result.ts';
import type { DoorFlow } from './door-flow.ts';
import type { Journal } from './journal.ts';
import type { SiteCache } from './site-cache.ts';

const MINUTE_MS = 60_000;

export interface CalendarParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly site: SiteCache;
  readonly trust: () => ClockTrust;
  readonly doors: readonly string[];
  readonly flow: DoorFlow;
}

export class DoorCalendar {
  readonly #parts: CalendarParts;
  #minute: Timer | null = null;

  constructor(parts: CalendarParts) {
    this.#parts = parts;
  }

  /**
   * Orders what holds now, and so at every full minute as long as there is a calendar: a clock that was set is followed
   * too. A doubtful one holds nothing open.
   */
  follow(): void {
    const { clock, site, doors, trust } = this.#parts;
    this.close();
    const here = site.get();
    const wall = clock.wall();
    for (const door of doors) {
      const schedule = here?.schedules.get(door);
      const order = here === null || schedule === undefined ? null : scheduledOrder(here.rules, schedule, wall);
      this.#order(door, order === 'held-unlocked' && trust() === 'doubtful' ? null : order);
    }
    if (!here?.schedules.size) return;
    this.#minute = clock.after('calendar of the doors', MINUTE_MS - (wall % MINUTE_MS), () => this.follow());
  }

  close(): void {
    this.#minute?.cancel();
    this.#minute = null;
  }

  #order(door: string, order: ScheduleOrder | null): void {
    const { flow, journal } = this.#parts;
    if (flow.ordersOf(door)?.schedule === order) return;
    const event = { type: 'system', doorId: door, detail: { what: 'schedule', order } } as const;
    // Nothing is opened without its record; the next minute tries again.
    if (order !== 'held-unlocked') journal.note(event);
    else if (!journal.act((_, note) => ok(note(event))).ok) return;
    flow.order(door, { schedule: order });
  }
}
