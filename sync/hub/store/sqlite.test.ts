/** The store's contract over SQLite, and what SQLite alone is asked: a copy of its file is a backup. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import type { HubStore } from '../ports.ts';
import { restoreStory } from './restore-contract.ts';
import { openHubStore } from './store.ts';
import { makeFixture, storeContract } from './store-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'genkan-hub-'));
let store: HubStore;
beforeAll(async () => {
  store = await openHubStore({ file: ':memory:' }, new VirtualClock());
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

storeContract('the store over SQLite', () => store);

test('a hub that was put back to an older copy hears again what it has forgotten', async () => {
  const live = join(folder, 'live.db');
  const copy = join(folder, 'copy.db');
  await restoreStory({
    open: () => openHubStore({ file: live }, new VirtualClock()),
    backUp: async () => {
      const db = new Database(live);
      db.prepare('VACUUM INTO ?').run(copy);
      db.close();
    },
    restore: () => openHubStore({ file: copy }, new VirtualClock()),
  });
});

test('what was acknowledged is there after the process is gone', async () => {
  const there = join(folder, 'again.db');
  const first = await openHubStore({ file: there }, new VirtualClock());
  const { front, tenant } = await makeFixture(first);
  front.record({});
  await front.send(first);
  await first.close();
  const second = await openHubStore({ file: there }, new VirtualClock());
  onTestFinished(() => second.close());
  expect(await second.acknowledged(tenant, front.unit, 1)).toBe(1);
});
