/** The rooms of this repository, checked: one line a complaint. `node build/zones/check.ts`, and a step of `npm test`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { listFiles, readSources } from '../check/source.ts';
import { ROOT } from '../setup/runtime.mjs';
import { importComplaints, packageComplaints, placeComplaints } from './rules.ts';

const Packages = z.record(z.string(), z.string()).default({});
const Manifest = z.object({ dependencies: Packages, devDependencies: Packages, optionalDependencies: Packages });

/** All complaints about the repository as it is; none is good. */
export function checkZones(): string[] {
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  const declared = new Set(Object.values(manifest).flatMap((packages) => Object.keys(packages)));
  const files = listFiles();
  return [
    ...placeComplaints(files),
    ...packageComplaints(declared),
    ...readSources(() => true).flatMap((source) => importComplaints(source, declared)),
  ];
}

if (import.meta.main) {
  const complaints = checkZones();
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  if (complaints.length > 0) process.exitCode = 1;
}
