/** `genkan decide FILE`: the engine of the doors, on their store, over cases from a file (entitlements 8). */
import { randomBytes } from 'node:crypto';
import { type Action, type Case, parseActions, parseCaseFile } from '../contract/cases.ts';
import { type DocumentError, errorText } from '../contract/issues.ts';
import { parseSite } from '../contract/site.ts';
import { readJson } from '../controller/config-file.ts';
import {
  type Decision,
  type DecisionResult,
  decideEntry,
  decideExit,
  decideOverride,
  decideRedemption,
} from '../core/decide.ts';
import type { SiteBundle } from '../core/model.ts';
import { factsWindow } from '../core/moment.ts';
import { err, ok, type Result } from '../core/result.ts';
import { compileRules, type DoorRules, type Rules } from '../core/rules.ts';
import { parseInstant } from '../core/time/instant.ts';
import { KEY_BYTES, Keys } from '../store/keys.ts';
import { Store, type Writer } from '../store/store.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';

export type CaseAnswer =
  | { readonly name: string; readonly results: readonly DecisionResult[] }
  | { readonly name: string; readonly error: string };

export function decideCommand(console: Console, file: string): ExitCode {
  const json = readJson(file);
  if (!json.ok) return fail(console, [json.error], EXIT.usage);
  const cases = parseCaseFile(json.value);
  if (!cases.ok) return fail(console, [`${file} is ${cases.error}`], EXIT.usage);
  console.out(`${JSON.stringify({ cases: cases.value.map(answerCase) })}\n`);
  return EXIT.done;
}

export function answerCase({ name, site, actions }: Case): CaseAnswer {
  const results = runCase(site, actions);
  return results.ok ? { name, results: results.value } : { name, error: errorText(results.error) };
}

function runCase(site: unknown, actions: unknown): Result<readonly DecisionResult[], DocumentError> {
  const bundle = parseSite(site);
  if (!bundle.ok) return err(firstOf(bundle.error));
  const doors = new Set(bundle.value.doors.map(({ id }) => id));
  const members = new Set(bundle.value.members.map(({ id }) => id));
  const parsed = parseActions(actions, { doors, members });
  if (!parsed.ok) return err(firstOf(parsed.error));
  return ok(act(bundle.value, parsed.value));
}

function firstOf(errors: readonly DocumentError[]): DocumentError {
  return errors[0] ?? { path: '$', expected: 'a valid document' };
}

function act(bundle: SiteBundle, actions: readonly Action[]): DecisionResult[] {
  const store = must(Store.open(':memory:', new Keys(randomBytes(KEY_BYTES))));
  try {
    must(store.transact((writer) => writer.importSite(bundle, 0)));
    const rules = compileRules(bundle);
    return must(store.transact((writer) => actions.map((action) => decideInStore(rules, writer, action))));
  } finally {
    store.close();
  }
}

/** Decides an action and records it with its changes. Only inside a transaction. */
export function decideInStore(rules: Rules, writer: Writer, action: Action): DecisionResult {
  const at = parseInstant(action.at) ?? 0;
  const decision = decide(rules, writer, action, at);
  const { result } = decision;
  const seq = writer.record.append({
    at,
    type: action.do,
    doorId: action.do === 'redeem' ? null : action.door,
    readerId: null,
    direction: action.do === 'scan' ? action.direction : null,
    result,
    of: null,
    clock: 'synced',
    detail: {},
  });
  writer.history.apply(seq, at, result.memberId, decision.changes);
  return result;
}

function decide(rules: Rules, { facts }: Writer, action: Action, at: number): Decision {
  const window = factsWindow(rules, at);
  if (action.do === 'redeem') {
    return decideRedemption(rules, at, facts.ticket(action.ticketId, window), action.uses);
  }
  const door = doorOf(rules, action.door);
  if (action.do === 'override') {
    const member = action.memberId === null ? null : facts.memberById(action.memberId, door.placeId, window);
    return decideOverride(rules, door, at, member, action.consume);
  }
  const member = facts.memberByCode(action.code, door.placeId, window);
  return action.direction === 'out'
    ? decideExit(rules, door, at, member)
    : decideEntry(rules, door, at, member, action.ticketId ?? null);
}

function doorOf(rules: Rules, id: string): DoorRules {
  const door = rules.doors.get(id);
  if (door === undefined) throw new Error('an action was checked to name a door of the site');
  return door;
}

function must<T>(result: Result<T, { readonly detail: string }>): T {
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
}
