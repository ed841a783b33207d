/**
 * Several units and their hub over lines that are flushed by hand, in a time that only this moves: connections that end
 * at any byte, messages that arrive when nobody waits for them any more, ends and beginnings of either side, clocks that
 * jump, disks that are full. In the end, with everybody at rest, each event is at the hub once and all replicas are equal.
 */
import { isDeepStrictEqual } from 'node:util';
import { Chance } from '../../build/soak/chance.ts';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { ok } from '../../main/core/result.ts';
import type { Change } from '../wire/entities.ts';
import { Link } from './link.ts';
import { CODE, ReferenceHub } from './test-hub.ts';
import { ADDRESS, HandNetwork, MapReplica } from './testing.ts';

const UNITS = ['u1', 'u2', 'u3'];
const STEPS = 120;

export interface SyncFuzzReport {
  readonly runs: number;
  readonly events: number;
  readonly connections: number;
  /** What didn't hold, with the seed that shows it. */
  readonly findings: readonly string[];
}

/** One run a seed. */
export async function fuzzSync(seeds: readonly number[]): Promise<SyncFuzzReport> {
  const findings: string[] = [];
  let [events, connections] = [0, 0];
  for (const seed of seeds) {
    const run = new Run(seed);
    const found = await run.play();
    findings.push(...found.map((finding) => `seed ${seed}: ${finding}`));
    events += run.events;
    connections += run.connections;
  }
  return { runs: seeds.length, events, connections, findings };
}

/** A unit with what outlives its process. */
class FuzzUnit {
  readonly replica: MapReplica;
  readonly network = new HandNetwork();
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  isQuiet = true;
  link: Link;

  constructor(name: string, clock: VirtualClock, chance: Chance, hub: ReferenceHub) {
    this.replica = new MapReplica(name);
    this.#clock = clock;
    this.#chance = chance;
    this.network.answer = (line) => hub.accept(line);
    this.link = this.#begin();
  }

  restart(): void {
    this.link.stop();
    // Whoever is killed says no goodbye.
    this.network.lines.at(-1)?.cutHere();
    this.link = this.#begin();
    this.link.start();
  }

  #begin(): Link {
    return new Link({
      clock: this.#clock,
      replica: this.replica,
      remote: { command: () => Promise.resolve(ok('done')), hubTime: () => undefined, changed: () => undefined },
      dialer: this.network,
      chance: { nonce: () => this.#nonce(), real: () => this.#chance.real() },
      address: ADDRESS,
      quiet: () => this.isQuiet,
      tell: () => undefined,
      changed: () => undefined,
    });
  }

  #nonce(): string {
    return this.#chance.bytes(16).toString('base64url');
  }
}

class Run {
  readonly #chance: Chance;
  readonly #clock = new VirtualClock();
  readonly #hub = new ReferenceHub(this.#clock);
  readonly #units: readonly FuzzUnit[];
  #isHubAway = false;

  constructor(seed: number) {
    this.#chance = new Chance(seed);
    this.#units = UNITS.map((name) => new FuzzUnit(name, this.#clock, this.#chance, this.#hub));
  }

  get events(): number {
    return this.#units.reduce((sum, { replica }) => sum + replica.bodies.length, 0);
  }

  get connections(): number {
    return this.#units.reduce((sum, { network }) => sum + network.lines.length, 0);
  }

  async play(): Promise<string[]> {
    await this.#pair();
    for (let step = 0; step < STEPS; step += 1) {
      this.#act();
      await this.#clock.advance(this.#chance.pick([0, 0, 1, 5, 20, 300, 3_000, 40_000]));
    }
    await this.#rest();
    return this.#units.flatMap((unit) => this.#findings(unit));
  }

  async #pair(): Promise<void> {
    for (const { link, network } of this.#units) {
      const pairing = link.pair({ address: ADDRESS, code: CODE, name: 'unit' });
      for (let round = 0; round < 6; round += 1) {
        await this.#clock.advance(1);
        network.line.flushDown();
        network.line.flushUp();
      }
      await pairing;
      link.start();
    }
  }

  #act(): void {
    const unit = this.#chance.pick(this.#units);
    const acts: readonly (() => void)[] = [
      () => this.#scan(unit),
      () => this.#scan(unit),
      () => this.#edit(),
      () => this.#flush(unit),
      () => this.#flush(unit),
      () => this.#flush(unit),
      () => this.#flush(unit),
      () => unit.network.lines.at(-1)?.cut(),
      () => unit.network.lines.at(-1)?.cutHere(),
      () => this.#chance.pick(unit.network.lines).hubNotices(),
      () => this.#rarely(unit),
    ];
    this.#chance.pick(acts)();
  }

  #rarely(unit: FuzzUnit): void {
    const acts: readonly (() => void)[] = [
      () => unit.restart(),
      () => this.#hubEnds(),
      () => this.#hubReturns(),
      () => this.#hub.copy(),
      () => this.#hubForgets(),
      () => this.#clock.setWall(this.#clock.wall() + Math.round(this.#chance.between(-1e9, 1e9))),
      () => {
        unit.isQuiet = !unit.isQuiet;
      },
      () => {
        unit.replica.broken = unit.replica.broken === null ? new Error('full') : null;
      },
    ];
    this.#chance.pick(acts)();
  }

  #scan({ replica, link }: FuzzUnit): void {
    for (let count = this.#chance.below(20); count >= 0; count -= 1) replica.record(this.#chance.oneIn(2));
    link.recorded();
  }

  /** Somebody changes master data, or a right is given back. */
  #edit(): void {
    const standing = [...this.#hub.standing().values()];
    const changes: Change[] = [];
    for (let count = this.#chance.below(6); count >= 0; count -= 1) {
      const id = `p${this.#chance.below(30)}`;
      const name = `n${this.#chance.below(1_000)}`;
      changes.push({ kind: 'program', id, position: 0, body: this.#chance.oneIn(4) ? null : { id, name } });
    }
    const usages = standing.filter((row) => row.kind === 'usage');
    if (usages.length > 0 && this.#chance.oneIn(3)) changes.push({ ...this.#chance.pick(usages), body: null });
    this.#hub.change(changes);
  }

  #flush({ network }: FuzzUnit): void {
    const line = this.#chance.oneIn(5) ? this.#chance.pick(network.lines) : network.line;
    const most = this.#chance.oneIn(3) ? 1 + this.#chance.below(3) : Number.POSITIVE_INFINITY;
    if (this.#chance.oneIn(2)) line.flushUp(most);
    else line.flushDown(most);
  }

  #hubEnds(): void {
    this.#isHubAway = true;
    for (const { network } of this.#units) {
      network.answer = null;
      for (const line of network.lines) line.hubLeaves();
    }
  }

  #hubReturns(): void {
    this.#isHubAway = false;
    for (const { network } of this.#units) network.answer = (line) => this.#hub.accept(line);
  }

  /** It is put back to a copy: what came since is unknown to it. */
  #hubForgets(): void {
    this.#hubEnds();
    this.#hub.restoreOlder();
    if (this.#chance.oneIn(2)) this.#hubReturns();
  }

  async #rest(): Promise<void> {
    this.#hubReturns();
    for (const unit of this.#units) {
      unit.isQuiet = true;
      unit.replica.broken = null;
    }
    for (let round = 0; round < 400; round += 1) {
      await this.#clock.advance(round < 300 ? 5 : 3_000);
      for (const line of this.#units.flatMap(({ network }) => network.lines)) {
        line.flushUp();
        line.flushDown();
      }
    }
  }

  #findings({ replica, link }: FuzzUnit): string[] {
    const { unit, epoch } = replica.unit();
    const found: string[] = [];
    if (!isDeepStrictEqual(this.#hub.record(unit, epoch), replica.bodies)) found.push(`${unit}: the records differ`);
    if (replica.acked !== replica.bodies.length) found.push(`${unit}: the outbox isn’t empty`);
    if (!isDeepStrictEqual(sorted(replica.rows), sorted(this.#hub.standing()))) found.push(`${unit}: the rows differ`);
    if (link.report().state.at !== 'live')
      found.push(`${unit}: isn’t live, but ${JSON.stringify(link.report().state)}`);
    if (this.#hub.contradictions > 0) found.push(`${this.#hub.contradictions} numbers came with other bytes`);
    if (this.#isHubAway) found.push('the hub is away');
    return found;
  }
}

function sorted(rows: ReadonlyMap<string, Change>): readonly (readonly [string, Change])[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
}
