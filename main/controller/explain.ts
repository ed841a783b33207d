/** Decides an event again, from what it was decided from, and gives the steps. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type Basis, BasisForm } from '../contract/basis.ts';
import { type Decision, type DecisionResult, decideEntry, decideExit, decideWithoutSite } from '../core/decide.ts';
import { decideEntryInDoubt } from '../core/doubt.ts';
import type { MasterData } from '../core/model.ts';
import { type Remedy, remedyFor } from '../core/remedy.ts';
import { err, ok, type Result } from '../core/result.ts';
import { compileRules, type DoorRules, type Rules } from '../core/rules.ts';
import type { Step } from '../core/steps.ts';
import { digestOf } from '../store/basis.ts';
import type { Store } from '../store/store.ts';

/** As much of an event as a replay needs. */
const Event = z.looseObject({
  seq: z.int(),
  revision: z.int(),
  result: z.record(z.string(), z.unknown()).nullable(),
  detail: z.looseObject({ facts: z.string().optional() }),
});
export type ExplainedEvent = z.infer<typeof Event>;

export interface Explanation {
  readonly event: ExplainedEvent;
  readonly basis: Basis;
  readonly result: DecisionResult;
  /** The event says the same. */
  readonly same: boolean;
  readonly steps: readonly Step[];
  /** Of a refusal, by the data and the moment of then; null where the event doesn't say the same, or none are kept. */
  readonly remedy: RemedyThen | null;
}

export interface RemedyThen {
  readonly remedy: Remedy;
  readonly data: MasterData;
  readonly rules: Rules;
}

/** `not-kept`: what it was decided from is no longer there, or never was; `altered`: it proves nothing. */
export type ExplainFault = 'no-event' | 'no-decision' | 'not-kept' | 'altered';

export function explainEvent(store: Store, seq: number): Result<Explanation, ExplainFault> {
  const body = store.record.find(seq);
  if (body === null) return err('no-event');
  const event = Event.parse(JSON.parse(body));
  if (event.result === null) return err('no-decision');
  const facts = store.basis.find(seq);
  if (facts === null) return err('not-kept');
  if (digestOf(facts) !== event.detail.facts) return err('altered');
  const basis = BasisForm.parse(JSON.parse(facts));
  const steps: Step[] = [];
  const site = siteThen(store, event.revision, basis);
  const decision = decideAgain(site, basis, (step) => steps.push(step));
  const { result } = decision;
  const same = isDeepStrictEqual(result, event.result);
  return ok({ event, basis, result, same, steps, remedy: same ? remedyThen(site, basis, decision) : null });
}

interface SiteThen {
  readonly data: MasterData;
  readonly rules: Rules;
  readonly door: DoorRules;
}

/** null: there was none, or not this door. */
function siteThen(store: Store, revision: number, basis: Basis): SiteThen | null {
  const data = store.masterAt(revision);
  if (data === null) return null;
  const rules = compileRules(data);
  const own = rules.doors.get(basis.door);
  return own === undefined ? null : { data, rules, door: { ...own, policy: basis.policy ?? own.policy } };
}

function remedyThen(site: SiteThen | null, { at, member, doubt }: Basis, decision: Decision): RemedyThen | null {
  const { result, usedUp } = decision;
  if (site === null || result.granted) return null;
  const { data, rules, door } = site;
  return { data, rules, remedy: remedyFor(rules, door, doubt?.trustedAt ?? at, member, result.reason, usedUp) };
}

function decideAgain(site: SiteThen | null, basis: Basis, note: (step: Step) => void): Decision {
  const { at, direction, member, ticketId, doubt = null } = basis;
  if (site === null) return decideWithoutSite(direction);
  const { rules, door } = site;
  if (direction === 'out') return decideExit(rules, door, at, member, note);
  return doubt === null
    ? decideEntry(rules, door, at, member, ticketId, note)
    : decideEntryInDoubt(rules, door, at, doubt, member, note);
}
