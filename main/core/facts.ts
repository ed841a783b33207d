/**
 * What a judgement knows of a member: a snapshot that the store reads in one go. Lists are in the order of the bundle,
 * dates are epoch days, instants epoch milliseconds.
 */
export interface MemberFacts {
  readonly id: string;
  readonly suspended: boolean;
  readonly contracts: readonly ContractFacts[];
  readonly tickets: readonly TicketFacts[];
  /** Booked ones that end after `FactsWindow.at`. */
  readonly reservations: readonly ReservationFacts[];
  /** From `FactsWindow.usageFrom` on. */
  readonly usage: readonly UsageFacts[];
  /** Those at the door's place without an exit that began after `FactsWindow.staysAfter`. */
  readonly stays: readonly StayFacts[];
}

export interface ContractFacts {
  readonly id: string;
  readonly planId: string;
  readonly from: number;
  readonly to: number | null;
}

export interface TicketFacts {
  readonly id: string;
  readonly typeId: string;
  readonly memberId: string;
  readonly issuedOn: number;
  readonly remaining: number;
  /** Used on the business date that is judged. */
  readonly usedToday: boolean;
}

export interface ReservationFacts {
  readonly storeId: string;
  readonly programId: string;
  readonly start: number;
  readonly end: number;
}

export interface UsageFacts {
  readonly contractId: string;
  readonly bandId: string;
  readonly day: number;
}

export interface StayFacts {
  /** The store's number of the stay. */
  readonly id: number;
  readonly enteredAt: number;
  readonly via: Via | null;
}

/** What an entry was granted by; `until`: when leaving stops being in time. */
export interface Via {
  readonly contractId: string;
  readonly until: number | null;
}
