/**
 * Master data made ready for deciding: dates and times as numbers, references resolved. Compiled once a revision;
 * judging a scan then neither parses nor searches.
 */
import type { Door, Fee, MasterData, Passback, Plan, Policy, TicketType } from './model.ts';
import { type Occurrence, occurrenceOf } from './occurrence.ts';
import { remembering } from './remembering.ts';
import { HOUR_MS, parseDay } from './time/day.ts';
import { parseTimeOfDay } from './time/instant.ts';
import { Zone } from './time/zone.ts';

/** Occurrences of a band, worked out once a date. */
export interface BandRules {
  readonly id: string;
  /** null where the clocks jump over the whole band. */
  on(day: number): Occurrence | null;
}

export interface StoreRules {
  readonly id: string;
  readonly bands: ReadonlyMap<string, BandRules>;
}

export interface DoorRules {
  readonly id: string;
  readonly placeId: string;
  readonly policy: Policy;
  readonly admitsPlans: readonly string[] | null;
  readonly passback: Passback;
  readonly store: StoreRules;
  readonly fee: Fee | null;
}

export interface Rules {
  readonly zone: Zone;
  /** Minutes after midnight at which a business date begins. */
  readonly dayStart: number;
  readonly maxStayMs: number;
  /** Epoch days. */
  readonly holidays: ReadonlySet<number>;
  readonly stores: ReadonlyMap<string, StoreRules>;
  readonly doors: ReadonlyMap<string, DoorRules>;
  readonly plans: ReadonlyMap<string, Plan>;
  readonly ticketTypes: ReadonlyMap<string, TicketType>;
}

/**
 * @param data master data that has passed validation
 * @throws Error where it hasn't: a reference or a time that is none
 */
export function compileRules(data: MasterData): Rules {
  const zone = new Zone(data.site.timezone);
  const stores = new Map(data.stores.map((store) => [store.id, compileStore(zone, store)]));
  const places = new Map(data.places.map((place) => [place.id, place]));
  const compileDoor = (door: Door): DoorRules => {
    const place = must(places.get(door.placeId), door.placeId);
    return { ...door, store: must(stores.get(place.storeId), place.storeId), fee: place.fee };
  };
  return {
    zone,
    dayStart: minutesOf(data.site.dayStart),
    maxStayMs: data.site.maxStayHours * HOUR_MS,
    holidays: new Set(data.holidays.map(dayNumber)),
    stores,
    doors: new Map(data.doors.map((door) => [door.id, compileDoor(door)])),
    plans: new Map(data.plans.map((plan) => [plan.id, plan])),
    ticketTypes: new Map(data.ticketTypes.map((type) => [type.id, type])),
  };
}

function compileStore(zone: Zone, store: MasterData['stores'][number]): StoreRules {
  const bands = store.bands.map((band): [string, BandRules] => {
    const from = minutesOf(band.from);
    const to = minutesOf(band.to);
    return [band.id, { id: band.id, on: remembering(REMEMBERED_DAYS, (day) => occurrenceOf(zone, day, from, to)) }];
  });
  return { id: store.id, bands: new Map(bands) };
}

/** Almost every question is about yesterday, today or tomorrow. */
const REMEMBERED_DAYS = 128;

function minutesOf(text: string): number {
  return must(parseTimeOfDay(text, true), text);
}

/** The epoch day of a date that has passed validation. */
export function dayNumber(text: string): number {
  return must(parseDay(text), text);
}

function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`the rules refer to ${what}, which is not there`);
  return value;
}
