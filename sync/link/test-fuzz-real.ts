/** The world as it is: real stores with the real rules, the real hub over SQLite; only time and lines are made up. */
import { verify } from 'node:crypto';
import type { Chance } from '../../build/soak/chance.ts';
import type { VirtualClock } from '../../device/clock/virtual.ts';
import { decideEntry, decideExit } from '../../main/core/decide.ts';
import { factsWindow, momentOf } from '../../main/core/moment.ts';
import { compileRules } from '../../main/core/rules.ts';
import { digestOfSite } from '../../main/store/digest.ts';
import { withEffects } from '../../main/store/effects.ts';
import { Store } from '../../main/store/store.ts';
import { GYM, KEYS, must } from '../../main/store/testing.ts';
import type { Replica } from './ports.ts';
import type { FuzzHub, FuzzStore, FuzzWorld } from './test-fuzz.ts';
import { RealHub, TENANT } from './test-real-hub.ts';
import { type FarEnd, type HandLine, makeKey } from './testing.ts';

const MEMBERS = ['ann', 'bob', 'cho'];
const WRITES = ['acknowledge', 'taken', 'beginSnapshot', 'stage', 'finishSnapshot', 'applyDelta'];

class RealStore implements FuzzStore {
  readonly replica: Replica;
  readonly #clock: VirtualClock;
  readonly #store: Store;
  readonly #granted: { readonly seq: number; readonly memberId: string }[] = [];
  #isBroken = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.#store = must(Store.open(':memory:', KEYS));
    let pieces = 0;
    const replica = this.#store.replica(() => {
      pieces += 1;
      return pieces;
    });
    this.replica = new Proxy(replica, {
      get: (target, key) => {
        if (this.#isBroken && WRITES.includes(String(key))) throw new Error('full');
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Each once a few hours, so that dates and months change. */
  act(chance: Chance): void {
    this.#clock.setWall(this.#clock.wall() + chance.below(6 * 3_600_000));
    for (let count = chance.below(4); count >= 0; count -= 1) {
      if (chance.oneIn(5)) this.#undo(chance);
      else this.#scan(chance);
    }
  }

  setBroken(broken: boolean): void {
    this.#isBroken = broken;
  }

  record(): readonly string[] {
    return [...this.#store.record.since(0)];
  }

  close(): void {
    this.#store.close();
  }

  #scan(chance: Chance): void {
    const master = this.#store.master();
    if (master === null) return;
    const rules = compileRules(master);
    const [door] = rules.doors.values();
    if (door === undefined) return;
    const memberId = chance.pick(MEMBERS);
    const direction = chance.oneIn(3) ? 'out' : 'in';
    const ticketId = chance.oneIn(3) ? `k-${memberId}` : null;
    const at = this.#clock.wall();
    const seq = must(
      this.#store.transact((writer) => {
        const member = writer.facts.memberById(memberId, door.placeId, factsWindow(rules, at));
        const decided =
          direction === 'in' ? decideEntry(rules, door, at, member, ticketId) : decideExit(rules, door, at, member);
        const { result, changes } = decided;
        const detail = withEffects({}, writer.history.effects(result.memberId, changes));
        const about = { readerId: 'r', of: null, clock: 'synced', doorId: door.id } as const;
        const number = writer.record.append({ ...about, at, type: 'scan', direction, result, detail });
        writer.history.apply(number, at, result.memberId, changes);
        return direction === 'in' && result.granted ? number : 0;
      }),
    );
    if (seq > 0) this.#granted.push({ seq, memberId });
  }

  #undo(chance: Chance): void {
    const master = this.#store.master();
    if (master === null || this.#granted.length === 0) return;
    const { seq: of, memberId } = chance.pick(this.#granted.slice(-3));
    const at = this.#clock.wall();
    const { businessDay } = momentOf(compileRules(master), at);
    const none = { doorId: null, readerId: null, direction: null, result: null, clock: 'synced' } as const;
    must(
      this.#store.transact(({ record, undo }) => {
        if (undo.isUndone(of)) return;
        const plan = undo.plan(of, memberId);
        const seq = record.append({ at, type: 'undo', of, ...none, detail: { effects: plan.effects } });
        undo.undo(plan, seq, businessDay);
      }),
    );
  }
}

class RealWorld implements FuzzHub {
  readonly #hub: RealHub;
  #units = 0;

  constructor(hub: RealHub) {
    this.#hub = hub;
  }

  code(): Promise<string> {
    this.#units += 1;
    return this.#hub.code(`site-${this.#units % 2}`);
  }

  accept(line: HandLine): FarEnd {
    return this.#hub.accept(line);
  }

  /** Somebody gets another code, another name, is suspended or not any more. */
  async edit(chance: Chance): Promise<void> {
    const member = GYM.members.find(({ id }) => id === chance.pick(MEMBERS));
    if (!this.#hub.isThere || member === undefined) return;
    const suspended = { profile: chance.oneIn(4), identity: false };
    const body = { ...member, codes: [`CODE-${member.id}`], contracts: [...member.contracts], suspended };
    const position = GYM.members.indexOf(member);
    const name = `N${chance.below(1_000)}`;
    must(
      await this.#hub.store.change(
        TENANT,
        [{ kind: 'member', id: member.id, position, body: { ...body, name } }],
        'ana',
        1,
      ),
    );
  }

  begin(): Promise<void> {
    return this.#hub.begin();
  }

  end(): Promise<void> {
    return this.#hub.end();
  }

  async copy(): Promise<void> {
    await this.#hub.copy();
  }

  restore(): Promise<void> {
    return this.#hub.restore();
  }

  record(unit: string, epoch: number): Promise<readonly string[]> {
    return this.#hub.record(unit, epoch);
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) await Promise.all(Array.from({ length: 4 }, checked));
  }

  async differs({ replica }: FuzzStore): Promise<string | null> {
    const there = digestOfSite(await this.#hub.store.exportSite(TENANT));
    return replica.digest() === there ? null : 'another digest than the hub’s';
  }

  async findings(): Promise<readonly string[]> {
    const alerts = await this.#hub.store.alerts(TENANT, 1_000);
    return [...new Set(alerts.map(({ kind }) => kind))].filter((kind) => WRONG.includes(kind));
  }

  close(): Promise<void> {
    return this.#hub.close();
  }
}

/** What the hub says of a record that isn't as it should be. */
const WRONG = ['chain', 'contradiction', 'gap', 'form', 'unknown-member'];
const KEY = makeKey();
const PROOF = Buffer.from(KEY.sign('x'), 'base64url');

/** The hub checks signatures on other threads: what it began before is done after. */
function checked(): Promise<void> {
  const key = { key: { kty: 'OKP', crv: 'Ed25519', x: KEY.publicKey }, format: 'jwk' } as const;
  return new Promise((resolve) => {
    verify(null, Buffer.from('x'), key, PROOF, () => resolve());
  });
}

export const REAL: FuzzWorld = {
  steps: 80,
  makeHub: async (clock) => new RealWorld(await RealHub.make(clock, GYM)),
  stores: [0, 1, 2].map(() => (clock) => new RealStore(clock)),
};
