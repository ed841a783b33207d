/**
 * `npm run mutate`: breaks main/core in every small way that StrykerJS knows, and looks whether the tests notice.
 * `npm run mutate -- --quick` keeps what the last run found where neither code nor tests have changed;
 * `npm run mutate -- main/core/days.ts` looks at some files only.
 */
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { ROOT } from '../setup/runtime.mjs';
import {
  isGood,
  isStrict,
  LEAST_PERCENT,
  type Mutant,
  type Score,
  scoreOf,
  singleSpaced,
  textBetween,
} from './score.ts';
import { REASONS } from './survivors.ts';

const KILLED = new Set(['Killed', 'Timeout']);
const LIVED = new Set(['Survived', 'NoCoverage']);

const arguments_ = process.argv.slice(2);
const isQuick = arguments_.includes('--quick');
/** Tests, and what only they and the manual use. */
const NO_PROGRAM = /(\.test|\/testing|\/door-(cases|manual|table))\.ts$/;
const all = globSync('main/core/**/*.ts', { cwd: ROOT }).filter((path) => !NO_PROGRAM.test(path));
const files = arguments_.filter((one) => one !== '--quick');
const unknown = files.find((file) => !all.includes(file));
if (unknown !== undefined) {
  console.error(`mutate: ${unknown} is no source file of main/core; name some like main/core/days.ts, or none for all`);
  process.exit(2);
}
// Stryker finds the project where it is started.
process.chdir(ROOT);
const began = process.hrtime.bigint();
const wanted = files.length === 0 ? all : files;
// What is known of other files comes along.
const mutants = (await mutate(wanted)).filter(({ file }) => wanted.includes(file));
const score = scoreOf(mutants, REASONS);
tell(score, Number(process.hrtime.bigint() - began) / 1e9);
process.exitCode = isGood(score) ? 0 : 1;

async function mutate(paths: readonly string[]): Promise<Mutant[]> {
  const stryker = new Stryker({
    mutate: [...paths],
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'build/mutate/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    // What a room doesn't need to be tested is not copied; what is copied needs no tsconfig.
    ignorePatterns: ['/dist', '/reports', '/artefacts', '/coverage', '/renderer', '/.*'],
    tsconfigFile: 'none',
    tempDirName: 'dist/mutate',
    incremental: true,
    incrementalFile: 'reports/mutate-known.json',
    force: !isQuick,
    concurrency: Math.max(1, availableParallelism() - 1),
    timeoutMS: 10_000,
    timeoutFactor: 3,
    reporters: ['progress-append-only', 'html'],
    htmlReporter: { fileName: 'reports/mutate.html' },
  });
  const sources = new Map<string, string>();
  return (await stryker.runMutationTest()).map(({ fileName, location, replacement, status }) => {
    const file = relative(ROOT, fileName);
    const source = sources.get(file) ?? readFileSync(join(ROOT, file), 'utf8');
    sources.set(file, source);
    const isKilled = KILLED.has(status) ? true : LIVED.has(status) ? false : null;
    const original = textBetween(source, location.start, location.end);
    return { file, line: location.start.line, original, replacement: singleSpaced(replacement ?? ''), isKilled };
  });
}

function tell({ files: scores, percent, unexplained, idle }: Score, seconds: number): void {
  for (const { file, killed, lived } of scores) {
    const of = killed + lived;
    console.log(`${((100 * killed) / of).toFixed(1).padStart(6)} %  ${String(killed).padStart(4)} of ${of}  ${file}`);
  }
  for (const mutant of unexplained) {
    const { file, line, original, replacement } = mutant;
    console.log(`${isStrict(mutant) ? 'FAILED' : 'lived '} ${file}:${line}\n  ${original}\n  ${replacement}`);
  }
  for (const { file, original, replacement } of idle) {
    console.log(
      `FAILED ${file}: a reason in build/mutate/survivors.ts explains nothing any more\n  ${original}\n  ${replacement}`,
    );
  }
  const total = `${percent.toFixed(1)} % of the mutants killed (at least ${LEAST_PERCENT} % wanted)`;
  console.log(`${total}, ${unexplained.length} survivors without a reason, ${seconds.toFixed(0)} s`);
}
