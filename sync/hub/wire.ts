/** The composition root of the hub: store, units, operators, HTTP. */

import { SystemClock } from '../../device/clock/system.ts';
import type { Clock } from '../../main/core/clock.ts';
import { ok, type Result } from '../../main/core/result.ts';
import { SETUP } from './admin/access.ts';
import { makeCode } from './admin/fleet.ts';
import type { HubConfig } from './config.ts';
import { healthOf } from './health.ts';
import { startHttp } from './http.ts';
import { digest, HubKeys, makeKeys } from './keys.ts';
import type { HubLog } from './log.ts';
import { openStore } from './open-store.ts';
import type { HubStore } from './ports.ts';
import { HUB_LIMITS, type HubLimits } from './units/limits.ts';
import { UnitServer } from './units/server.ts';
import { Upkeep } from './upkeep.ts';

export interface HubOptions {
  readonly config: HubConfig;
  readonly version: string;
  readonly pid: number;
  readonly log: HubLog;
  /** The one-time code of the first start. */
  readonly announce: (line: string) => void;
}

export interface RunningHub {
  readonly url: string;
  stop(): Promise<void>;
}

/** @returns one line that says why it can't start */
export async function startHub(options: HubOptions): Promise<Result<RunningHub, string>> {
  const clock = new SystemClock();
  const opened = await openStore(options.config, clock);
  return opened.ok ? startWith(options, clock, opened.value, limitsOf(options.config)) : opened;
}

function limitsOf({ perAddress }: HubConfig): HubLimits {
  return perAddress === null ? HUB_LIMITS : { ...HUB_LIMITS, perAddress, strangersPerAddress: perAddress };
}

async function startWith(
  { config, version, pid, log, announce }: HubOptions,
  clock: Clock,
  store: HubStore,
  limits: HubLimits,
): Promise<Result<RunningHub, string>> {
  const keys = new HubKeys(await store.keys(makeKeys));
  const parts = { store, keys, clock, log, limits };
  const units = new UnitServer(parts);
  const health = async () => {
    const waiting = await store.waiting().catch(() => null);
    const { status, ...unjudged } = healthOf(units.isFailing, waiting, clock.wall());
    const none = { clock: 'synced', revision: 0, dataAgeSeconds: 0, outbox: 0, doors: [], devices: [] };
    return { status, pid, version, ...none, ...unjudged, database: store.kind, connections: units.connections };
  };
  await units.start();
  const http = await startHttp({ config, parts, units, health });
  if (!http.ok) {
    await units.stop();
    await store.close();
    return http;
  }
  await announceSetup(store, clock, config.newAdminCode, announce);
  const upkeep = new Upkeep(parts);
  upkeep.start();
  const stop = async () => {
    await upkeep.stop();
    await units.stop();
    await http.value.close();
    await store.close();
  };
  return ok({ url: http.value.url, stop });
}

/** As long as nobody has taken it, each start prints a new one: of the old one only the digest is left. */
async function announceSetup(
  store: HubStore,
  clock: Clock,
  isWanted: boolean,
  announce: (line: string) => void,
): Promise<void> {
  const tokens = await store.tokens(null);
  const codes = tokens.filter(({ person }) => person === SETUP);
  for (const { digest: former } of codes) await store.revokeToken(former);
  if (tokens.length > codes.length && !isWanted) return;
  const code = makeCode();
  const at = clock.wall();
  await store.addToken({ digest: digest(code.replaceAll('-', '')), tenant: null, role: 'admin', person: SETUP, at });
  announce(`one-time admin code: ${code} (hubctl claim URL CODE NAME)`);
}
