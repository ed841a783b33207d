/** `genkan explain SEQ`: decides an event again, from what it was decided from, and says the steps. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type Basis, BasisForm } from '../contract/basis.ts';
import { loadConfig } from '../controller/config-file.ts';
import { type Decision, type DecisionResult, decideEntry, decideExit, decideWithoutSite } from '../core/decide.ts';
import { decideEntryInDoubt } from '../core/doubt.ts';
import { err, ok, type Result } from '../core/result.ts';
import { compileRules } from '../core/rules.ts';
import type { Step } from '../core/steps.ts';
import { digestOf } from '../store/basis.ts';
import { openStore } from '../store/data-dir.ts';
import type { Store } from '../store/store.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';
import { stepInWords } from './words.ts';

/** As much of an event as a replay needs. */
const Event = z.looseObject({
  seq: z.int(),
  revision: z.int(),
  result: z.record(z.string(), z.unknown()).nullable(),
  detail: z.looseObject({ facts: z.string().optional() }),
});
type Event = z.infer<typeof Event>;

export interface Explanation {
  readonly event: Event;
  readonly result: DecisionResult;
  /** The event says the same. */
  readonly same: boolean;
  readonly steps: readonly { readonly rule: string; readonly text: string }[];
}

export function explainCommand(console: Console, configFile: string, seq: string, asJson: boolean): ExitCode {
  if (!/^[1-9]\d{0,14}$/.test(seq))
    return fail(console, ['explain takes the number of an event, 1 or more'], EXIT.usage);
  const loaded = loadConfig(configFile);
  if (!loaded.ok) return fail(console, loaded.error);
  const store = openStore(loaded.value.dataDir, 'read');
  if (!store.ok) return fail(console, [store.error.detail]);
  const explained = explainEvent(store.value, Number(seq));
  store.value.close();
  if (!explained.ok) return fail(console, [explained.error]);
  console.out(asJson ? `${JSON.stringify(explained.value)}\n` : inWords(explained.value));
  return explained.value.same ? EXIT.done : EXIT.failed;
}

/** The error is a line for the person who asked. */
export function explainEvent(store: Store, seq: number): Result<Explanation, string> {
  const body = store.record.find(seq);
  if (body === null) return err(`there is no event ${seq}: genkan events lists them`);
  const event = Event.parse(JSON.parse(body));
  if (event.result === null) return err(`event ${seq} is no decision: only scans are explained`);
  const facts = store.basis.find(seq);
  if (facts === null) return err(`what event ${seq} was decided from is no longer kept (400 days), or never was`);
  if (digestOf(facts) !== event.detail.facts)
    return err(`what event ${seq} was decided from was altered: it proves nothing`);
  const steps: Step[] = [];
  const { result } = decideAgain(store, event.revision, BasisForm.parse(JSON.parse(facts)), (step) => steps.push(step));
  const told = steps.map((step) => ({ rule: step.rule, text: stepInWords(step) }));
  return ok({ event, result, same: isDeepStrictEqual(result, event.result), steps: told });
}

function decideAgain(store: Store, revision: number, basis: Basis, note: (step: Step) => void): Decision {
  const { at, direction, member, ticketId, doubt = null } = basis;
  const master = store.masterAt(revision);
  const rules = master === null ? null : compileRules(master);
  const own = rules?.doors.get(basis.door);
  if (rules === null || own === undefined) return decideWithoutSite(direction);
  const door = { ...own, policy: basis.policy ?? own.policy };
  if (direction === 'out') return decideExit(rules, door, at, member, note);
  return doubt === null
    ? decideEntry(rules, door, at, member, ticketId, note)
    : decideEntryInDoubt(rules, door, at, doubt, member, note);
}

function inWords({ event, result, same, steps }: Explanation): string {
  const verdict = `${result.granted ? 'granted' : 'refused'}: ${result.reason}`;
  const lines = [
    `event ${event.seq}: ${verdict}`,
    ...steps.map(({ rule, text }) => `  ${rule.padEnd(6)} ${text}`),
    ...result.warnings.map((warning) => `  warning ${warning}`),
    same ? 'decided again: the same' : 'decided again: NOT the same as on record',
  ];
  return `${lines.join('\n')}\n`;
}
