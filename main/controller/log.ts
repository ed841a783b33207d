import pino from 'pino';

export type Log = pino.Logger;

const MOST_LINES = 500;
const LONGEST_LINE = 2_000;

/** The last lines of the log, for who looks after the unit: a service manager's journal is not on the screen. */
export class LogTail {
  #lines: string[] = [];

  write(line: string): void {
    this.#lines.push(line.trimEnd().slice(0, LONGEST_LINE));
    if (this.#lines.length > MOST_LINES * 2) this.#lines = this.#lines.slice(-MOST_LINES);
  }

  /** Oldest first, 500 at most. */
  last(count: number): string[] {
    return this.#lines.slice(-Math.min(count, MOST_LINES));
  }
}

/** Lines of JSON on standard error. Names, codes, PINs and tokens never reach it. */
export function makeLog(tail: LogTail): Log {
  const out = pino.destination({ dest: 2, sync: true });
  const both = {
    write: (line: string) => {
      tail.write(line);
      out.write(line);
    },
  };
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, both);
}
