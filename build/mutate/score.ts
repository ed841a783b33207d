/** What a mutation run says: how many mutants the tests killed, and which lived without a reason. */
import type { Reason } from './survivors.ts';

export interface Mutant {
  /** From the repository's folder. */
  readonly file: string;
  readonly line: number;
  /** White space made single, in both. */
  readonly original: string;
  readonly replacement: string;
  /** null: it says nothing (it didn't compile). */
  readonly isKilled: boolean | null;
}

export interface FileScore {
  readonly file: string;
  readonly killed: number;
  readonly lived: number;
}

export interface Score {
  readonly files: readonly FileScore[];
  readonly percent: number;
  /** Survivors without a reason. */
  readonly unexplained: readonly Mutant[];
  /** Reasons, of the files that were looked at, that explain nothing. */
  readonly idle: readonly Reason[];
}

export const LEAST_PERCENT = 90;

/** Where a wrong decision begins: each survivor here wants a reason. */
const STRICT = /^main\/core\/(decide[^/]*|door[^/]*|time\/.*)\.ts$/;

export function scoreOf(mutants: readonly Mutant[], reasons: readonly Reason[]): Score {
  const counted = mutants.filter(({ isKilled }) => isKilled !== null);
  const files = [...Map.groupBy(counted, ({ file }) => file)].map(([file, own]): FileScore => {
    const killed = own.filter(({ isKilled }) => isKilled).length;
    return { file, killed, lived: own.length - killed };
  });
  const lookedAt = new Set(mutants.map(({ file }) => file));
  const idle = reasons.filter(({ file }) => lookedAt.has(file));
  const unexplained = counted.filter((mutant) => {
    if (mutant.isKilled === true) return false;
    const index = idle.findIndex((reason) => isOf(reason, mutant));
    if (index !== -1) idle.splice(index, 1);
    return index === -1;
  });
  const killed = files.reduce((sum, file) => sum + file.killed, 0);
  return { files, percent: counted.length === 0 ? 0 : (100 * killed) / counted.length, unexplained, idle };
}

/** Whether nothing is left to do. */
export function isGood({ percent, unexplained, idle }: Score): boolean {
  return percent >= LEAST_PERCENT && idle.length === 0 && !unexplained.some(isStrict);
}

export function isStrict({ file }: Mutant): boolean {
  return STRICT.test(file);
}

function isOf(reason: Reason, mutant: Mutant): boolean {
  return (
    reason.file === mutant.file && reason.original === mutant.original && reason.replacement === mutant.replacement
  );
}

/** The text from a line and column (both from 1) up to another, white space made single. */
export function textBetween(
  source: string,
  start: { readonly line: number; readonly column: number },
  end: { readonly line: number; readonly column: number },
): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return singleSpaced(
    lines
      .map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined))
      .join('\n'),
  );
}

export function singleSpaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
