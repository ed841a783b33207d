import type { MemberFacts, StayFacts } from './facts.ts';
import type { DoorRules, Rules } from './rules.ts';
import { planOf } from './schedule.ts';

/** What a stay of `minutes` costs, in yen, tax included (entitlements 4). */
export function feeOf(rules: Rules, door: DoorRules, member: MemberFacts, stay: StayFacts, minutes: number): number {
  const { fee } = door;
  if (fee === null || isFree(rules, member, stay) || minutes <= fee.freeMinutes) return 0;
  const units = Math.ceil(Math.max(0, minutes - fee.firstMinutes) / fee.unitMinutes);
  const price = fee.firstPrice + units * fee.unitPrice;
  return fee.maxPrice === null ? price : Math.min(price, fee.maxPrice);
}

/** Entered by a plan that has stays included. Without a contract, as after an override, the place's fee holds. */
function isFree(rules: Rules, member: MemberFacts, { via }: StayFacts): boolean {
  const contract = member.contracts.find(({ id }) => id === via?.contractId);
  return contract !== undefined && planOf(rules, contract).stayFee === 'none';
}
