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
  /** null: there is but one site, which may spend all there is. */
  readonly leases: LeaseFacts | null;
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
  /** null: there is but one site. */
  readonly lease: TicketLease | null;
}

export interface TicketLease {
  /** What this site may spend; below 0 where it has spent more than it had. */
  readonly here: number;
  /** All units of this site are heard, so that nobody else can spend it meanwhile. */
  readonly whole: boolean;
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

/** How entries by bands are shared out among sites. Ranks are places in a contract's order of the sites (`ranksOf`). */
export interface LeaseFacts {
  /** How many sites share; more than one. */
  readonly sites: number;
  readonly whole: boolean;
  /** This site's rank for each contract; null: it isn't one of the roster's. */
  readonly contracts: readonly { readonly id: string; readonly rank: number | null }[];
  /** All of `usage`, and what else counted the same date, with the rank of the site; null: no site of the roster. */
  readonly counted: readonly (UsageFacts & { readonly rank: number | null })[];
  readonly moved: readonly {
    readonly contractId: string;
    readonly bandId: string;
    /** `YYYY-MM`. */
    readonly month: string;
    readonly from: number;
    readonly to: number;
    readonly uses: number;
  }[];
}

/** What an entry was granted by; `until`: when leaving stops being in time. */
export interface Via {
  readonly contractId: string;
  readonly until: number | null;
}
