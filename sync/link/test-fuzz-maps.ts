/** A world of maps: the link alone is on trial, over a hub that is right by its few lines. */
import { isDeepStrictEqual } from 'node:util';
import type { Chance } from '../../build/soak/chance.ts';
import type { VirtualClock } from '../../device/clock/virtual.ts';
import type { Change } from '../wire/entities.ts';
import type { FuzzHub, FuzzStore, FuzzWorld } from './test-fuzz.ts';
import { CODE, ReferenceHub } from './test-hub.ts';
import { type FarEnd, type HandLine, MapReplica } from './testing.ts';

class MapStore implements FuzzStore {
  readonly replica: MapReplica;

  constructor(name: string) {
    this.replica = new MapReplica(name);
  }

  act(chance: Chance): void {
    for (let count = chance.below(20); count >= 0; count -= 1) this.replica.record(chance.oneIn(2));
  }

  setBroken(broken: boolean): void {
    this.replica.broken = broken ? new Error('full') : null;
  }

  record(): readonly string[] {
    return this.replica.bodies;
  }

  close(): void {
    this.replica.rows.clear();
  }
}

class MapHub implements FuzzHub {
  readonly #hub: ReferenceHub;

  constructor(clock: VirtualClock) {
    this.#hub = new ReferenceHub(clock);
  }

  async code(): Promise<string> {
    return CODE;
  }

  accept(line: HandLine): FarEnd {
    return this.#hub.accept(line);
  }

  /** Somebody changes master data, or a right is given back. */
  async edit(chance: Chance): Promise<void> {
    const changes: Change[] = [];
    for (let count = chance.below(6); count >= 0; count -= 1) {
      const id = `p${chance.below(30)}`;
      const name = `n${chance.below(1_000)}`;
      changes.push({ kind: 'program', id, position: 0, body: chance.oneIn(4) ? null : { id, name } });
    }
    const usages = [...this.#hub.standing().values()].filter((row) => row.kind === 'usage');
    if (usages.length > 0 && chance.oneIn(3)) changes.push({ ...chance.pick(usages), body: null });
    this.#hub.change(changes);
  }

  async begin(): Promise<void> {}

  async end(): Promise<void> {}

  async copy(): Promise<void> {
    this.#hub.copy();
  }

  async restore(): Promise<void> {
    this.#hub.restoreOlder();
  }

  async settle(): Promise<void> {}

  async record(unit: string, epoch: number): Promise<readonly string[]> {
    return this.#hub.record(unit, epoch);
  }

  async differs({ replica }: FuzzStore): Promise<string | null> {
    if (!(replica instanceof MapReplica)) throw new Error('a store of this world');
    return isDeepStrictEqual(sorted(replica.rows), sorted(this.#hub.standing())) ? null : 'the rows differ';
  }

  async findings(): Promise<readonly string[]> {
    const { contradictions } = this.#hub;
    return contradictions === 0 ? [] : [`${contradictions} numbers came with other bytes`];
  }

  async close(): Promise<void> {}
}

function sorted(rows: ReadonlyMap<string, Change>): readonly (readonly [string, Change])[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
}

export const MAPS: FuzzWorld = {
  steps: 120,
  makeHub: async (clock) => new MapHub(clock),
  stores: ['u1', 'u2', 'u3'].map((name) => () => new MapStore(name)),
};
