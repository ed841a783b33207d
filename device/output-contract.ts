/**
 * What every OutputPort does: what a lock's line does. A lamp that stays on when its program ends misleads; a buzzer that
 * does drives people mad.
 */
import { type LockFixture, lockContract } from './lock-contract.ts';

export function outputContract(name: string, make: () => Promise<LockFixture>): void {
  lockContract(`output ${name}`, make);
}
