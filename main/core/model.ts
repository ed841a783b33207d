/**
 * The site bundle `genkan-site/1`, as it is written: what a door needs to decide, in one document. Dates are
 * `YYYY-MM-DD`, times of day `HH:MM`, instants RFC 3339. `null` means all, `[]` means none. `main/contract/site.ts`
 * checks documents against this.
 */
import type { Weekday } from './time/day.ts';

export type { Weekday };

export type Policy = 'plan' | 'device-and-plan' | 'schedule' | 'record-only';
export type Passback = 'off' | 'warn' | 'deny';
export type HolidayRule = 'as-weekday' | 'closed' | 'always' | 'if-weekday';

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  readonly dayStart: string;
  readonly maxStayHours: number;
}

export interface Store {
  readonly id: string;
  readonly name: string;
  readonly bands: readonly { readonly id: string; readonly name: string; readonly from: string; readonly to: string }[];
}

export interface Program {
  readonly id: string;
  readonly name: string;
}

/** Yen, tax included. */
export interface Fee {
  readonly freeMinutes: number;
  readonly firstMinutes: number;
  readonly firstPrice: number;
  readonly unitMinutes: number;
  readonly unitPrice: number;
  readonly maxPrice: number | null;
}

export interface Place {
  readonly id: string;
  readonly storeId: string;
  readonly name: string;
  readonly smaregiStoreId: string | null;
  readonly fee: Fee | null;
}

export interface Door {
  readonly id: string;
  readonly placeId: string;
  readonly name: string;
  readonly policy: Policy;
  readonly admitsPlans: readonly string[] | null;
  readonly passback: Passback;
}

export interface LimitBand {
  readonly bandId: string;
  readonly weekdays: readonly Weekday[] | null;
  readonly holiday: HolidayRule;
  readonly monthlyLimit: number | null;
}

export interface BookingBand {
  readonly bandId: string;
  readonly weekdays: readonly Weekday[] | null;
}

export interface Limits {
  readonly mode: 'limits';
  readonly bands: readonly LimitBand[];
  readonly earlyMinutes: number;
  readonly lateMinutes: number;
  readonly freeWithReservation: null | 'any' | readonly string[];
}

export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly kind: 'standard' | 'school';
  readonly storeIds: readonly string[] | null;
  readonly stayFee: 'place' | 'none';
  readonly entry: { readonly mode: 'open' } | { readonly mode: 'ticket' } | Limits;
  readonly booking: null | { readonly bands: readonly BookingBand[] };
}

export interface Contract {
  readonly id: string;
  readonly planId: string;
  readonly from: string;
  readonly to: string | null;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly kana: string | null;
  readonly codes: readonly string[];
  readonly suspended: { readonly profile: boolean; readonly identity: boolean };
  readonly contracts: readonly Contract[];
}

export interface TicketType {
  readonly id: string;
  readonly name: string;
  readonly uses: number;
  readonly validDays: number | null;
  readonly price: number;
  readonly present: 'button' | 'qr';
  readonly description: string | null;
  readonly image: string | null;
  readonly entry: null | {
    readonly storeIds: readonly string[] | null;
    readonly bandIds: readonly string[] | null;
    readonly weekdays: readonly Weekday[] | null;
    readonly consume: 'day' | 'entry';
  };
}

export interface Ticket {
  readonly id: string;
  readonly typeId: string;
  readonly memberId: string;
  readonly issuedOn: string;
  readonly remaining: number;
}

export interface Reservation {
  readonly id: string;
  readonly memberId: string;
  readonly storeId: string;
  readonly programId: string;
  readonly start: string;
  readonly end: string;
  readonly status: 'booked' | 'cancelled';
}

export interface Usage {
  readonly memberId: string;
  readonly contractId: string;
  readonly bandId: string;
  readonly date: string;
}

export interface TicketUse {
  readonly ticketId: string;
  readonly date: string;
  readonly uses: number;
}

/** A stay that has no exit yet. */
export interface Stay {
  readonly memberId: string;
  readonly placeId: string;
  readonly enteredAt: string;
  readonly via: { readonly contractId: string; readonly until: string | null } | null;
}

/** What seldom changes and is small: a door keeps it in memory. */
export interface MasterData {
  readonly site: Site;
  readonly stores: readonly Store[];
  readonly holidays: readonly string[];
  readonly programs: readonly Program[];
  readonly places: readonly Place[];
  readonly doors: readonly Door[];
  readonly plans: readonly Plan[];
  readonly ticketTypes: readonly TicketType[];
}

export interface SiteBundle extends MasterData {
  readonly format: 'genkan-site/1';
  readonly members: readonly Member[];
  readonly tickets: readonly Ticket[];
  readonly reservations: readonly Reservation[];
  readonly usage: readonly Usage[];
  readonly ticketUses: readonly TicketUse[];
  readonly stays: readonly Stay[];
}
