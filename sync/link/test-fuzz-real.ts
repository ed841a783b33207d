/** The world as it is: real stores, the real hub over its SQLite store; only time and lines are made up. */

import { isDeepStrictEqual } from 'node:util';
import type { Chance } from '../../build/soak/chance.ts';
import type { VirtualClock } from '../../device/clock/virtual.ts';
import { TEST_SITE } from '../../main/controller/testing.ts';
import { digest } from '../hub/keys.ts';
import type { FuzzHub, FuzzStore, FuzzWorld } from './test-fuzz.ts';
import { RealHub, TENANT } from './test-real-hub.ts';
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
  close(): void {}
}

class World implements FuzzHub {
  readonly hub: RealHub;
  #codes = 0;
  constructor(hub: RealHub) {
    this.hub = hub;
  }
  code() {
    this.#codes += 1;
    return this.hub.code(`site-${this.#codes % 2}`);
  }
  accept(line: HandLine): FarEnd {
    return this.hub.accept(line);
  }
  async edit(chance: Chance): Promise<void> {
    if (!this.hub.isThere) return;
    const changes = [];
    for (let count = chance.below(6); count >= 0; count -= 1) {
      const id = `p${chance.below(30)}`;
      changes.push({
        kind: 'program',
        id,
        position: 0,
        body: chance.oneIn(4) ? null : { id, name: `n${chance.below(99)}` },
      } as const);
    }
    await this.hub.store.change(TENANT, changes, 'ana', 1);
  }
  begin() {
    return this.hub.begin();
  }
  end() {
    return this.hub.end();
  }
  copy() {
    return this.hub.copy();
  }
  restore() {
    return this.hub.restore();
  }
  record(unit: string, epoch: number) {
    return this.hub.record(unit, epoch);
  }
  async differs({ replica }: FuzzStore): Promise<string | null> {
    const a = [...(replica as MapReplica).rows].sort(([x], [y]) => (x < y ? -1 : 1));
    const b = [...(await this.hub.standing())].sort(([x], [y]) => (x < y ? -1 : 1));
    if (isDeepStrictEqual(a, b)) return null;
    const am = new Map(a),
      bm = new Map(b);
    const d = [...am]
      .filter(([k, v]) => !isDeepStrictEqual(v, bm.get(k)))
      .map(([k, v]) => `${k} ${JSON.stringify(v)} there ${JSON.stringify(bm.get(k))}`);
    const e = [...bm].filter(([k]) => !am.has(k)).map(([k]) => k);
    return `rows differ ${replica.hubRevision()}: here ${a.length} there ${b.length} ${d.slice(0, 3)} missing ${e.slice(0, 3)}`;
  }
  async findings() {
    const alerts = await this.hub.store.alerts(TENANT, 1000);
    const kinds = new Set(alerts.map(({ kind }) => kind));
    return [...kinds].filter((k) => !['restored'].includes(k));
  }
  close() {
    return this.hub.close();
  }
}
export const REAL: FuzzWorld = {
  steps: 120,
  makeHub: async (clock: VirtualClock) => new World(await RealHub.make(clock, TEST_SITE)),
  stores: ['u1', 'u2', 'u3'].map((n) => () => new MapStore(n)),
};
void digest;
