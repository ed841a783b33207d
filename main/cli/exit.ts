export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Where a command writes, and how it ends. */
export interface Console {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Ends the process once all that was written is out. */
  readonly exit: (code: number) => void;
}

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Says what is wrong, a line each. Returns the status to end with. */
export function fail(console: Console, lines: readonly string[], code: ExitCode = EXIT.failed): ExitCode {
  console.err(lines.map((line) => `genkan: ${line}\n`).join(''));
  return code;
}
