/** A real unit of the sync's figures: the installed controller on serial lines, paired with a hub. */
import Database from 'better-sqlite3';
import * as z from 'zod';
import { until } from '../../device/sim/wait.ts';
import type { HubClient } from '../../sync/hub/ctl/client.ts';
import { clock } from '../../sync/hub/test-process.ts';
import { genkan, UnitFolder } from '../e2e/appliance.ts';
import { type Bench, doorConfig } from './door.ts';

/** With a hub beside it on the same machine a command of 100 ms may end before it began. */
const PULSE_MS = 300;

/** A unit that knows its hub and nothing else yet. */
export async function pairedFolder(lines: Bench, admin: HubClient, url: string, tenant: string): Promise<UnitFolder> {
  const doors = [doorConfig(lines.scanner.path, lines.relay.path, PULSE_MS)];
  const folder = new UnitFolder({ site: null, hub: { url }, doors });
  const { code } = await admin.pairing.create.mutate({ tenant, site: 'bench', name: 'Front' });
  const paired = await genkan(['pair', url, code, '--name', 'Front', '--config', folder.config], 'genkan');
  if (paired.code !== 0) throw new Error(`the bench's unit was not paired: ${paired.stderr}`);
  return folder;
}

const One = z.object({ n: z.number() });

/** Looks at a unit's database while it runs. */
export class Look {
  readonly #db: Database.Database;

  constructor(file: string) {
    this.#db = new Database(file, { readonly: true, fileMustExist: true });
  }

  /** @param sql one row with `n` */
  number(sql: string, ...values: readonly (string | number)[]): number {
    return One.parse(this.#db.prepare(sql).get(...values)).n;
  }

  close(): void {
    this.#db.close();
  }
}

export const HUB_REVISION = 'SELECT revision AS n FROM hub';

/** Resolves once the unit has all of the hub's first snapshot. @returns when that was, monotonic */
export async function synced(look: Look, withinMs: number): Promise<number> {
  await until('the first sync', () => look.number(HUB_REVISION) > 0, { withinMs });
  return clock.mono();
}
