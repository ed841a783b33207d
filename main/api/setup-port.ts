/** What the page's server needs of the controller for technicians. */
import type * as z from 'zod';
import type { Person } from '../contract/staff.ts';
import type * as tech from '../contract/technician.ts';
import type { Result } from '../core/result.ts';

type In<T extends z.ZodType> = z.infer<T>;
/** The value of an answer. */
type Of<T extends z.ZodType> =
  Extract<z.infer<T>, { readonly ok: true }> extends { readonly value: infer V } ? V : never;

/** Why not, and what is wrong, in lines. */
export interface SetupRefusal {
  readonly fault: tech.SetupFault;
  readonly lines: readonly string[];
}
export type SetupAnswer<T extends z.ZodType> = Result<Of<T>, SetupRefusal>;
type Later<T extends z.ZodType> = Promise<SetupAnswer<T>>;

export interface SetupSource {
  view(): tech.SetupView;
  /** Calls `listener` with the view at every change, at most ten times a second, until the returned function is called. */
  subscribe(listener: (view: tech.SetupView) => void): () => void;
  find(): Later<typeof tech.FindOutput>;
  tryConfig(input: In<typeof tech.ChangesInput>): SetupAnswer<typeof tech.TryOutput>;
  /** The controller begins again with it, and goes back to the former one where it doesn't start. */
  apply(by: Person, input: In<typeof tech.ChangesInput>): SetupAnswer<typeof tech.SetupDone>;
  pulse(by: Person, input: In<typeof tech.PulseInput>): SetupAnswer<typeof tech.SetupDone>;
  note(by: Person, input: In<typeof tech.NoteInput>): SetupAnswer<typeof tech.SetupDone>;
  pair(by: Person, input: In<typeof tech.PairInput>): Later<typeof tech.SetupDone>;
  media(): SetupAnswer<typeof tech.MediaOutput>;
  importFile(by: Person, input: In<typeof tech.ImportInput>): Later<typeof tech.ImportOutput>;
  swap(by: Person, input: In<typeof tech.SwapInput>): Later<typeof tech.SwapOutput>;
  swapStick(by: Person, input: In<typeof tech.SwapStickInput>): Later<typeof tech.SwapStickOutput>;
  clock(): SetupAnswer<typeof tech.ClockOutput>;
  report(by: Person, input: In<typeof tech.ReportInput>): Later<typeof tech.ReportOutput>;
  reports(): SetupAnswer<typeof tech.ReportsOutput>;
  readReport(input: In<typeof tech.ReadReportInput>): SetupAnswer<typeof tech.ReadReportOutput>;
}
