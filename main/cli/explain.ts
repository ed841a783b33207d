/** `genkan explain SEQ`: decides an event again, from what it was decided from, and says the steps. */
import { loadConfig } from '../controller/config-file.ts';
import { type ExplainedEvent, type ExplainFault, explainEvent as explained } from '../controller/explain.ts';
import type { DecisionResult } from '../core/decide.ts';
import { err, ok, type Result } from '../core/result.ts';
import { openStore } from '../store/data-dir.ts';
import type { Store } from '../store/store.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';
import { stepInWords } from './words.ts';

export interface Explanation {
  readonly event: ExplainedEvent;
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
  const found = explained(store, seq);
  if (!found.ok) return err(FAULTS[found.error](seq));
  const { event, result, same, steps } = found.value;
  return ok({ event, result, same, steps: steps.map((step) => ({ rule: step.rule, text: stepInWords(step) })) });
}

const FAULTS: Readonly<Record<ExplainFault, (seq: number) => string>> = {
  'no-event': (seq) => `there is no event ${seq}: genkan events lists them`,
  'no-decision': (seq) => `event ${seq} is no decision: only scans are explained`,
  'not-kept': (seq) => `what event ${seq} was decided from is no longer kept (400 days), or never was`,
  altered: (seq) => `what event ${seq} was decided from was altered: it proves nothing`,
};

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
