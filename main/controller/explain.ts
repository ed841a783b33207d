/** Decides an event again, from what it was decided from, and gives the steps. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type Basis, BasisForm } from '../contract/basis.ts';
import { type Decision, type DecisionResult, decideEntry, decideExit, decideWithoutSite } from '../core/decide.ts';
import { decideEntryInDoubt } from '../core/doubt.ts';
import { err, ok, type Result } from '../core/result.ts';
import { compileRules } from '../core/rules.ts';
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
  const { result } = decideAgain(store, event.revision, basis, (step) => steps.push(step));
  return ok({ event, basis, result, same: isDeepStrictEqual(result, event.result), steps });
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
