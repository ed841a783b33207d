/**
 * The input reports of bar code scanners on HID usage page 0x8c: report 2, a length, three characters of symbology, 56
 * bytes of data, and a last byte that says by its lowest bit that more is to come. Makers differ in what stands between
 * data and last byte: see the captures.
 */
import { CodeParser } from '../serial/parser.ts';

const DATA_REPORT = 2;
const LENGTH_AT = 1;
const DATA_AT = 5;
const MOST_DATA = 56;

/** Puts reports together to codes. Never holds more than 512 bytes. */
export class PosParser {
  readonly #codes = new CodeParser();

  /** More of a code is to come. */
  get collecting(): boolean {
    return this.#codes.collecting;
  }

  /** Takes a report and returns the codes that ended with it: one, unless the code itself holds line ends. */
  feed(report: Uint8Array): string[] {
    if (report[0] !== DATA_REPORT) return [];
    const length = report[LENGTH_AT] ?? 0;
    const last = report.at(-1);
    if (length > MOST_DATA || report.length <= DATA_AT + MOST_DATA || last === undefined) {
      this.reset();
      return [];
    }
    const codes = this.#codes.feed(report.subarray(DATA_AT, DATA_AT + length));
    return (last & 1) === 1 ? codes : [...codes, ...this.#codes.end()];
  }

  /** Forgets what was collected: the rest of it will never come. */
  reset(): void {
    this.#codes.reset();
  }
}
