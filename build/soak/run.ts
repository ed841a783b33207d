/**
 * `npm run soak`: the long campaigns, of which `npm test` runs slices. All of them, or those named by `--only`; sizes and
 * seed by the other options. Exit status 0 where nothing was found, 1 where something was, 2 for a wrong call.
 */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { fuzzSync } from '../../sync/link/test-fuzz.ts';
import { MAPS } from '../../sync/link/test-fuzz-maps.ts';
import { REAL } from '../../sync/link/test-fuzz-real.ts';
import { bundleApp } from '../bundle.ts';
import { killCampaign } from '../e2e/kills.ts';
import { isAppFresh } from '../setup/app.mjs';
import { ROOT } from '../setup/runtime.mjs';
import { ALL_FUZZES, fuzzCampaign } from './fuzz.ts';
import { simulateWeek } from './week.ts';

const USAGE = `soak: npm run soak -- [--only week,fuzz,kills,sync] [--seed N] [--days N] [--inputs N] [--kills N] [--runs N]`;
/** Of the heap, after any hour more than after the first: a leak of 1 kB a reading is more within a day. */
const MOST_GROWN_BYTES = 6_000_000;

const CAMPAIGNS = ['week', 'fuzz', 'kills', 'sync'] as const;
const count = (most: number) => z.coerce.number().int().min(1).max(most);
const Options = z.strictObject({
  only: z.preprocess((names) => String(names).split(','), z.array(z.enum(CAMPAIGNS))).default([...CAMPAIGNS]),
  seed: count(4_294_967_295).default(() => Number(process.hrtime.bigint() % 4_294_967_295n) || 1),
  days: count(366).default(7),
  inputs: count(1_000_000_000).default(1_000_000),
  kills: count(1_000_000).default(500),
  runs: count(1_000_000).default(500),
});
type Options = z.infer<typeof Options>;

function optionsOf(args: string[]): Options {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args,
      options: { only: text, seed: text, days: text, inputs: text, kills: text, runs: text },
    });
    return Options.parse({ ...values });
  } catch {
    console.error(USAGE);
    process.exit(2);
  }
}

async function soakWeek({ days, seed }: Options): Promise<readonly string[]> {
  const { counts, troubles, heapBytes, findings } = await simulateWeek({ days, seed, progress: console.log });
  const list = (record: Readonly<Record<string, number>>) =>
    Object.entries(record)
      .map(([name, times]) => `${times} ${name}`)
      .join(', ');
  console.log(`${days} days: ${list(counts)}`);
  console.log(`troubles: ${list(troubles)}`);
  const [first = 0, ...others] = heapBytes;
  const grown = Math.max(first, ...others) - first;
  console.log(`heap: ${first} bytes after the first hour, at most ${grown} more after any other`);
  return grown > MOST_GROWN_BYTES ? [...findings, `the heap grew by ${grown} bytes`] : findings;
}

async function soakFuzz({ inputs, seed }: Options): Promise<readonly string[]> {
  const findings: string[] = [];
  for (const fuzz of ALL_FUZZES) {
    const outcome = await fuzzCampaign(fuzz, { inputs, seed, progress: console.log });
    const share = ((100 * outcome.framed) / outcome.inputs).toFixed(1);
    console.log(`${fuzz.name}: ${share} % past the framing, ${outcome.grownBytes} bytes more on the heap`);
    findings.push(...outcome.findings);
  }
  return findings;
}

async function soakKills({ kills, seed }: Options): Promise<readonly string[]> {
  if (!isAppFresh(ROOT)) await bundleApp();
  const report = await killCampaign(kills, seed);
  for (const [victim, hits] of Object.entries(report.kills)) console.log(`${String(hits).padStart(6)} ${victim}`);
  console.log(`${report.scans} scans, ${report.openings} openings`);
  return report.findings;
}

/** The link over maps, and a tenth as often over real stores and the real hub. */
async function soakSync({ runs, seed }: Options): Promise<readonly string[]> {
  const findings: string[] = [];
  for (let run = 0; run < runs; run += 1) {
    const reports = [await fuzzSync([seed + run], MAPS)];
    if (run % 10 === 0) reports.push(await fuzzSync([seed + run], REAL));
    for (const report of reports) findings.push(...report.findings);
    if (run % 50 === 49) console.log(`sync: ${run + 1} of ${runs} runs, ${findings.length} findings`);
  }
  return findings;
}

const options = optionsOf(process.argv.slice(2));
const campaigns = { week: soakWeek, fuzz: soakFuzz, kills: soakKills, sync: soakSync };
const found: string[] = [];
for (const name of options.only) {
  console.log(`soak: ${name}, seed ${options.seed}`);
  const findings = await campaigns[name](options);
  for (const finding of findings) console.log(`FOUND ${finding}`);
  found.push(...findings.map((finding) => `${name}: ${finding}`));
}
console.log(`soak: ${found.length} findings, seed ${options.seed}`);
process.exitCode = found.length > 0 ? 1 : 0;
