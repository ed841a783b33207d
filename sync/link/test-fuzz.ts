/**
 * Several units and their hub over lines that are flushed by hand, in a time that only this moves: connections that end
 * at any byte, messages that arrive when nobody waits for them any more, ends and beginnings of either side, clocks that
 * jump, disks that are full. In the end, with everybody at rest, each event is at the hub once and all replicas are equal.
 */
import { isDeepStrictEqual } from 'node:util';
import { Chance } from '../../build/soak/chance.ts';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { ok } from '../../main/core/result.ts';
import { Link } from './link.ts';
import type { Replica } from './ports.ts';
import { ADDRESS, type FarEnd, type HandLine, HandNetwork, NO_READER } from './testing.ts';

export interface SyncFuzzReport {
  readonly runs: number;
  readonly events: number;
  readonly connections: number;
  /** What didn't hold, with the seed that shows it. */
  readonly findings: readonly string[];
}

/** A unit's store with what its people do. */
export interface FuzzStore {
  readonly replica: Replica;
  /** Somebody comes, or goes, or is given something back. */
  act(chance: Chance): void;
  /** Writing fails from now on, or works again. */
  setBroken(broken: boolean): void;
  /** Bodies of its events. */
  record(): readonly string[];
  close(): void;
}

/** The hub, and whether a unit knows what it knows. */
export interface FuzzHub {
  code(): Promise<string>;
  accept(line: HandLine): FarEnd;
  /** Operators change something. */
  edit(chance: Chance): Promise<void>;
  /** Its process is there. */
  begin(): Promise<void>;
  end(): Promise<void>;
  /** Both while it isn't there: keeps how it is; goes back to that. */
  copy(): Promise<void>;
  restore(): Promise<void>;
  record(unit: string, epoch: number): Promise<readonly string[]>;
  /** What it does elsewhere than in this thread is done. */
  settle(): Promise<void>;
  /** How they differ, in a word. */
  differs(store: FuzzStore): Promise<string | null>;
  /** What shouldn't have happened to it. */
  findings(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Of what a run is made. */
export interface FuzzWorld {
  readonly steps: number;
  readonly makeHub: (clock: VirtualClock) => Promise<FuzzHub>;
  readonly stores: readonly ((clock: VirtualClock) => FuzzStore)[];
}

/** One run a seed. */
export async function fuzzSync(seeds: readonly number[], world: FuzzWorld): Promise<SyncFuzzReport> {
  const findings: string[] = [];
  let [events, connections] = [0, 0];
  for (const seed of seeds) {
    const run = await Run.make(seed, world);
    const found = await run.play(world.steps);
    findings.push(...found.map((finding) => `seed ${seed}: ${finding}`));
    events += run.events;
    connections += run.connections;
    await run.close();
  }
  return { runs: seeds.length, events, connections, findings };
}

/** A unit with what outlives its process. */
class FuzzUnit {
  readonly store: FuzzStore;
  readonly network = new HandNetwork();
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  isQuiet = true;
  isBroken = false;
  link: Link;

  constructor(store: FuzzStore, clock: VirtualClock, chance: Chance) {
    this.store = store;
    this.#clock = clock;
    this.#chance = chance;
    this.link = this.#begin();
  }

  restart(): void {
    this.link.stop();
    // Whoever is killed says no goodbye.
    this.network.lines.at(-1)?.cutHere();
    this.link = this.#begin();
    this.link.start();
  }

  setBroken(broken: boolean): void {
    this.isBroken = broken;
    this.store.setBroken(broken);
  }

  #begin(): Link {
    return new Link({
      clock: this.#clock,
      replica: this.store.replica,
      remote: {
        command: () => Promise.resolve(ok('done')),
        hubTime: () => undefined,
        changed: () => undefined,
        putBack: () => false,
      },
      dialer: this.network,
      reader: NO_READER,
      chance: { nonce: () => this.#chance.bytes(16).toString('base64url'), real: () => this.#chance.real() },
      address: ADDRESS,
      quiet: () => this.isQuiet,
      tell: () => undefined,
      changed: () => undefined,
    });
  }
}

type Act = () => void | Promise<void>;

class Run {
  readonly #chance: Chance;
  readonly #clock: VirtualClock;
  readonly #hub: FuzzHub;
  readonly #units: readonly FuzzUnit[];

  private constructor(chance: Chance, clock: VirtualClock, hub: FuzzHub, units: readonly FuzzUnit[]) {
    this.#chance = chance;
    this.#clock = clock;
    this.#hub = hub;
    this.#units = units;
  }

  static async make(seed: number, world: FuzzWorld): Promise<Run> {
    const chance = new Chance(seed);
    const clock = new VirtualClock();
    const hub = await world.makeHub(clock);
    return new Run(
      chance,
      clock,
      hub,
      world.stores.map((make) => new FuzzUnit(make(clock), clock, chance)),
    );
  }

  get events(): number {
    return this.#units.reduce((sum, { store }) => sum + store.record().length, 0);
  }

  get connections(): number {
    return this.#units.reduce((sum, { network }) => sum + network.lines.length, 0);
  }

  async play(steps: number): Promise<string[]> {
    await this.#pair();
    await this.#calm(20, 5);
    for (let step = 0; step < steps; step += 1) {
      await this.#act();
      await this.#clock.advance(this.#chance.pick([0, 0, 1, 5, 20, 300, 3_000, 40_000]));
    }
    await this.#rest();
    const found = [...(await this.#hub.findings())];
    for (const unit of this.#units) found.push(...(await this.#findings(unit)));
    return found;
  }

  async close(): Promise<void> {
    for (const { link, store } of this.#units) {
      link.stop();
      store.close();
    }
    await this.#hub.close();
  }

  async #pair(): Promise<void> {
    await this.#hubReturns();
    for (const { link, network } of this.#units) {
      const pairing = link.pair({ address: ADDRESS, code: await this.#hub.code(), name: 'unit' });
      for (let round = 0; round < 6; round += 1) {
        await this.#clock.advance(1);
        network.line.flushDown();
        network.line.flushUp();
        await this.#hub.settle();
      }
      const paired = await pairing;
      if (!paired.ok) throw new Error(paired.error);
      link.start();
    }
  }

  async #act(): Promise<void> {
    const unit = this.#chance.pick(this.#units);
    const flush = () => this.#flush(unit);
    const acts: readonly Act[] = [
      () => this.#live(unit),
      () => this.#live(unit),
      () => this.#hub.edit(this.#chance),
      ...[flush, flush, flush, flush],
      () => unit.network.lines.at(-1)?.cut(),
      () => unit.network.lines.at(-1)?.cutHere(),
      () => this.#chance.pick(unit.network.lines).hubNotices(),
      () => this.#rarely(unit),
    ];
    await this.#chance.pick(acts)();
  }

  async #rarely(unit: FuzzUnit): Promise<void> {
    const acts: readonly Act[] = [
      () => unit.restart(),
      () => this.#hubEnds(),
      () => this.#hubReturns(),
      () => this.#hubAgain(() => this.#hub.copy()),
      () => this.#hubAgain(() => this.#hub.restore()),
      () => this.#clock.setWall(this.#clock.wall() + Math.round(this.#chance.between(-1e7, 1e7))),
      () => {
        unit.isQuiet = !unit.isQuiet;
      },
      () => unit.setBroken(!unit.isBroken),
    ];
    await this.#chance.pick(acts)();
  }

  #live({ store, link, isBroken }: FuzzUnit): void {
    if (isBroken) return;
    store.act(this.#chance);
    link.recorded();
  }

  async #flush({ network }: FuzzUnit): Promise<void> {
    const line = this.#chance.oneIn(5) ? this.#chance.pick(network.lines) : network.line;
    const most = this.#chance.oneIn(3) ? 1 + this.#chance.below(3) : Number.POSITIVE_INFINITY;
    if (this.#chance.oneIn(2)) line.flushUp(most);
    else line.flushDown(most);
    await this.#hub.settle();
  }

  async #hubEnds(): Promise<void> {
    for (const { network } of this.#units) {
      network.answer = null;
      for (const line of network.lines) line.hubLeaves();
    }
    await this.#hub.end();
  }

  async #hubReturns(): Promise<void> {
    await this.#hub.begin();
    for (const { network } of this.#units) network.answer = (line) => this.#hub.accept(line);
  }

  async #hubAgain(meanwhile: () => Promise<void>): Promise<void> {
    await this.#hubEnds();
    await meanwhile();
    if (this.#chance.oneIn(2)) await this.#hubReturns();
  }

  async #rest(): Promise<void> {
    await this.#hubReturns();
    for (const unit of this.#units) {
      unit.isQuiet = true;
      unit.setBroken(false);
    }
    await this.#calm(60, 5);
    await this.#calm(60, 3_000);
  }

  /** Everything arrives, in rounds of so many milliseconds. */
  async #calm(rounds: number, ms: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      await this.#clock.advance(ms);
      for (const line of this.#units.flatMap(({ network }) => network.lines)) {
        line.flushUp();
        line.flushDown();
      }
      await this.#hub.settle();
    }
  }

  async #findings({ store, link }: FuzzUnit): Promise<string[]> {
    const { unit, epoch } = store.replica.unit();
    const found: string[] = [];
    const own = store.record();
    if (!isDeepStrictEqual(await this.#hub.record(unit, epoch), own)) found.push(`${unit}: the records differ`);
    if (store.replica.acknowledged() !== own.length) found.push(`${unit}: the outbox isn’t empty`);
    const { state } = link.report();
    if (state.at !== 'live') found.push(`${unit}: isn’t live, but ${JSON.stringify(state)}`);
    const difference = await this.#hub.differs(store);
    if (difference !== null) found.push(`${unit}: ${difference}`);
    return found;
  }
}
