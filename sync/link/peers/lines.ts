/** Bytes of a connection to lines of text, bounded. */
import { WIRE } from '../../wire/limits.ts';

const NEWLINE = 0x0a;

export class Lines {
  #parts: Buffer[] = [];
  #size = 0;

  /** @returns the lines that are whole now; null: one is longer than a message may be */
  push(chunk: Buffer): readonly string[] | null {
    const lines: string[] = [];
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      if (this.#size + end > WIRE.messageBytes) return null;
      lines.push(Buffer.concat([...this.#parts, rest.subarray(0, end)]).toString('utf8'));
      this.#parts = [];
      this.#size = 0;
      rest = rest.subarray(end + 1);
    }
    if (this.#size + rest.length > WIRE.messageBytes) return null;
    if (rest.length > 0) this.#parts.push(rest);
    this.#size += rest.length;
    return lines;
  }
}
