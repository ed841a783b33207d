/** The tables, as Kysely types. Times are epoch ms; `body` and `detail` are JSON texts, parsed where they are read. */

export interface TenantTable {
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
  /** Of the latest change. Its row is the lock of whoever changes the tenant's data. */
  readonly revision: number;
  /** Of the latest change to what rules are made of. */
  readonly master_revision: number;
  /** A unit that stands before this revision takes a snapshot. */
  readonly horizon: number;
  /** The signatures of arrivals up to this one are checked. */
  readonly proven: number;
}

export interface TokenTable {
  readonly digest: string;
  readonly tenant: string | null;
  readonly role: string;
  readonly person: string;
  readonly created_at: number;
}

export interface PairingTable {
  readonly code_digest: string;
  readonly tenant: string;
  readonly site: string;
  readonly name: string;
  readonly made_by: string;
  readonly expires_at: number;
  /** Who took it; null: nobody yet. */
  readonly unit: string | null;
}

export interface UnitTable {
  readonly unit: string;
  readonly tenant: string;
  readonly site: string;
  readonly name: string;
  readonly key: string;
  readonly paired_at: number;
  readonly revoked_at: number | null;
  readonly applied_revision: number;
  readonly seen_at: number | null;
  readonly queued: number | null;
}

/** One part of a unit's record: a database's life. */
export interface EpochTable {
  readonly tenant: string;
  readonly unit: string;
  readonly epoch: number;
  readonly before: string | null;
  /** The last durable event; 0: none. */
  readonly head: number;
  /** The chain's hash there. */
  readonly hash: Uint8Array;
  /** The unit's signature over it, as it came with the last new events. */
  readonly proof: string | null;
  /** Events up to this one were never here, or are gone. */
  readonly begins_after: number;
}

export interface EventTable {
  readonly tenant: string;
  readonly unit: string;
  readonly epoch: number;
  readonly seq: number;
  /** 0: the event; further ones are contradictions under the same number. */
  readonly variant: number;
  readonly body: Uint8Array;
  /** The chain's hash at it. */
  readonly hash: Uint8Array;
  /** JSON list of words; null: nothing to say. */
  readonly flags: string | null;
  readonly received_at: number;
}

/** Gives arrivals their numbers. Its row is the lock of whoever takes the tenant's events. */
export interface IntakeTable {
  readonly tenant: string;
  /** Of the latest arrival, or above it. */
  readonly last: number;
}

/** A run of new events that is stored and not judged yet. */
export interface ArrivalTable {
  readonly tenant: string;
  /** Grows in the order of commits. */
  readonly number: number;
  readonly unit: string;
  readonly epoch: number;
  /** Numbers of its first and last event. */
  readonly first: number;
  readonly last: number;
  /** Where the unit was when it came. */
  readonly site: string;
  readonly received_at: number;
  /** The unit's signature at `last`, not checked yet; null: it needs no check. */
  readonly proof: string | null;
  /** The chain's hash before `first`; null with `proof`. */
  readonly base: Uint8Array | null;
}

/** What units decide by, row by row; `body` null: it is gone. */
export interface EntityTable {
  readonly tenant: string;
  /** Place in `KINDS`. */
  readonly kind: number;
  readonly id: string;
  readonly position: number;
  readonly origin_unit: string | null;
  readonly origin_epoch: number | null;
  readonly origin_seq: number | null;
  readonly body: string | null;
  readonly revision: number;
  readonly changed_at: number;
  /** The member, or of a ticket's use the ticket. */
  readonly owner: string | null;
  /** What is counted (`subjectOf`); of a stay its place while it is open. */
  readonly subject: string | null;
  /** The date, or of an ended stay the date of its exit. */
  readonly day: string | null;
  /** 1: counts for an event that had only relied on it. */
  readonly inherited: number;
  /** Of a ticket: uses beyond what it had. */
  readonly overdrawn: number;
}

/** Codes and contract ids: each is one member's. */
export interface ClaimTable {
  readonly tenant: string;
  /** `code` or `contract`. */
  readonly what: string;
  readonly value: string;
  readonly member: string;
}

/** Events that found used up what another one had used: should that be given back, it counts for them. */
export interface ReuseTable {
  readonly tenant: string;
  readonly subject: string;
  /** `unit/epoch/seq`. */
  readonly id: string;
  readonly at: string;
  readonly counted: string;
  readonly member: string | null;
  readonly received_at: number;
}

/** Exits, for entries of the same member that come later and were before. */
export interface DepartureTable {
  readonly tenant: string;
  readonly member: string;
  readonly place: string;
  /** Epoch ms. */
  readonly at: number;
  /** As the event has it. */
  readonly said: string;
  readonly id: string;
}

/** What events answered that are gone, by date of the tenant's zone. */
export interface TallyTable {
  readonly tenant: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly unit: string;
  /** Empty where there was none, as `direction`. */
  readonly door: string;
  readonly direction: string;
  readonly reason: string;
  readonly times: number;
}

export interface HandoverTable {
  readonly tenant: string;
  readonly id: string;
  readonly unit: string;
  readonly kind: string;
  /** Empty once it is settled. */
  readonly body: string;
  readonly at: number;
  readonly accepted: number | null;
  readonly settled_by: string | null;
  readonly settled_at: number | null;
}

export interface AlertTable {
  readonly tenant: string;
  readonly id: string;
  readonly at: number;
  readonly unit: string | null;
  readonly kind: string;
  readonly detail: string;
  readonly taken_by: string | null;
  readonly taken_at: number | null;
}

export interface AuditTable {
  readonly id: string;
  readonly tenant: string | null;
  readonly at: number;
  readonly person: string;
  readonly what: string;
  readonly detail: string;
}

export interface HubTables {
  readonly hub: { readonly one: number; readonly sign: string; readonly seal: string };
  readonly tenant: TenantTable;
  readonly token: TokenTable;
  readonly pairing: PairingTable;
  readonly unit: UnitTable;
  readonly epoch: EpochTable;
  readonly event: EventTable;
  readonly intake: IntakeTable;
  readonly arrival: ArrivalTable;
  readonly entity: EntityTable;
  readonly claim: ClaimTable;
  readonly reuse: ReuseTable;
  readonly departure: DepartureTable;
  readonly tally: TallyTable;
  readonly handover: HandoverTable;
  readonly alert: AlertTable;
  readonly audit: AuditTable;
}
