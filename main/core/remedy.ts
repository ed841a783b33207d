/**
 * What would change a refusal, as data: the nearest thing, worked out by the same evaluation that refused.
 * Every field is null or empty where it has nothing to say.
 */
export interface Remedy {
  /** The first instant (epoch ms) at which hours and days would admit, early minutes taken off; at most 31 days ahead. */
  readonly opensAt: number | null;
  /** No contract yet: the first day (epoch day) on which one begins. */
  readonly startsOn: number | null;
  /** The count that is used up, and the first day (epoch day) of the month in which it begins anew. */
  readonly limit: { readonly used: number; readonly limit: number; readonly renewsOn: number } | null;
  /** Tickets of the member that would admit here and now, in the order in which they would be taken. */
  readonly tickets: readonly { readonly ticketId: string; readonly typeId: string; readonly remaining: number }[];
  /** Stores where a contract in effect holds; only when this one is not among them. */
  readonly storeIds: readonly string[];
  /** Doors of this store that a contract in effect may use; only when this one is not among them. */
  readonly doorIds: readonly string[];
  /** Passback: when the open stay began (epoch ms). */
  readonly insideSince: number | null;
}

export const NO_REMEDY: Remedy = {
  opensAt: null,
  startsOn: null,
  limit: null,
  tickets: [],
  storeIds: [],
  doorIds: [],
  insideSince: null,
};
