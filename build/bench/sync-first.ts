/**
 * `sync.first` and `controller.sync_peak`: a unit that knows nothing takes 100,000 members with contracts, codes and
 * tickets from a hub. From the moment its page is up, when it calls the hub, until it decides by them.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enter, snapshot } from '../../sync/conformance/unit.ts';
import type { HubClient } from '../../sync/hub/ctl/client.ts';
import { clock, dataFolder, HubProcess, paired } from '../../sync/hub/test-process.ts';
import { Appliance } from '../e2e/appliance.ts';
import { SIZE } from './data.ts';
import { Bench } from './door.ts';
import { foundSite } from './fleet/hub.ts';
import { residentMost } from './memory.ts';
import { measurePouchDb, type PouchDbTimes } from './pouchdb.ts';
import { median, type Row, rowOf } from './row.ts';
import { Look, pairedFolder, synced } from './unit.ts';

const TRIALS = 3;
const PATIENCE_MS = 180_000;
const PAGE = 500;

/** @param scale 1: as promised; less: so much of it */
export async function benchFirst(scale: number): Promise<Row[]> {
  const site = dataFolder();
  const members = Math.round(SIZE.members * scale);
  const hub = new HubProcess({ HUB_DATA: site.path });
  const lines = await Bench.make('ours');
  const [times, references, peaks]: [number[], number[], number[]] = [[], [], []];
  try {
    await foundSite(site.path, members);
    await hub.start();
    const admin = await hub.claim();
    const messages = join(site.path, 'messages');
    await keepMessages(hub, admin, messages);
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const { timeMs, peak, referenceMs } = await sync(hub, admin, lines, messages);
      times.push(timeMs);
      peaks.push(peak);
      references.push(referenceMs);
    }
  } finally {
    await hub.end('SIGKILL');
    await lines.remove();
    site.remove();
  }
  const peak = Math.max(...peaks);
  return [
    rowOf(
      { name: 'sync.first', unit: 'ms', value: median(times), reference: median(references) },
      { text: '<= 1.5x parsing and inserting', holds: (_, ratio) => ratio !== null && ratio <= 1.5 },
    ),
    rowOf(
      { name: 'controller.sync_peak', unit: 'MB', value: peak, reference: null },
      { text: '<= 160 MB', holds: (megabytes) => megabytes <= 160 },
    ),
    ...againstPouchDb(median(times), await measurePouchDb(members)),
  ];
}

/** All that the hub sends, a message a line. */
async function keepMessages(hub: HubProcess, admin: HubClient, file: string): Promise<void> {
  const call = hub.call();
  await enter(call, await paired(hub, admin, 't0'));
  const { rows } = await snapshot(call);
  call.end();
  const lines: string[] = [];
  for (let at = 0; at < rows.length; at += PAGE)
    lines.push(JSON.stringify({ type: 'rows', changes: rows.slice(at, at + PAGE), cursor: String(at) }));
  writeFileSync(file, lines.join('\n'));
}

async function sync(hub: HubProcess, admin: HubClient, lines: Bench, messages: string) {
  const folder = await pairedFolder(lines, admin, hub.unitUrl, 't0');
  try {
    const env = { NODE_COMPILE_CACHE: join(folder.path, 'compile-cache') };
    const unit = await Appliance.start(folder, { program: 'genkan', env });
    const begun = clock.mono();
    const look = new Look(folder.database);
    const ended = await synced(look, PATIENCE_MS);
    look.close();
    const peak = residentMost(unit.pid);
    await unit.stop();
    return { timeMs: ended - begun, peak, referenceMs: insertSame(messages, folder.database, folder.path) };
  } finally {
    folder.remove();
  }
}

function insertSame(messages: string, database: string, folder: string): number {
  const program = join(import.meta.dirname, 'first-reference.ts');
  const run = spawnSync(process.execPath, [program, messages, database, join(folder, 'same.db')], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return Number(run.stdout);
}

/** The ratio is how many times as long PouchDB takes. */
function againstPouchDb(ours: number, theirs: PouchDbTimes | null): Row[] {
  const row = (name: string, reference: number | null, least: number): Row => {
    const named = { name: `sync.first_vs_pouchdb.${name}`, unit: 'ms', goal: `PouchDB takes >= ${least}x as long` };
    if (reference === null) return { ...named, value: null, reference: null, ratio: null, pass: null };
    const {
      value,
      reference: shown,
      ratio,
    } = rowOf({ name, unit: 'ms', value: ours, reference }, { text: named.goal, holds: () => true });
    const times = ratio === null ? null : Number((1 / ratio).toPrecision(4));
    return { ...named, value, reference: shown, ratio: times, pass: times !== null && times >= least };
  };
  return [row('default', theirs?.byDefault ?? null, 10), row('best', theirs?.best ?? null, 6)];
}
