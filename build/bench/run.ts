/**
 * `npm run bench`: every figure that has a promise (guarantees 3), taken beside its reference in the same run. Writes
 * `bench.json`; ends with 0 also when a promise isn't kept, with 1 when something could not be measured.
 * `npm run bench -- NAME …` measures only those parts.
 * `--scale 0.02` makes `sync` and `hub` so much smaller, to see that they work: those aren't the promised figures.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFiles, openStore, readKey } from '../../main/store/data-dir.ts';
import { bundleApp, bundleHub } from '../bundle.ts';
import { UnitFolder } from '../e2e/appliance.ts';
import { isAppFresh } from '../setup/app.mjs';
import { ROOT } from '../setup/runtime.mjs';
import { benchController } from './controller.ts';
import { BENCH_TIME, benchSite } from './data.ts';
import { benchDoor } from './door.ts';
import { benchHistory } from './history.ts';
import { benchHubDoors } from './hub-doors.ts';
import { benchKiosk } from './kiosk.ts';
import type { Row } from './row.ts';
import { benchRules } from './rules.ts';
import { benchBacklog } from './sync-backlog.ts';
import { benchChange } from './sync-change.ts';
import { benchFirst } from './sync-first.ts';

const PARTS = [
  'rules',
  'history',
  'controller',
  'door',
  'sync.first',
  'sync.backlog',
  'sync.change',
  'hub',
  'kiosk',
] as const;
type Part = (typeof PARTS)[number];

/** Parts that need the large site. */
const ON_SITE: readonly Part[] = ['rules', 'history', 'controller', 'door'];

const { positionals: wanted, values } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: 'string', default: '1' } },
});
const scale = Number(values.scale);
if (!(scale > 0 && scale <= 1)) {
  console.error('bench: --scale is more than 0 and at most 1');
  process.exit(2);
}
const unknown = wanted.filter((name) => !PARTS.some((part) => isOf(part, name)));
if (unknown.length > 0) {
  console.error(`bench: no such part: ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  process.exit(2);
}

if (!isAppFresh(ROOT)) await bundleApp();
if (!isAppFresh(ROOT, 'hub')) await bundleHub();
const folder = new UnitFolder({ site: null });
try {
  const rows = await measure();
  // Smaller ones are no figures.
  if (scale === 1) writeFileSync(join(ROOT, 'bench.json'), `${JSON.stringify(rows, null, 2)}\n`);
} finally {
  folder.remove();
}

async function measure(): Promise<Row[]> {
  const dataDir = join(folder.path, 'data');
  if (ON_SITE.some(isWanted)) fill(dataDir);
  const withDoors = (doors: readonly object[]) => {
    folder.configure({ site: null, doors });
    return folder;
  };
  const parts: Record<Part, () => Row[] | Promise<Row[]> | AsyncGenerator<Row>> = {
    rules: () => benchRules(folder.database, keysOf(dataDir)),
    history: () => benchHistory(folder.database, folder.path, keysOf(dataDir)),
    controller: () => benchController(withDoors),
    door: () => benchDoor(withDoors),
    'sync.first': () => benchFirst(scale),
    'sync.backlog': () => benchBacklog(scale),
    'sync.change': () => benchChange(scale),
    hub: () => benchHubDoors(scale),
    kiosk: benchKiosk,
  };
  const rows: Row[] = [];
  for (const part of PARTS) {
    if (!isWanted(part)) continue;
    console.error(`bench: ${part} …`);
    // What was measured is not lost with what fails, nor with whoever waits no longer.
    try {
      for await (const row of await parts[part]()) {
        console.log(line(row));
        rows.push(row);
      }
    } catch (error) {
      process.exitCode = 1;
      console.error(`bench: ${part} was not measured: ${error instanceof Error ? error.message : error}`);
    }
  }
  return rows;
}

function isWanted(part: Part): boolean {
  return wanted.length === 0 || wanted.some((name) => isOf(part, name));
}

/** `sync` is all of `sync.first`, `sync.backlog` … */
function isOf(part: Part, name: string): boolean {
  return part === name || part.startsWith(`${name}.`);
}

function fill(dataDir: string): void {
  console.error('bench: making a site of 100,000 members …');
  const store = openStore(dataDir, 'write');
  if (!store.ok) throw new Error(store.error.detail);
  const taken = store.value.transact((writer) => writer.importSite(benchSite(), BENCH_TIME));
  if (!taken.ok) throw new Error(taken.error.detail);
  store.value.close();
}

function keysOf(dataDir: string) {
  const keys = readKey(dataFiles(dataDir).key);
  if (!keys.ok) throw new Error(keys.error.detail);
  return keys.value;
}

function line({ name, value, unit, reference, ratio, goal, pass }: Row): string {
  const held = reference === null ? '' : ` against ${reference} ${unit}, ratio ${ratio}`;
  return `${pass === true ? 'ok  ' : 'MISS'} ${name}: ${value} ${unit}${held}; goal ${goal}`;
}
