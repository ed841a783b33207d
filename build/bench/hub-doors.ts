/**
 * `hub.doors`: 5,000 doors over TLS on one hub process, in tenants of 50. Each follows what changes, and sends a ping and
 * one event a second, as they come at a door: a scan that counts a date and begins a stay, then what became of it.
 */
import { join } from 'node:path';
import { dataFolder, HubProcess } from '../../sync/hub/test-process.ts';
import { MEMBERS_OF_TENANT } from './fleet/door.ts';
import { type Certificate, foundFleet, judgedAt, makeCertificate } from './fleet/hub.ts';
import { Helper, type Target } from './fleet/messages.ts';
import { residentNow } from './memory.ts';
import { quantile, type Row, rowOf } from './row.ts';

const DOORS = 5_000;
const UNITS_OF_TENANT = 50;
const ROUNDS = 3;
const WARM_UP_SECONDS = 2;
const ROUND_SECONDS = 8;

/** @param scale 1: as promised; less: so much of it */
export async function benchHubDoors(scale: number): Promise<Row[]> {
  const folder = dataFolder();
  const certificate = makeCertificate(folder.path);
  const { cert, key } = certificate;
  const doors = Math.max(UNITS_OF_TENANT, Math.round(DOORS * scale));
  const fleet = new Helper('doors', []);
  const bare = new Helper('bare', [join(folder.path, 'bare.db'), cert, key]);
  const env = { HUB_DATA: folder.path, HUB_TLS_CERT: cert, HUB_TLS_KEY: key, HUB_PER_ADDRESS: '20000' };
  const hub = new HubProcess(env);
  try {
    fleet.order({ do: 'make', doors });
    const { units } = await fleet.report('make');
    await foundFleet({ folder: folder.path, units, unitsOfTenant: UNITS_OF_TENANT, members: MEMBERS_OF_TENANT });
    await hub.start();
    const { port } = await bare.report('listen');
    return await measure(doors, certificate, {
      fleet,
      health: hub.url,
      ours: { pid: hub.pid, url: hub.unitUrl },
      bare: { pid: bare.pid, url: `wss://127.0.0.1:${port}` },
    });
  } finally {
    fleet.end();
    bare.end();
    await hub.end('SIGKILL');
    folder.remove();
  }
}

interface Servers extends Readonly<Record<Target, { readonly pid: number; readonly url: string }>> {
  readonly fleet: Helper;
  readonly health: string;
}

const TARGETS: readonly Target[] = ['bare', 'ours'];

async function measure(doors: number, { ca }: Certificate, servers: Servers): Promise<Row[]> {
  const { fleet } = servers;
  const memoryOf = () => ({ ours: residentNow(servers.ours.pid), bare: residentNow(servers.bare.pid) });
  const before = memoryOf();
  for (const to of TARGETS) {
    fleet.order({ do: 'connect', to, url: servers[to].url, ca });
    await fleet.report('connect');
  }
  const ackMs: Record<Target, number[]> = { ours: [], bare: [] };
  const load = async (to: Target, seconds: number) => {
    // Doors that wait for their turn are still there.
    for (const other of TARGETS) await heartbeat(fleet, other);
    const took = await round(fleet, to, seconds);
    // Judged behind the acknowledgements: the reference isn't measured beside it.
    if (to === 'ours')
      console.error(`bench: hub judged all ${(await judgedAt(servers.health, ca)).toFixed(0)} ms later`);
    return took;
  };
  for (const to of TARGETS) await load(to, WARM_UP_SECONDS);
  for (let count = 0; count < ROUNDS; count += 1)
    for (const to of TARGETS) ackMs[to].push(...(await load(to, ROUND_SECONDS)));
  const after = memoryOf();
  const perDoor = (to: Target) => ((after[to] - before[to]) * 1_000) / doors;
  return [
    rowOf(
      {
        ...{ name: 'hub.doors.ack_p99', unit: 'ms' },
        ...{ value: quantile(ackMs.ours, 0.99), reference: quantile(ackMs.bare, 0.99) },
      },
      { text: '<= 100 ms', holds: (ms) => ms <= 100 },
    ),
    rowOf(
      { name: 'hub.doors.memory', unit: 'kB', value: perDoor('ours'), reference: perDoor('bare') },
      { text: '<= 100 kB a door', holds: (kilobytes) => kilobytes <= 100 },
    ),
  ];
}

async function heartbeat(fleet: Helper, to: Target): Promise<void> {
  fleet.order({ do: 'ping', to });
  await fleet.report('ping');
}

async function round(fleet: Helper, to: Target, seconds: number): Promise<readonly number[]> {
  fleet.order({ do: 'load', to, seconds });
  const { ackMs, lost, lateMs } = await fleet.report('load');
  // A generator that is late measures itself.
  console.error(
    `bench: hub ${to}: p50 ${quantile(ackMs, 0.5).toFixed(0)} ms, p99 ${quantile(ackMs, 0.99).toFixed(0)} ms, ` +
      `${lost} unanswered; the generator was ${lateMs.toFixed(0)} ms late at most`,
  );
  return ackMs;
}
