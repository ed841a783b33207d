/** Whom a code names: by a signed pass, or as a static code. */
import type { ClockTrust } from '../core/clock.ts';
import type { MemberFacts } from '../core/facts.ts';
import { type FactsWindow, factsWindow } from '../core/moment.ts';
import type { DoorRules } from '../core/rules.ts';
import type { FactsReader } from '../store/facts.ts';
import type { GoodPass } from './passes/pass-checker.ts';
import type { UsedPasses } from './passes/used-passes.ts';
import type { LoadedSite } from './site-cache.ts';

export interface Place {
  readonly site: LoadedSite;
  readonly door: DoorRules;
}

export interface Identified {
  readonly member: MemberFacts | null;
  /** The pass that names the member, to be noted as used once it has opened; null: a static code, or a bad pass. */
  readonly pass: GoodPass | null;
  /** For the event: which pass it was, or why it is none. */
  readonly detail: { readonly pass?: string };
}

/** @param used `NOTHING_USED` at an exit @param shownAt when the code was held up, epoch ms: then a pass had to be good */
export function identify(
  facts: FactsReader,
  used: Pick<UsedPasses, 'isUsed'>,
  { site, door }: Place,
  code: string,
  at: number,
  trust: ClockTrust,
  shownAt: number = at,
): Identified {
  const window = factsWindow(site.rules, at);
  const pass = site.passes?.check(code, { doorId: door.id, at: shownAt, trust, used }) ?? null;
  if (pass === null) return byStaticCode(facts, { site, door }, code, window);
  if (!pass.ok) return { member: null, pass: null, detail: { pass: pass.why } };
  return { member: facts.memberById(pass.memberId, door.placeId, window), pass, detail: { pass: pass.passId } };
}

/** A plan may want passes alone: for it a printed or static code is none. */
function byStaticCode(facts: FactsReader, { site, door }: Place, code: string, window: FactsWindow): Identified {
  const member = facts.memberByCode(code, door.placeId, window);
  if (member === null || site.staticCodesOff.size === 0) return { member, pass: null, detail: {} };
  const contracts = member.contracts.filter(({ planId }) => !site.staticCodesOff.has(planId));
  const isNone = contracts.length === 0 && member.contracts.length > 0;
  return { member: isNone ? null : { ...member, contracts }, pass: null, detail: isNone ? { pass: 'wanted' } : {} };
}
