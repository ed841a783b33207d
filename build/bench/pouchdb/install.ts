/** PouchDB and its server, installed for the bench alone, in a folder of their own. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PACKAGES = { 'pouchdb-node': '9.0.0', 'express-pouchdb': '4.2.0', express: '4.21.2' };
const LIMIT_MS = 300_000;

/** @returns the folder; null where the packages can't be had */
export async function installPouchDb(): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-pouchdb-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
  try {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    await promisify(execFile)('npm', ['install', ...options], { cwd: folder, timeout: LIMIT_MS });
    return folder;
  } catch {
    removePouchDb(folder);
    return null;
  }
}

export function removePouchDb(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
