/**
 * `sync.change.p99`: from asking the hub for a change until a door decides by it, with 1,000 doors of one tenant
 * connected. The door that is looked at is a real unit and hears of it last; the others are the load generator's.
 */
import { join } from 'node:path';
import { until } from '../../device/sim/wait.ts';
import type { HubClient } from '../../sync/hub/ctl/client.ts';
import { clock, dataFolder, HubProcess } from '../../sync/hub/test-process.ts';
import type { Change } from '../../sync/wire/entities.ts';
import { Appliance, type UnitFolder } from '../e2e/appliance.ts';
import { codeOf } from './data.ts';
import { Bench } from './door.ts';
import { MEMBERS_OF_TENANT } from './fleet/door.ts';
import { foundFleet } from './fleet/hub.ts';
import { Helper } from './fleet/messages.ts';
import { quantile, type Row, rowOf } from './row.ts';
import { Look, pairedFolder, synced } from './unit.ts';

const DOORS = 1_000;
const TRIALS = 200;
const WARM_UP = 10;
const PATIENCE_MS = 30_000;
const TENANT = 't0';
/** Has an open plan: admitted at any hour. */
const MEMBER = 2;
const SUSPENDED = 'SELECT suspended_profile AS n FROM member WHERE id = ?';

/** @param scale 1: as promised; less: so much of it */
export async function benchChange(scale: number): Promise<Row[]> {
  const folder = dataFolder();
  const others = Math.max(10, Math.round(DOORS * scale)) - 1;
  const fleet = new Helper('doors', []);
  const bare = new Helper('bare', [join(folder.path, 'bare.db')]);
  const hub = new HubProcess({ HUB_DATA: folder.path, HUB_PER_ADDRESS: '20000' });
  const lines = await Bench.make('ours');
  try {
    fleet.order({ do: 'make', doors: others });
    const { units } = await fleet.report('make');
    await foundFleet({ folder: folder.path, units, unitsOfTenant: others, members: MEMBERS_OF_TENANT });
    await hub.start();
    const { port } = await bare.report('listen');
    for (const [to, url] of [['ours', hub.unitUrl] as const, ['bare', `ws://127.0.0.1:${port}`] as const]) {
      fleet.order({ do: 'connect', to, url, ca: null });
      await fleet.report('connect');
    }
    return [await measure({ fleet, bare, lines, hub, trials: Math.max(20, Math.round(TRIALS * scale)) })];
  } finally {
    fleet.end();
    bare.end();
    await hub.end('SIGKILL');
    await lines.remove();
    folder.remove();
  }
}

interface Parts {
  readonly fleet: Helper;
  readonly bare: Helper;
  readonly lines: Bench;
  readonly hub: HubProcess;
  readonly trials: number;
}

async function measure({ fleet, bare, lines, hub, trials }: Parts): Promise<Row> {
  const admin = await hub.claim();
  const folder = await pairedFolder(lines, admin, hub.unitUrl, TENANT);
  const unit = await Appliance.start(folder, { program: 'genkan' });
  const look = new Look(folder.database);
  const [ours, theirs]: [number[], number[]] = [[], []];
  try {
    await synced(look, PATIENCE_MS);
    const member = await memberOf(admin);
    for (let trial = 0; trial < trials + WARM_UP; trial += 1) {
      const isSuspended = trial % 2 === 0;
      const row: Change = { ...member, body: { ...member.body, suspended: { profile: isSuspended, identity: false } } };
      const changed = await changeAtHub(admin, row, look, isSuspended);
      const told = await broadcast(fleet, bare, deltaOf(row));
      if (isSuspended && trial % 10 === 0) await expectRefusal(lines, folder);
      if (trial < WARM_UP) continue;
      ours.push(changed);
      theirs.push(told);
    }
  } finally {
    look.close();
    await unit.stop();
    folder.remove();
  }
  return rowOf(
    { name: 'sync.change.p99', unit: 'ms', value: quantile(ours, 0.99), reference: quantile(theirs, 0.99) },
    { text: '<= 100 ms', holds: (ms) => ms <= 100 },
  );
}

async function memberOf(admin: HubClient) {
  const member = await admin.entities.get.query({ tenant: TENANT, kind: 'member', id: `m${MEMBER}` });
  if (member.kind !== 'member' || member.body === null) throw new Error('the bench has no such member');
  return { ...member, body: member.body };
}

/** The hub's commit is within: nobody outside sees when exactly that was. */
async function changeAtHub(admin: HubClient, row: Change, look: Look, isSuspended: boolean): Promise<number> {
  const begun = clock.mono();
  const asked = admin.entities.put.mutate({ tenant: TENANT, changes: [row] });
  const isThere = () => look.number(SUSPENDED, `m${MEMBER}`) === Number(isSuspended);
  await until('the change at the door', isThere, { withinMs: PATIENCE_MS });
  const took = clock.mono() - begun;
  await asked;
  return took;
}

async function broadcast(fleet: Helper, bare: Helper, text: string): Promise<number> {
  fleet.order({ do: 'watch', to: 'bare' });
  await fleet.report('watch');
  bare.order({ do: 'broadcast', text });
  const { at: sent } = await bare.report('broadcast');
  fleet.order({ do: 'heard', to: 'bare' });
  const { at: heard } = await fleet.report('heard');
  return heard - sent;
}

const deltaOf = (row: Change) => JSON.stringify({ type: 'delta', from: 1, to: 2, changes: [row], last: true });

/** What is in the database is what the door decides by. */
async function expectRefusal(lines: Bench, folder: UnitFolder): Promise<void> {
  const before = folder.events().length;
  lines.scanner.send(`${codeOf(MEMBER)}\r`);
  const scanned = () =>
    folder
      .events()
      .slice(before)
      .find(({ type }) => type === 'scan');
  const scan = await until('the scan', scanned, { withinMs: PATIENCE_MS });
  if (scan.result?.granted !== false) throw new Error('the door does not decide by what the hub has changed');
}
