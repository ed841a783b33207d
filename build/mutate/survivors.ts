/**
 * Mutants of main/core that no test can or should kill, each with its reason. An entry explains one survivor; two equal
 * ones in a file need two. The run fails as well when an entry explains nothing any more.
 */
export interface Reason {
  /** From the repository's folder. */
  readonly file: string;
  /** The code as it is, white space made single. */
  readonly original: string;
  /** What it was changed into, white space made single. */
  readonly replacement: string;
  readonly reason: string;
}

const NOT_READ = 'the list is only read for ids, times or bands, and a text has none: as good as empty';

export const REASONS: readonly Reason[] = [
  {
    file: 'main/core/time/zone.ts',
    original: 'first === last',
    replacement: 'false',
    reason: 'the same segments twice give the same answer; looking once saves time',
  },
  {
    file: 'main/core/time/zone.ts',
    original: 'before < from + STRETCH_MS',
    replacement: 'before <= from + STRETCH_MS',
    reason: 'measures a day of the next stretch too, which gives the same answers there',
  },
  {
    file: 'main/core/limits.ts',
    original: 'a.left > b.left',
    replacement: 'a.left >= b.left',
    reason: 'the two differ, as the line asks before',
  },
  {
    file: 'main/core/schedule.ts',
    original: '[]',
    replacement: '["Stryker was here"]',
    reason: NOT_READ,
  },
  {
    file: 'main/core/schedule.ts',
    original: 'contract === null',
    replacement: 'false',
    reason: 'without a contract there is no match either; the compiler wants to be told',
  },
  {
    file: 'main/core/schedule.ts',
    original: 'match?.band',
    replacement: 'match.band',
    reason: 'where there is a right there is a match; the compiler wants to be told',
  },
  {
    file: 'main/core/remedy.ts',
    original: 'member === null || member.suspended',
    replacement: 'false',
    reason: 'their refusals have no remedy of their own, so that the last case says the same',
  },
  {
    file: 'main/core/remedy.ts',
    original: 'from > businessDay',
    replacement: 'from >= businessDay',
    reason: 'a contract that begins today is in effect, and nobody is told that there is none',
  },
  { file: 'main/core/remedy.ts', original: '[]', replacement: '["Stryker was here"]', reason: NOT_READ },
  { file: 'main/core/remedy.ts', original: '[]', replacement: '["Stryker was here"]', reason: NOT_READ },
  {
    file: 'main/core/remedy.ts',
    original: 'at > moment.at',
    replacement: 'at >= moment.at',
    reason: 'at this very moment the rules have refused already, and would again',
  },
  {
    file: 'main/core/clock-trust.ts',
    original: "input.on === 'hub'",
    replacement: 'true',
    reason: 'only the hub brings a time, and no time is near none; the compiler wants to be told',
  },
  {
    file: 'main/core/repeats.ts',
    original: 'now - last > repeatMs',
    replacement: 'false',
    reason: 'what is too old is not found either way; forgetting it keeps no code longer than needed',
  },
  {
    file: 'main/core/repeats.ts',
    original: 'this.#seen.size >= MOST',
    replacement: 'this.#seen.size > MOST',
    reason: 'one code more or less in a flood of a thousand',
  },
];
