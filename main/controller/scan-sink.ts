import type { EntryBar } from '../core/door-orders.ts';
import type { JudgedScan, ReaderPlace } from './judge-scan.ts';

/** Why a scan was turned away unjudged: the lock was away, the record could not be written, or the door lets nobody in. */
export type Unjudged = 'lock-away' | 'store-failure' | Exclude<EntryBar, 'lock'>;

/** What a reading leads to. */
export interface ScanSink {
  /** Command the door. The record of `event` is durable; below 0: in the reserve, or an exit that isn't recorded yet. */
  grant(doorId: string, event: number, by: 'entry' | 'exit'): void;
  /** Somebody wants in, and is judged now. */
  entryWanted(): void;
  /** Somebody wants out: should the record take long, the door opens without it. `grant` follows. */
  exitWanted(doorId: string): void;
  /** Told after the door was commanded. */
  judged(scan: JudgedScan, seq: number): void;
  /** An entry was not judged: nothing is used up. @param at epoch ms, as on record */
  unjudged(place: ReaderPlace, why: Unjudged, event: number, at: number): void;
  /** Opens for a code of staff, which is no entry. False: it is none; else why the door stays shut, null: it opens. */
  staffCode(place: ReaderPlace, text: string): Unjudged | null | false;
  /** Why nobody is let in there now; null: judge. */
  bar(doorId: string): EntryBar | null;
}
