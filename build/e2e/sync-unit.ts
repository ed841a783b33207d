/** A real unit on a cable to a hub, and what tests of the sync ask it. */
import { join } from 'node:path';
import * as z from 'zod';
import { SystemClock } from '../../device/clock/system.ts';
import type { SiteBundle } from '../../main/core/model.ts';
import { openStore } from '../../main/store/data-dir.ts';
import { Appliance, genkan, UnitFolder } from './appliance.ts';
import { Cable } from './cable.ts';
import { type HubProcess, TENANT } from './hub.ts';

const Health = z.looseObject({
  status: z.string(),
  revision: z.int(),
  outbox: z.int(),
  hub: z.looseObject({ state: z.string(), queue: z.int() }).nullable(),
});
export type SyncHealth = z.infer<typeof Health>;

const clock = new SystemClock();
/** A busy machine takes its time, and a link that failed often waits long before it tries again. */
const PATIENCE_MS = 60_000;

/** Characters of the last answer. */
const MOST_SHOWN = 2_000;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after('a pause of the test', ms, resolve);
  });
}

/** Asks until `probe` likes the answer; who can't be asked just now is asked again. @throws Error with the last answer */
export async function soon<T>(
  what: string,
  ask: () => Promise<T>,
  probe: (answer: T) => boolean,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const deadline = clock.mono() + withinMs;
  let last: unknown;
  while (clock.mono() < deadline) {
    try {
      const answer = await ask();
      last = answer;
      if (probe(answer)) return answer;
    } catch (error) {
      last = String(error);
    }
    await pause(100);
  }
  throw new Error(`waited for ${what}; last: ${JSON.stringify(last)?.slice(0, MOST_SHOWN)}`);
}

const reader = (id: string, direction: 'in' | 'out') => ({ id, driver: 'sim', direction });
/** One door with a way in and one out. */
export const DOORS = [
  {
    id: 'front',
    pulseMs: 100,
    repeatMs: 0,
    lock: { driver: 'sim' },
    readers: [reader('front-in', 'in'), reader('front-out', 'out')],
  },
];

export class SyncUnit {
  readonly name: string;
  readonly folder: UnitFolder;
  readonly cable: Cable;
  #unit: Appliance | null = null;

  private constructor(name: string, cable: Cable, config: Readonly<Record<string, unknown>>) {
    this.name = name;
    this.cable = cable;
    this.folder = new UnitFolder({ site: null, hub: { url: cable.url }, doors: DOORS, ...config });
  }

  /** Lays the cable and starts it; it belongs to nobody yet. */
  static async make(name: string, hub: HubProcess, config: Readonly<Record<string, unknown>> = {}): Promise<SyncUnit> {
    const unit = new SyncUnit(name, await Cable.lay(hub.port), config);
    await unit.start();
    return unit;
  }

  get appliance(): Appliance {
    if (this.#unit === null) throw new Error(`${this.name} does not run`);
    return this.#unit;
  }

  async start(): Promise<void> {
    this.#unit = await Appliance.start(this.folder);
  }

  async kill(): Promise<void> {
    await this.#unit?.kill();
  }

  /** As systemd would end it. */
  async stop(): Promise<void> {
    await this.#unit?.stop();
  }

  async remove(): Promise<void> {
    await this.kill();
    this.cable.takeUp();
    this.folder.remove();
  }

  async pair(hub: HubProcess, site: string): Promise<void> {
    const { code } = await hub.calls.pairing.create.mutate({ tenant: TENANT, site, name: this.name, hours: 1 });
    const words = ['pair', this.cable.url, code, '--name', this.name, '--config', this.folder.config];
    const { code: exit, stderr } = await genkan(words);
    if (exit !== 0) throw new Error(`${this.name} was not paired: ${stderr}`);
  }

  get id(): string {
    return String(this.folder.query('SELECT unit_id FROM unit')[0]?.['unit_id']);
  }

  async health(): Promise<SyncHealth> {
    return Health.parse(await (await fetch(`${this.appliance.url}healthz`)).json());
  }

  /** Live, and nothing of it is missing at the hub. */
  async settled(): Promise<void> {
    const probe = ({ hub, outbox }: SyncHealth) => hub?.state === 'live' && outbox === 0;
    await soon(`${this.name} live, its outbox empty`, () => this.health(), probe);
  }

  /** @returns whether the unit was there to be asked */
  async scan(code: string, way: 'in' | 'out' = 'in'): Promise<boolean> {
    const asked = this.appliance.demo('scan', { reader: `front-${way}`, code });
    return asked.then(
      () => true,
      () => false,
    );
  }

  /** The bodies of its record, as they are on its disk. */
  bodies(): string[] {
    return this.folder.query('SELECT body FROM event ORDER BY seq').map(({ body }) => String(body));
  }

  /** All that it decides by. */
  site(): SiteBundle | null {
    const store = openStore(join(this.folder.path, 'data'), 'read');
    if (!store.ok) throw new Error(store.error.detail);
    try {
      return store.value.exportSite();
    } finally {
      store.value.close();
    }
  }
}
