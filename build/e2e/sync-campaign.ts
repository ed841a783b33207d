/**
 * Real units and real hubs in trouble: hubs, their database and units end in the middle of what they do, links are cut
 * and led to other hubs, while people come and go. Afterwards every event must be at the hub once, and all must be equal.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { Chance } from '../soak/chance.ts';
import { DEMO_SITE } from './appliance.ts';
import { findingsAtRest } from './at-rest.ts';
import { HubProcess } from './hub.ts';
import { PrivatePostgres } from './postgres.ts';
import { pause, SyncUnit } from './sync-unit.ts';

export type Trouble =
  | 'hub killed'
  | 'hub ended'
  | 'unit killed'
  | 'link cut'
  | 'other hub'
  | 'database crashed'
  | 'database restarted';
export type SyncDatabase = 'sqlite' | 'postgres';

export interface SyncCampaign {
  readonly database: SyncDatabase;
  /** One after the other. */
  readonly troubles: readonly Trouble[];
  readonly seed: number;
}

export interface SyncReport {
  readonly scans: number;
  readonly events: number;
  /** What went wrong; empty when all held. */
  readonly findings: readonly string[];
}

export const DEMO = z
  .looseObject({
    site: z.looseObject({ id: z.string() }),
    members: z.array(z.looseObject({ id: z.string(), codes: z.array(z.string()) })),
  })
  .parse(JSON.parse(readFileSync(DEMO_SITE, 'utf8')));
const CODES = DEMO.members.flatMap(({ codes }) => codes);
/** Few enough that the same people come to both doors. */
const REGULARS = 40;
const TROUBLES: Readonly<Record<SyncDatabase, readonly Trouble[]>> = {
  sqlite: ['hub killed', 'hub killed', 'hub ended', 'unit killed', 'link cut'],
  postgres: ['hub killed', 'unit killed', 'link cut', 'other hub', 'database crashed', 'database restarted'],
};

export function troublesOf(database: SyncDatabase, count: number, seed: number): Trouble[] {
  const chance = new Chance(seed);
  return Array.from({ length: count }, () => chance.pick(TROUBLES[database]));
}

class World {
  readonly #chance: Chance;
  readonly #postgres: PrivatePostgres | null;
  readonly #hubs: HubProcess[] = [];
  readonly #units: SyncUnit[] = [];
  #isBusy = true;
  scans = 0;

  constructor(database: SyncDatabase, seed: number) {
    this.#chance = new Chance(seed);
    this.#postgres = database === 'postgres' ? new PrivatePostgres(true) : null;
  }

  async set(): Promise<void> {
    await this.#postgres?.start();
    const env = this.#postgres === null ? {} : { DATABASE_URL: await this.#postgres.database() };
    for (let count = 0; count < (this.#postgres === null ? 1 : 2); count += 1) this.#hubs.push(new HubProcess(env));
    const [first, ...others] = this.#hubs;
    await first?.found(DEMO);
    for (const hub of others) await hub.start();
    for (const [at, name] of ['Front', 'Back'].entries()) {
      const unit = await SyncUnit.make(name, this.#hubs[at] ?? this.#first);
      this.#units.push(unit);
      await unit.pair(this.#first, DEMO.site.id);
      await unit.settled();
    }
  }

  get #first(): HubProcess {
    const [first] = this.#hubs;
    if (first === undefined) throw new Error('no hub has been started');
    return first;
  }

  /** People come and go at all doors while `troubles` happen one after the other. */
  async live(troubles: readonly Trouble[]): Promise<void> {
    const doors = this.#units.map((unit) => this.#traffic(unit));
    for (const trouble of troubles) {
      await pause(this.#chance.between(300, 1_200));
      await this.#happens(trouble);
    }
    await pause(500);
    this.#isBusy = false;
    await Promise.all(doors);
  }

  async rest(): Promise<SyncReport> {
    for (const unit of this.#units) unit.cable.lead();
    const findings = await findingsAtRest(this.#first, this.#units);
    const events = this.#units.reduce((sum, unit) => sum + unit.bodies().length, 0);
    return { scans: this.scans, events, findings };
  }

  async remove(): Promise<void> {
    for (const unit of this.#units) await unit.remove();
    for (const hub of this.#hubs) await hub.remove();
    await this.#postgres?.remove();
  }

  async #traffic(unit: SyncUnit): Promise<void> {
    while (this.#isBusy) {
      const code = CODES[this.#chance.below(REGULARS)] ?? 'X';
      if (await unit.scan(code, this.#chance.oneIn(3) ? 'out' : 'in')) this.scans += 1;
      await pause(15);
    }
  }

  async #happens(trouble: Trouble): Promise<void> {
    const hub = this.#chance.pick(this.#hubs);
    const unit = this.#chance.pick(this.#units);
    switch (trouble) {
      case 'hub killed':
      case 'hub ended':
        await hub.kill(trouble === 'hub killed' ? 'SIGKILL' : 'SIGTERM');
        await pause(this.#chance.between(0, 500));
        await hub.start();
        return;
      case 'unit killed':
        await unit.kill();
        return unit.start();
      case 'link cut':
        unit.cable.cut();
        await pause(this.#chance.between(0, 1_500));
        return unit.cable.lead();
      case 'other hub':
        return unit.cable.lead(hub.port);
      case 'database crashed':
      case 'database restarted':
        await this.#postgres?.stop(trouble === 'database crashed' ? 'QUIT' : 'INT');
        await pause(this.#chance.between(0, 1_000));
        return this.#postgres?.start();
    }
  }
}

/** @param seed the same seed brings the same troubles at the same moments, as far as the machine lets it */
export async function syncCampaign({ database, troubles, seed }: SyncCampaign): Promise<SyncReport> {
  const world = new World(database, seed);
  try {
    await world.set();
    await world.live(troubles);
    return await world.rest();
  } finally {
    await world.remove();
  }
}
