/**
 * `npm ci` refuses a lock file that lacks a platform's optional package, and npm leaves out what the registry at hand
 * doesn't have. `node build/check/lock.ts` adds such entries, without a checksum; npm takes them for other platforms.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ROOT } from '../setup/runtime.mjs';

// Records all the way: they keep the order of what is read, and so the file as npm wrote it.
const Names = z.record(z.string(), z.string()).default({});
const Entry = z.record(z.string(), z.unknown());
const Packages = z.record(z.string(), Entry);
const Lock = z.record(z.string(), z.unknown());
export type Packages = z.infer<typeof Packages>;

export interface MissingPackage {
  /** The package whose optional dependency it is, as the lock file names it. */
  readonly of: string;
  readonly name: string;
  readonly version: string;
}

const FILE = join(ROOT, 'package-lock.json');

function readLock(): z.infer<typeof Lock> {
  return Lock.parse(JSON.parse(readFileSync(FILE, 'utf8')));
}

/** `packages` of our lock file. */
export function lockedPackages(): Packages {
  const { packages } = readLock();
  return Packages.parse(packages);
}

/** Optional packages that the lock file asks for and doesn't have. */
export function missingFrom(packages: Packages): MissingPackage[] {
  return Object.entries(packages).flatMap(([of, { optionalDependencies }]) =>
    Object.entries(Names.parse(optionalDependencies))
      .filter(([name]) => packages[`${of}/node_modules/${name}`] === undefined)
      .filter(([name]) => packages[`node_modules/${name}`] === undefined)
      .map(([name, version]) => ({ of, name, version })),
  );
}

const PLATFORM =
  /-(?<os>android|darwin|freebsd|linux|openharmony|win32)-(?<cpu>[a-z0-9]+)(?:-(?<libc>musl|gnu|msvc))?$/;

/** With entries for what is missing, in npm's order. Throws where a name doesn't say for which platform it is. */
export function completed(packages: Packages): Packages {
  const added = missingFrom(packages).map(({ of, name, version }) => {
    const { os, cpu, libc } = PLATFORM.exec(name)?.groups ?? {};
    if (os === undefined || cpu === undefined) throw new Error(`${name}: no package of one platform`);
    const { dev, license, engines } = packages[of] ?? {};
    const libcs = libc === 'musl' ? { libc: ['musl'] } : {};
    const entry = { version, cpu: [cpu], dev, ...libcs, license, optional: true, os: [os], engines };
    return [`node_modules/${name}`, entry] as const;
  });
  const all = [...Object.entries(packages), ...added];
  return Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, 'en')));
}

if (import.meta.main) {
  const lock = { ...readLock(), packages: completed(lockedPackages()) };
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
}
