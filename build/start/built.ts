/** Builds into `dist` only what is stale. */
import { mkdirSync, writeFileSync } from 'node:fs';
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

/** The builders are imported by `build()` alone: Vite takes longer to load than a whole second start. */
export async function ensureBuilt({ name, said, sources, build }: Part): Promise<void> {
  const stamp = join(ROOT, 'dist', `${name}.stamp`);
  const state = fingerprint(ROOT, [...sources, 'package.json', 'package-lock.json']);
  if (isFresh(stamp, state)) return;
  process.stderr.write(`Genkan: ${said} …\n`);
  await build();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}
