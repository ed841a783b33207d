/** A small site and its members for the tests of the rules. */
import { decideEntry, decideExit } from './decide.ts';
import type { MemberFacts } from './facts.ts';
import type { Door, LimitBand, Limits, MasterData, Plan, TicketType } from './model.ts';
import { compileRules, type DoorRules, dayNumber, type Rules } from './rules.ts';
import { parseInstant } from './time/instant.ts';

export const SITE: MasterData = {
  site: { id: 's', name: 'Test', timezone: 'Asia/Tokyo', dayStart: '04:00', maxStayHours: 24 },
  stores: [
    {
      id: 'north',
      name: 'North',
      bands: [
        { id: 'full', name: 'Full', from: '06:00', to: '23:00' },
        { id: 'day', name: 'Day', from: '10:00', to: '17:00' },
        { id: 'morning', name: 'Morning', from: '06:00', to: '10:00' },
        { id: 'night', name: 'Night', from: '22:00', to: '02:00' },
        { id: 'early', name: 'Early', from: '00:30', to: '03:00' },
      ],
    },
    { id: 'south', name: 'South', bands: [{ id: 'day', name: 'Day', from: '09:00', to: '16:00' }] },
  ],
  // A Tuesday and a Monday.
  holidays: ['2026-11-03', '2026-11-23'],
  programs: [
    { id: 'yoga', name: 'Yoga' },
    { id: 'spin', name: 'Spin' },
  ],
  places: [
    { id: 'north-gym', storeId: 'north', name: 'North gym', smaregiStoreId: null, fee: null },
    { id: 'south-gym', storeId: 'south', name: 'South gym', smaregiStoreId: null, fee: null },
  ],
  doors: [
    { id: 'front', placeId: 'north-gym', name: 'Front', policy: 'plan', admitsPlans: null, passback: 'off' },
    {
      id: 'side',
      placeId: 'north-gym',
      name: 'Side',
      policy: 'device-and-plan',
      admitsPlans: ['vip'],
      passback: 'off',
    },
    { id: 'keys', placeId: 'north-gym', name: 'Keys', policy: 'schedule', admitsPlans: null, passback: 'off' },
    { id: 'face', placeId: 'north-gym', name: 'Face', policy: 'record-only', admitsPlans: null, passback: 'deny' },
    { id: 'strict', placeId: 'north-gym', name: 'Strict', policy: 'plan', admitsPlans: null, passback: 'deny' },
    { id: 'south', placeId: 'south-gym', name: 'South', policy: 'plan', admitsPlans: null, passback: 'warn' },
  ],
  plans: [],
  ticketTypes: [],
};

export function band(bandId: string, more: Partial<LimitBand> = {}): LimitBand {
  return { bandId, weekdays: null, holiday: 'as-weekday', monthlyLimit: null, ...more };
}

export function limits(bands: readonly LimitBand[], more: Partial<Limits> = {}): Limits {
  return { mode: 'limits', bands, earlyMinutes: 0, lateMinutes: 0, freeWithReservation: null, ...more };
}

export function plan(id: string, entry: Plan['entry'], more: Partial<Plan> = {}): Plan {
  return { id, name: id, kind: 'standard', storeIds: null, stayFee: 'place', entry, booking: null, ...more };
}

export function ticketType(
  id: string,
  entry: Partial<NonNullable<TicketType['entry']>> | null,
  more: Partial<TicketType> = {},
): TicketType {
  const scope = { storeIds: null, bandIds: null, weekdays: null, consume: 'entry', ...entry } as const;
  const type = {
    id,
    name: id,
    uses: 10,
    validDays: null,
    price: 0,
    present: 'qr',
    description: null,
    image: null,
  } as const;
  return { ...type, entry: entry === null ? null : scope, ...more };
}

/** A member with one contract for each plan named, ids `c-PLAN`, from 2026-01-01 without end. */
export function member(plans: readonly string[], more: Partial<MemberFacts> = {}): MemberFacts {
  const contracts = plans.map((planId) => ({ id: `c-${planId}`, planId, from: dayNumber('2026-01-01'), to: null }));
  return {
    id: 'm',
    suspended: false,
    contracts,
    tickets: [],
    reservations: [],
    usage: [],
    stays: [],
    leases: null,
    ...more,
  };
}

export function ticket(
  id: string,
  typeId: string,
  more: Partial<MemberFacts['tickets'][number]> = {},
): MemberFacts['tickets'][number] {
  return {
    id,
    typeId,
    memberId: 'm',
    issuedOn: dayNumber('2026-01-01'),
    remaining: 3,
    usedToday: false,
    lease: null,
    ...more,
  };
}

export function usage(planId: string, bandId: string, ...dates: readonly string[]): MemberFacts['usage'] {
  return dates.map((date) => ({ contractId: `c-${planId}`, bandId, day: dayNumber(date) }));
}

export function at(time: string): number {
  const instant = parseInstant(time.length === 16 ? `${time}:00+09:00` : time);
  if (instant === null) throw new Error(`${time} is no time`);
  return instant;
}

export function rulesOf(data: Partial<MasterData> = {}): Rules {
  return compileRules({ ...SITE, ...data });
}

export function doorOf(rules: Rules, id: string, more: Partial<Door> = {}): DoorRules {
  const door = rules.doors.get(id);
  if (door === undefined) throw new Error(`no door ${id}`);
  return { ...door, ...more };
}

export function enter(
  rules: Rules,
  door: string,
  time: string,
  who: MemberFacts | null,
  ticketId: string | null = null,
) {
  return decideEntry(rules, doorOf(rules, door), at(time), who, ticketId);
}

export function leave(rules: Rules, door: string, time: string, who: MemberFacts | null) {
  return decideExit(rules, doorOf(rules, door), at(time), who);
}
