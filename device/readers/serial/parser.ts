const CR = 0x0d;
const LF = 0x0a;
const MOST_BYTES = 512;

/**
 * Cuts a stream of bytes into codes. CR, LF or CRLF ends a code, and `end` does. Empty codes are nothing; a code that is
 * longer than 512 bytes or no valid UTF-8 is dropped whole. Never holds more than 512 bytes.
 */
export class CodeParser {
  readonly #bytes = new Uint8Array(MOST_BYTES);
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #length = 0;
  #tooLong = false;

  /** Something has come since the last end. */
  get collecting(): boolean {
    return this.#length > 0 || this.#tooLong;
  }

  /** Takes bytes and returns the codes that ended within them. */
  feed(bytes: Uint8Array): string[] {
    const codes: string[] = [];
    for (const byte of bytes) {
      if (byte === CR || byte === LF) codes.push(...this.end());
      else this.#take(byte);
    }
    return codes;
  }

  /** Ends what was collected, as CR would: for silence. */
  end(): string[] {
    const bytes = this.#bytes.subarray(0, this.#length);
    const isCode = this.#length > 0 && !this.#tooLong;
    this.reset();
    if (!isCode) return [];
    try {
      return [this.#decoder.decode(bytes)];
    } catch {
      return [];
    }
  }

  /** Forgets what was collected: the rest of it will never come. */
  reset(): void {
    this.#length = 0;
    this.#tooLong = false;
  }

  #take(byte: number): void {
    if (this.#length === MOST_BYTES) {
      this.#tooLong = true;
      return;
    }
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }
}
