/**
 * What a judgement did on its way, as data: noted by the rules while they judge, so that an explanation is the very
 * evaluation. Ids, days and numbers only; whoever shows them has the words.
 */
export interface Step {
  /** The paragraph of the entitlement rules; of the guarantees where the subject is the clock or a lease. */
  readonly rule: string;
  readonly subject: 'clock' | 'member' | 'date' | 'contract' | 'reservation' | 'band' | 'ticket' | 'lease' | 'stay';
  /** Of the subject; null where there is none. */
  readonly id: string | null;
  /** Epoch day that it is about, if any. */
  readonly day: number | null;
  /** A reason code, or one of the good words. */
  readonly says: string;
  /** Counted dates and the limit, or uses that are left. */
  readonly numbers?: { readonly used?: number; readonly limit?: number | null; readonly remaining?: number };
}

export type Note = (step: Step) => void;

/** Nobody asks why. */
export const UNASKED: Note = () => undefined;
