/** What the page gets of the unit, and which codes it may hand in. */
import type { MemberWays, PageSource } from '../api/ports.ts';
import type { Clock } from '../core/clock.ts';
import type { PartTap } from './setup/part-tap.ts';
import type { Unit } from './unit.ts';

export function pageOf(
  unit: Unit,
  clock: Clock,
  tap: PartTap,
  status: PageSource['status'],
  ways: MemberWays,
): PageSource {
  const pageReaders = new Set(
    unit.config.doors
      .flatMap(({ readers }) => readers)
      .filter(({ driver }) => driver === 'camera' || driver === 'wedge')
      .map(({ id }) => id),
  );
  return {
    status,
    subscribe: (listener) => unit.screen.subscribe(listener),
    scan: ({ reader, text }) =>
      text !== '' && pageReaders.has(reader) && (tap.read(reader, text) || unit.reading(reader, text, clock.mono())),
    choose: ({ event, ticketId }) => unit.choose(event, ticketId),
    callStaff: ({ door }) => unit.callStaff(door),
    ways,
  };
}
