/** `controller.start` and `controller.memory`: the installed controller over the large site. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SystemClock } from '../../device/clock/system.ts';
import { Pty } from '../../device/sim/pty.ts';
import { until } from '../../device/sim/wait.ts';
import { Appliance, type UnitFolder } from '../e2e/appliance.ts';
import { codeOf } from './data.ts';
import { connectPage, doorConfig } from './door.ts';
import { residentNow, residentOf } from './memory.ts';
import { median, type Row, rowOf } from './row.ts';

const TRIALS = 9;
const SCANS = 100;

export async function benchController(makeFolder: (doors: readonly object[]) => UnitFolder): Promise<Row[]> {
  const clock = new SystemClock();
  const [scanner, relay] = [await Pty.make(clock, 'scanner'), await Pty.make(clock, 'relay')];
  const folder = makeFolder([doorConfig(scanner.path, relay.path)]);
  const env = { NODE_COMPILE_CACHE: join(folder.path, 'compile-cache') };
  const starts: number[] = [];
  const bare: number[] = [];
  let memory = 0;
  for (let trial = 0; trial <= TRIALS; trial += 1) {
    const begun = clock.mono();
    const unit = await Appliance.start(folder, { program: 'genkan', env });
    // A scan that waits for nothing: the lock is there, so the next code is judged at once.
    await unit.healthy('the unit is ok');
    const started = clock.mono() - begun;
    if (trial > 0) starts.push(started);
    if (trial === TRIALS) memory = await memoryInUse(unit, scanner, folder);
    await unit.stop();
    const before = clock.mono();
    openBare(folder.database);
    if (trial > 0) bare.push(clock.mono() - before);
  }
  await scanner.remove();
  await relay.remove();
  return [
    rowOf(
      { name: 'controller.start', unit: 'ms', value: median(starts), reference: median(bare) },
      { text: '<= 300 ms', holds: (ms) => ms <= 300 },
    ),
    rowOf(
      { name: 'controller.memory', unit: 'MB', value: memory, reference: bareMemory(folder.database) },
      { text: '<= 120 MB', holds: (megabytes) => megabytes <= 120 },
    ),
  ];
}

/** Resident memory with the page connected, after some scans. */
async function memoryInUse(unit: Appliance, scanner: Pty, folder: UnitFolder): Promise<number> {
  const page = await connectPage(unit.url);
  const events = () => Number(folder.query('SELECT max(seq) AS n FROM event')[0]?.['n']);
  for (let scan = 0; scan < SCANS; scan += 1) {
    const before = events();
    scanner.send(`${codeOf(scan)}\r`);
    await until('the scan is on record', () => events() > before);
  }
  page.close();
  return residentNow(unit.pid);
}

const OPEN = (file: string) =>
  `const db = new (require('better-sqlite3'))(${JSON.stringify(file)}, { readonly: true }); db.prepare('SELECT count(*) FROM contract').get();`;

function bareNode(script: string): string {
  const { stdout, status, stderr } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    cwd: join(import.meta.dirname, '../..'),
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function openBare(file: string): void {
  bareNode(OPEN(file));
}

function bareMemory(file: string): number {
  return residentOf(bareNode(`${OPEN(file)} console.log(require('fs').readFileSync('/proc/self/status', 'utf8'))`));
}
