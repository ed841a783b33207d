/** A unit's folder: the database, the key, the lock, the socket. */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { isOnItsWay } from './aside.ts';
import type { StoreFault } from './faults.ts';
import { KEY_BYTES, Keys } from './keys.ts';
import type { Identity } from './salvage.ts';
import { Store } from './store.ts';

export interface DataFiles {
  readonly database: string;
  readonly key: string;
  /** flock: a controller runs. */
  readonly lock: string;
  /** Where a running controller takes commands from. */
  readonly control: string;
  /** Set aside for what happens while the database can't be written. */
  readonly reserve: string;
  /** Which unit this is, for when the database can't say. */
  readonly identity: string;
}

export function dataFiles(dataDir: string): DataFiles {
  const file = (name: string) => join(dataDir, name);
  return {
    database: file('genkan.db'),
    key: file('key'),
    lock: file('lock'),
    control: file('control'),
    reserve: file('reserve'),
    identity: file('identity'),
  };
}

/** Makes the folder and the unit's key where they aren't there. */
export function prepareDataDir(dataDir: string): Result<DataFiles, StoreFault> {
  const files = dataFiles(dataDir);
  try {
    makeFolder(dataDir);
    makeKey(files.key);
    return ok(files);
  } catch (error) {
    return err(folderFault(dataDir, error));
  }
}

/** Opens the unit's store. `read`: beside a running controller; the store must be there. */
export function openStore(dataDir: string, mode: 'write' | 'read'): Result<Store, StoreFault> {
  const files = mode === 'write' ? prepareDataDir(dataDir) : ok(dataFiles(dataDir));
  if (!files.ok) return files;
  const { key, database } = files.value;
  if (isOnItsWay(database))
    return err({
      code: 'missing',
      detail: `${database} was being replaced when the power went: start the controller once`,
    });
  const keys = readKey(key);
  return keys.ok ? Store.open(database, keys.value, mode) : keys;
}

/**
 * With its parents. On a read-only disk Node's recursive mkdir says only that something isn't there, and on `/proc` and
 * its like it tries without end.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
}

function makeKey(file: string): void {
  try {
    readFileSync(file);
    return;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  writeWhole(file, randomBytes(KEY_BYTES));
}

/** Whole or not at all: a unit with half a key can't read its own members any more. */
function writeWhole(file: string, bytes: Buffer): void {
  const draft = `${file}.new`;
  const fd = openSync(draft, 'w', 0o600);
  try {
    writeSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, file);
}

const IdentityForm = z.strictObject({ unitId: z.string().min(1).max(100), epoch: z.int().min(1) });

/** null: nobody has noted it, or it can't be read. */
export function readIdentity(file: string): Identity | null {
  try {
    const identity = IdentityForm.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return identity.success ? identity.data : null;
  } catch {
    return null;
  }
}

/** Where it can't be noted, the database says so too, and better. */
export function noteIdentity(file: string, { unitId, epoch }: Identity): void {
  const noted = readIdentity(file);
  if (noted?.unitId === unitId && noted.epoch === epoch) return;
  try {
    writeWhole(file, Buffer.from(`${JSON.stringify({ unitId, epoch })}\n`));
  } catch (error) {
    if (codeOf(error) === null) throw error;
  }
}

/** The unit's key, made at its first start. */
export function readKey(file: string): Result<Keys, StoreFault> {
  try {
    const secret = readFileSync(file);
    if (secret.length === KEY_BYTES) return ok(new Keys(secret));
    return err({ code: 'corrupt', detail: `the key ${file} is damaged: restore it from the last backup` });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return err(folderFault(file, error));
    return err({
      code: 'missing',
      detail: `there is no unit yet, since ${file} is not there: start the controller once`,
    });
  }
}

function folderFault(path: string, error: unknown): StoreFault {
  const code = codeOf(error);
  switch (code) {
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'read-only',
        detail: `dataDir: ${path} cannot be written: give the program the right to write there`,
      };
    case 'ENOSPC':
      return { code: 'full', detail: `dataDir: ${path} has no room left: free space on its disk` };
    case 'ENOENT':
      return { code: 'failed', detail: `dataDir: ${path} cannot be made: name a folder on a disk` };
    case 'ENOTDIR':
    case 'EEXIST':
      return { code: 'failed', detail: `dataDir: ${path} is a file, not a folder: name a folder` };
    default:
      if (code === null) throw error;
      return { code: 'failed', detail: `dataDir: ${path} cannot be used (${code}): check its disk` };
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
