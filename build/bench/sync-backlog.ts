/**
 * `sync.backlog`: 100,000 events go up after an outage while the door is in use. Unit and hub begin each trial as the same
 * copies of their data; the hub is stopped until the unit is ready and waits for it.
 */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../device/sim/wait.ts';
import { clock, dataFolder, HubProcess } from '../../sync/hub/test-process.ts';
import { Appliance, type UnitFolder } from '../e2e/appliance.ts';
import { sendRecord } from './backlog-reference.ts';
import { codeOf } from './data.ts';
import { Bench } from './door.ts';
import { foundSite, judgedAt } from './fleet/hub.ts';
import { Helper } from './fleet/messages.ts';
import { recordOutage } from './outage.ts';
import { median, quantile, type Row, rowOf } from './row.ts';
import { Look, pairedFolder, synced } from './unit.ts';

const EVENTS = 100_000;
const MEMBERS = 20_000;
const TRIALS = 2;
const IDLE_SCANS = 40;
/** Between two people at the door. */
const NEXT_SCAN_MS = 250;
const PATIENCE_MS = 240_000;
const ACKNOWLEDGED = 'SELECT acknowledged AS n FROM unit';

/** @param scale 1: as promised; less: so much of it */
export async function benchBacklog(scale: number): Promise<Row[]> {
  const site = dataFolder();
  const members = Math.max(500, Math.round(MEMBERS * scale));
  const lines = await Bench.make('ours');
  const bare = new Helper('bare', [join(site.path, 'bare.db')]);
  const hub = new HubProcess({ HUB_DATA: join(site.path, 'hub') });
  try {
    await foundSite(join(site.path, 'hub'), members);
    await hub.start();
    const folder = await pairedFolder(lines, await hub.claim(), hub.unitUrl, 't0');
    await firstSync(folder);
    await hub.end('SIGTERM');
    const head = recordOutage(join(folder.path, 'data'), Math.round(EVENTS * scale), members);
    const copies = new Copies(site.path, folder);
    const { port } = await bare.report('listen');
    return await measure({ hub, folder, lines, copies, head, bareUrl: `ws://127.0.0.1:${port}` });
  } finally {
    bare.end();
    await hub.end('SIGKILL');
    await lines.remove();
    site.remove();
  }
}

async function firstSync(folder: UnitFolder): Promise<void> {
  const unit = await Appliance.start(folder, { program: 'genkan' });
  const look = new Look(folder.database);
  await synced(look, PATIENCE_MS);
  look.close();
  await unit.stop();
}

/** How both stood before the outage ended. */
class Copies {
  readonly #pairs: readonly { readonly now: string; readonly before: string }[];

  constructor(path: string, folder: UnitFolder) {
    const hub = { now: join(path, 'hub'), before: join(path, 'hub-before') };
    this.#pairs = [hub, { now: join(folder.path, 'data'), before: join(path, 'unit-before') }];
    for (const { now, before } of this.#pairs) cpSync(now, before, { recursive: true });
  }

  restore(): void {
    for (const { now, before } of this.#pairs) {
      rmSync(now, { recursive: true });
      cpSync(before, now, { recursive: true });
    }
  }
}

interface Parts {
  readonly hub: HubProcess;
  readonly folder: UnitFolder;
  readonly lines: Bench;
  readonly copies: Copies;
  readonly head: number;
  readonly bareUrl: string;
}

async function measure(parts: Parts): Promise<Row[]> {
  const [times, references, busy, idle]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let trial = 0; trial < TRIALS; trial += 1) {
    references.push(await sendRecord(parts.bareUrl, parts.folder.database, `trial-${trial}`));
    const { timeMs, busyMs, idleMs } = await catchUp(parts);
    times.push(timeMs);
    busy.push(...busyMs);
    idle.push(...idleMs);
  }
  const time = { value: median(times), reference: median(references) };
  const door = { value: quantile(busy, 0.99), reference: quantile(idle, 0.99) };
  const atMost = (most: number) => (_: number, ratio: number | null) => ratio !== null && ratio <= most;
  return [
    rowOf({ name: 'sync.backlog.time', unit: 'ms', ...time }, { text: '<= 3x sending and storing', holds: atMost(3) }),
    rowOf({ name: 'sync.backlog.door_p99', unit: 'ms', ...door }, { text: '<= 2x the idle door', holds: atMost(2) }),
  ];
}

async function catchUp({ hub, folder, lines, copies, head }: Parts) {
  copies.restore();
  await hub.start();
  process.kill(hub.pid, 'SIGSTOP');
  const unit = await Appliance.start(folder, { program: 'genkan' });
  const look = new Look(folder.database);
  const [busyMs, idleMs]: [number[], number[]] = [[], []];
  try {
    await unit.healthy('the unit is ok');
    await lines.trial(codeOf(2));
    const begun = clock.mono();
    process.kill(hub.pid, 'SIGCONT');
    let ended: number | null = null;
    const done = until('the record at the hub', () => look.number(ACKNOWLEDGED) >= head, {
      withinMs: PATIENCE_MS,
    }).then(() => {
      ended = clock.mono();
    });
    for (let scan = 1; ended === null; scan += 1) busyMs.push(await nextScan(lines, scan));
    await done;
    const timeMs = (ended ?? Number.NaN) - begun;
    // Behind the acknowledgements; a door is idle only after it.
    const judgedMs = await judgedAt(hub.url, null);
    console.error(`bench: backlog: acknowledged after ${timeMs.toFixed(0)} ms, judged ${judgedMs.toFixed(0)} ms later`);
    for (let scan = 0; scan < IDLE_SCANS; scan += 1) idleMs.push(await nextScan(lines, busyMs.length + scan + 1));
    return { timeMs, busyMs, idleMs };
  } finally {
    look.close();
    // While it is stopped it can't end.
    process.kill(hub.pid, 'SIGCONT');
    await unit.stop();
    await hub.end('SIGTERM');
  }
}

/** Every fifth member has an open plan and is admitted at any hour. */
async function nextScan(lines: Bench, scan: number): Promise<number> {
  const took = await lines.trial(codeOf((scan % 100) * 5 + 2));
  await new Promise<void>((resolve) => {
    clock.after('the next person', NEXT_SCAN_MS, resolve);
  });
  return took;
}
