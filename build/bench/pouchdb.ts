/** How long PouchDB takes to replicate the same members: the reference of `sync.first_vs_pouchdb`. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { installPouchDb, removePouchDb } from './pouchdb/install.ts';

const LIMIT_MS = 600_000;
const Answer = z.object({ ms: z.number(), written: z.int() });

export interface PouchDbTimes {
  /** Milliseconds with PouchDB's own batches, and with the best that were found. */
  readonly byDefault: number;
  readonly best: number;
}

/** @returns null where the packages can't be had */
export async function measurePouchDb(members: number): Promise<PouchDbTimes | null> {
  const folder = await installPouchDb();
  if (folder === null) return null;
  const data = mkdtempSync(join(tmpdir(), 'genkan-pouchdb-data-'));
  const peer = spawn(process.execPath, [programOf('peer'), folder, data, String(members)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [port] = await once(peer.stdout, 'data');
    const url = `http://127.0.0.1:${String(port).trim()}/site`;
    return {
      byDefault: await replicate(folder, url, members, {}),
      best: await replicate(folder, url, members, { batch_size: 5_000, batches_limit: 4 }),
    };
  } finally {
    peer.stdin.end();
    await once(peer, 'exit');
    rmSync(data, { recursive: true, force: true });
    removePouchDb(folder);
  }
}

async function replicate(folder: string, url: string, members: number, options: object): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'genkan-pouchdb-copy-'));
  try {
    const args = [programOf('client'), folder, data, url, JSON.stringify(options)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: LIMIT_MS });
    const { ms, written } = Answer.parse(JSON.parse(stdout));
    if (written !== members) throw new Error(`PouchDB wrote ${written} of ${members} documents`);
    return ms;
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

const programOf = (name: string) => join(import.meta.dirname, 'pouchdb', `${name}.ts`);
