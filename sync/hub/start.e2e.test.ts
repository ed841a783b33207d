// A hub that can't start says in one line why and what to do; whoever lost the only token makes another one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { dataFolder, HubProcess } from './test-process.ts';

const made = dataFolder();
const open: HubProcess[] = [];
afterAll(async () => {
  for (const hub of open) await hub.end('SIGKILL');
  made.remove();
});

async function start(env: Readonly<Record<string, string>>): Promise<HubProcess> {
  const hub = new HubProcess(env);
  open.push(hub);
  await hub.start();
  return hub;
}

/** What it says of why it doesn't start. */
async function refusal(env: Readonly<Record<string, string>>): Promise<string> {
  const hub = await start(env);
  expect(hub.url).toBe('');
  expect(await hub.exit()).toBe(1);
  return hub.errors;
}

function folder(name: string): string {
  mkdirSync(join(made.path, name));
  return join(made.path, name);
}

test('two hubs never have the same SQLite: the second says so, and has it when the first is gone, also killed', async () => {
  const HUB_DATA = folder('one');
  const first = await start({ HUB_DATA });
  expect(await refusal({ HUB_DATA })).toMatch(/^genkan hub: HUB_DATA: another hub has [^\n]*\n$/);
  await first.end('SIGKILL');
  const second = await start({ HUB_DATA });
  expect((await fetch(`${second.url}healthz`)).status).toBe(200);
});

test('a database that can’t be opened: one line with what to do, no password in it', async () => {
  const broken = folder('broken');
  writeFileSync(join(broken, 'hub.sqlite'), 'no database at all');
  writeFileSync(join(made.path, 'a-file'), '');
  const [damaged, nowhere, noFolder, nobody] = await Promise.all([
    refusal({ HUB_DATA: broken }),
    // Nothing can be made there; Node's own recursive mkdir would try without end.
    refusal({ HUB_DATA: '/proc/genkan/hub' }),
    refusal({ HUB_DATA: join(made.path, 'a-file') }),
    refusal({ DATABASE_URL: 'postgres://hub:geheim@127.0.0.1:1/hub' }),
  ]);
  expect(damaged).toMatch(/^genkan hub: HUB_DATA: [^\n]*put a backup[^\n]*\n$/);
  expect(nowhere).toMatch(/^genkan hub: HUB_DATA: \/proc\/genkan\/hub [^\n]*a folder[^\n]*\n$/);
  expect(noFolder).toMatch(/^genkan hub: HUB_DATA: [^\n]*a folder[^\n]*\n$/);
  expect(nobody).toMatch(/^genkan hub: DATABASE_URL: [^\n]*is PostgreSQL running[^\n]*\n$/);
  expect(nobody).not.toContain('geheim');
  const HUB_DATA = folder('newer');
  await (await start({ HUB_DATA })).end('SIGTERM');
  const db = new Database(join(HUB_DATA, 'hub.sqlite'));
  db.exec(`INSERT INTO kysely_migration VALUES ('9999', '2030-01-01T00:00:00Z')`);
  db.close();
  expect(await refusal({ HUB_DATA })).toMatch(/^genkan hub: [^\n]*newer hub[^\n]*\n$/);
});

test('whoever lost the only token starts the hub for a new code; a start without that takes it away again', async () => {
  const HUB_DATA = folder('lost');
  const hub = await start({ HUB_DATA });
  await hub.claim();
  await hub.end('SIGTERM');
  const again = await start({ HUB_DATA, HUB_NEW_ADMIN_CODE: '1' });
  expect(again.code).toMatch(/^[0-9A-Z]{4}-/);
  const late = again.code;
  await again.end('SIGTERM');
  const plain = await start({ HUB_DATA });
  expect(plain.code).toBe('');
  plain.code = late;
  await expect(plain.claim()).rejects.toThrow(/unknown or used/);
  await plain.end('SIGTERM');
  const third = await start({ HUB_DATA, HUB_NEW_ADMIN_CODE: '1' });
  const admin = await third.claim();
  expect(await admin.hubTokens.list.query({})).toHaveLength(2);
});
