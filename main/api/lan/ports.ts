/** What the LAN server needs of the controller. It can hand in what happened; nothing here can open a door. */
import type { TerminalConfig } from '../../contract/lan.ts';
import type { PassageReport } from '../../contract/passage.ts';
import type { Result } from '../../core/result.ts';

export interface RecordedPassage {
  /** The event's number. Its record is durable. */
  readonly event: number;
  /** It was on record already: nothing was written. */
  readonly duplicate: boolean;
}

/** Nothing was written; the terminal is to send it again. */
export type PassageFault = 'no-site' | 'no-door' | 'store';

export interface PassageSink {
  report(terminal: TerminalConfig, passage: PassageReport): Result<RecordedPassage, PassageFault>;
}
