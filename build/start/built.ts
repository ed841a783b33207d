/** Builds into `dist` only what is stale. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fingerprint, isFresh } from '../setup/fresh.mjs';
import { ROOT } from '../setup/runtime.mjs';

export interface Part {
  /** Its name below `dist`. */
  readonly name: string;
  /** What the person at the terminal is told. */
  readonly said: string;
  /** What it follows from. */
  readonly sources: readonly string[];
  build(): Promise<void>;
}

const stampOf = ({ name }: Part): string => join(ROOT, 'dist', `${name}.stamp`);
const stateOf = ({ sources }: Part): string => fingerprint(ROOT, [...sources, 'package.json', 'package-lock.json']);

/** Is it in `dist` as its sources would give it? */
export const isBuilt = (part: Part): boolean => isFresh(stampOf(part), stateOf(part));

/** Builds it whether or not it is stale. */
export async function buildPart(part: Part): Promise<void> {
  const stamp = stampOf(part);
  const state = stateOf(part);
  // A build empties its folder first: one that breaks off leaves nothing that counts.
  rmSync(stamp, { force: true });
  await part.build();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}

/** The builders are imported by `build()` alone: Vite takes longer to load than a whole second start. */
export async function ensureBuilt(part: Part): Promise<void> {
  if (isBuilt(part)) return;
  process.stderr.write(`Genkan: ${part.said} …\n`);
  await buildPart(part);
}
