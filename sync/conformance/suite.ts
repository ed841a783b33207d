/** The rules of the protocol that can be seen from outside, in the order in which they are tried. */
import type { Clock } from '../../main/core/clock.ts';
import { Call, type CallOptions, Identity } from './unit.ts';

export interface Trial {
  readonly clock: Clock;
  /** Paired with the first code by the rules themselves. */
  readonly first: Identity;
  /** Paired with the second code, at the same site; without one its rules are left out. */
  readonly second: Identity;
  readonly codes: readonly string[];
  /** A new connection. `options`: what is other than usual. */
  open(options?: Partial<CallOptions>): Call;
}

export interface Rule {
  /** Stable: `pair.once`. */
  readonly id: string;
  readonly text: string;
  /** How many codes it needs. */
  readonly codes: 0 | 1 | 2;
  /** Throws where the hub doesn't do so. */
  run(trial: Trial): Promise<void>;
}

export interface Outcome {
  readonly id: string;
  readonly text: string;
  readonly result: 'ok' | 'failed' | 'left out';
  /** Why it failed. */
  readonly detail: string;
}

export interface SuiteOptions {
  readonly url: string;
  readonly codes: readonly string[];
  readonly clock: Clock;
  readonly waitMs: number;
  readonly ca: string | null;
  readonly told: (outcome: Outcome) => void;
}

export async function runSuite(rules: readonly Rule[], options: SuiteOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const { url, codes, clock, waitMs, ca } = options;
  const calls: Call[] = [];
  const open = (other: Partial<CallOptions> = {}): Call => {
    const call = new Call(url, { clock, waitMs, ca, subprotocol: 'genkan.1', ...other });
    calls.push(call);
    return call;
  };
  const trial: Trial = { clock, codes, open, first: new Identity(), second: new Identity() };
  for (const rule of rules) {
    const outcome = await tryRule(rule, trial);
    // What isn't of the protocol is wrong whatever the rule was about.
    const strange = calls.flatMap((call) => call.strange);
    for (const call of calls.splice(0)) call.end();
    const final: Outcome =
      strange.length > 0 ? { ...outcome, result: 'failed', detail: `not of the protocol: ${strange[0]}` } : outcome;
    outcomes.push(final);
    options.told(final);
  }
  return outcomes;
}

async function tryRule(rule: Rule, trial: Trial): Promise<Outcome> {
  const { id, text } = rule;
  if (rule.codes > trial.codes.length) return { id, text, result: 'left out', detail: `needs ${rule.codes} codes` };
  try {
    await rule.run(trial);
    return { id, text, result: 'ok', detail: '' };
  } catch (error) {
    return { id, text, result: 'failed', detail: error instanceof Error ? error.message : 'unknown' };
  }
}

/** Throws with what was expected. */
export function expect(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`expected ${what}`);
}

export function expectEqual(is: unknown, expected: unknown, what: string): void {
  if (is !== expected) throw new Error(`expected ${what} to be ${String(expected)}, it is ${String(is)}`);
}
