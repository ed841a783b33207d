/**
 * Sets a database aside for another one in its place, so that the power may go at any moment: a note beside it says which
 * is on its way, and holds until the new one stands there.
 */
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { type StoreFault, storeFault } from './faults.ts';

/**
 * Why another epoch begins, and so another database. `put-back`: the disk is an older copy of itself, as the hub knows, and
 * its next numbers are taken.
 */
export type EpochWhy = 'damaged' | 'swap' | 'put-back';

/** The log first: a database without it is an older one, a log without its database nothing. */
const PARTS = ['-wal', '-shm', ''] as const;

/** Copies that a hub's word alone may cause: a disk that is put back more often has somebody who looks at it. */
export const MOST_PUT_BACK = 3;

const noteOf = (file: string) => `${file}.aside`;
/** Where the new one is made. */
export const draftOf = (file: string) => `${file}.new`;

/** Renames the database and what belongs to it. @returns its new path */
export function setAside(file: string, why: EpochWhy): Result<string, StoreFault> {
  let number = 1;
  while (PARTS.some((part) => existsSync(`${file}.${why}-${number}${part}`))) number += 1;
  const aside = `${file}.${why}-${number}`;
  return tried(file, () => {
    note(file, aside);
    rename(file, aside);
    return aside;
  });
}

/** One that was set aside and is kept. */
export interface Aside {
  readonly file: string;
  readonly why: EpochWhy;
  /** Epoch ms at which it was last written as the unit's own, to the day. */
  readonly since: number;
}

/** All that are kept. */
export function listAside(file: string): readonly Aside[] {
  const begin = `${basename(file)}.`;
  return namesIn(dirname(file)).flatMap((name) => {
    const [, why] = name.startsWith(begin)
      ? (/^(damaged|swap|put-back)-\d+$/.exec(name.slice(begin.length)) ?? [])
      : [];
    if (why !== 'damaged' && why !== 'swap' && why !== 'put-back') return [];
    const path = join(dirname(file), name);
    return [{ file: path, why, since: Math.max(...written(path).map(({ mtimeMs }) => mtimeMs)) }];
  });
}

/** How many are kept of those that went for that reason. */
export function countAside(file: string, why: EpochWhy): number {
  return listAside(file).filter((one) => one.why === why).length;
}

/** Whatever was done to it since, it still says since when it is set aside. */
export function keepTime({ file, since }: Aside): void {
  for (const path of [file, `${file}-wal`]) if (existsSync(path)) utimesSync(path, since / 1_000, since / 1_000);
}

function written(aside: string): Stats[] {
  return [aside, `${aside}-wal`].flatMap((path) => statSync(path, { throwIfNoEntry: false }) ?? []);
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Takes back one that was set aside, in the place of what has been begun there since. */
export function bringBack(file: string, aside: string): Result<void, StoreFault> {
  return tried(file, () => {
    note(file, aside);
    for (const part of PARTS) rmSync(file + part, { force: true });
    removeDraft(file);
    rename(aside, file);
    rmSync(noteOf(file), { force: true });
  });
}

/** The draft takes its place: from now on there is no way back by itself. */
export function putInPlace(file: string): void {
  renameSync(draftOf(file), file);
  rmSync(noteOf(file), { force: true });
}

export function removeDraft(file: string): void {
  for (const part of PARTS) rmSync(draftOf(file) + part, { force: true });
}

/**
 * Whether it is neither what it was nor what it will be. Whoever opened it now would found another unit, or begin without
 * what only the log has.
 */
export function isOnItsWay(file: string): boolean {
  const aside = noted(file);
  return aside !== null && !isNewThere(file, aside);
}

/**
 * Where the power went on the way, the database is where it was, with its log: whatever was to be done is begun anew. Only
 * for who holds the unit's lock.
 */
export function finishAside(file: string): Result<void, StoreFault> {
  return tried(file, () => {
    const aside = noted(file);
    if (aside !== null && !isNewThere(file, aside)) rename(aside, file);
    removeDraft(file);
    rmSync(noteOf(file), { force: true });
  });
}

/** null: none is on its way; an empty note was cut short before anything was renamed. */
function noted(file: string): string | null {
  const note = noteOf(file);
  const name = existsSync(note) ? readFileSync(note, 'utf8') : '';
  return name === '' ? null : join(dirname(file), basename(name));
}

/** It gets its place whole, and the old one's own name goes last. */
function isNewThere(file: string, aside: string): boolean {
  return existsSync(file) && existsSync(aside);
}

/** One that says so already needs no room on a full disk. */
function note(file: string, aside: string): void {
  const [at, name] = [noteOf(file), basename(aside)];
  if (!existsSync(at) || readFileSync(at, 'utf8') !== name) writeFileSync(at, name, { flush: true });
}

/** The database itself goes last and comes back last. */
function rename(from: string, to: string): void {
  for (const part of PARTS) if (existsSync(from + part)) renameSync(from + part, to + part);
}

function tried<T>(file: string, body: () => T): Result<T, StoreFault> {
  try {
    return ok(body());
  } catch (error) {
    return err(storeFault(error, file));
  }
}
