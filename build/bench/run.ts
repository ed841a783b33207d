/**
 * `npm run bench`: every figure that has a promise (guarantees 3), taken beside its reference in the same run. Writes
 * `bench.json`; ends with 0 also when a promise isn't kept. `npm run bench -- NAME …` measures only those parts.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFiles, openStore, readKey } from '../../main/store/data-dir.ts';
import { bundleApp } from '../bundle.ts';
import { UnitFolder } from '../e2e/appliance.ts';
import { isAppFresh } from '../setup/app.mjs';
import { ROOT } from '../setup/runtime.mjs';
import { benchController } from './controller.ts';
import { BENCH_TIME, benchSite } from './data.ts';
import { benchDoor } from './door.ts';
import { benchHistory } from './history.ts';
import type { Row } from './row.ts';
import { benchRules } from './rules.ts';

const PARTS = ['rules', 'history', 'controller', 'door'] as const;
type Part = (typeof PARTS)[number];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !PARTS.some((part) => part === name));
if (unknown.length > 0) {
  console.error(`bench: no such part: ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  process.exit(2);
}

if (!isAppFresh(ROOT)) await bundleApp();
console.error('bench: making a site of 100,000 members …');
const folder = new UnitFolder({ site: null });
try {
  const rows = await measure();
  writeFileSync(join(ROOT, 'bench.json'), `${JSON.stringify(rows, null, 2)}\n`);
  for (const row of rows) console.log(line(row));
} finally {
  folder.remove();
}

async function measure(): Promise<Row[]> {
  const dataDir = join(folder.path, 'data');
  fill(dataDir);
  const withDoors = (doors: readonly object[]) => {
    folder.configure({ site: null, doors });
    return folder;
  };
  const parts: Record<Part, () => Row[] | Promise<Row[]>> = {
    rules: () => benchRules(folder.database, keysOf(dataDir)),
    history: () => benchHistory(folder.database, folder.path, keysOf(dataDir)),
    controller: () => benchController(withDoors),
    door: () => benchDoor(withDoors),
  };
  const rows: Row[] = [];
  for (const part of PARTS) {
    if (wanted.length > 0 && !wanted.includes(part)) continue;
    console.error(`bench: ${part} …`);
    rows.push(...(await parts[part]()));
  }
  return rows;
}

function fill(dataDir: string): void {
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
