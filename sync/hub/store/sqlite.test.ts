/** The store's contract over SQLite, and what SQLite alone is asked: a copy of its file is a backup. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import type { Change } from '../../wire/entities.ts';
import { arrive } from '../handovers.ts';
import type { HubStore } from '../ports.ts';
import { restoreStory } from './restore-contract.ts';
import { openHubStore } from './store.ts';
import { makeFixture, storeContract } from './store-contract.ts';
import { NOON, TestReplica, takenOver, ticketUse, WITHOUT_ARRIVALS } from './testing.ts';

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

test('what was acknowledged is there after the process is gone, and is judged by the next one', async () => {
  const there = join(folder, 'again.db');
  const first = await openHubStore({ file: there }, new VirtualClock());
  const { front, tenant } = await makeFixture(first);
  front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  await first.take([front.batch()]);
  await first.close();
  const second = await openHubStore({ file: there }, new VirtualClock());
  onTestFinished(() => second.close());
  expect(await second.acknowledged(tenant, front.unit, 1)).toBe(1);
  const { tenants } = await second.waiting();
  expect(await second.judge(tenants, 10)).toEqual({ events: 1, left: [] });
  const replica = new TestReplica();
  await replica.pull(second, tenant);
  expect(replica.remaining()).toBe(1);
});

test('a signature that was not checked when the process ended is by the next one', async () => {
  const there = join(folder, 'unproven.db');
  const first = await openHubStore({ file: there }, new VirtualClock());
  const { front, tenant } = await makeFixture(first);
  front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  await first.take([front.unproven()]);
  const eve = front.impostor();
  eve.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  await first.take([eve.unproven(2, 2)]);
  await first.close();
  const second = await openHubStore({ file: there }, new VirtualClock());
  onTestFinished(() => second.close());
  await second.catchUp(tenant);
  expect(await second.acknowledged(tenant, front.unit, 1)).toBe(1);
  const replica = new TestReplica();
  await replica.pull(second, tenant);
  expect(replica.remaining()).toBe(1);
});

test('a database from before events were judged later is taken over: what it has counts once', async () => {
  const there = join(folder, 'before.db');
  const first = await openHubStore({ file: there }, new VirtualClock());
  const { front, tenant } = await makeFixture(first);
  front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  await front.send(first);
  await first.close();
  const db = new Database(there);
  for (const statement of WITHOUT_ARRIVALS) db.exec(statement);
  db.close();
  const second = await openHubStore({ file: there }, new VirtualClock());
  onTestFinished(() => second.close());
  await takenOver(second, tenant, front);
});

/** All that there is in any row of any table, as text. */
function rowsOf(file: string): string {
  const db = new Database(file, { readonly: true });
  try {
    const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return tables.map(({ name }) => JSON.stringify(db.prepare(`SELECT * FROM "${name}"`).all())).join('\n');
  } finally {
    db.close();
  }
}

test('of a member who is taken out, however they came, no row has name, kana or code; events keep the id', async () => {
  const file = join(folder, 'forgotten.db');
  const there = await openHubStore({ file }, new VirtualClock());
  onTestFinished(() => there.close());
  const { front, tenant } = await makeFixture(there);
  front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  await front.send(there);
  const card = {
    memberId: 'card',
    code: 'CODE-card',
    contractId: 'c-card',
    planId: 'four',
    fromDay: 20_783,
    toDay: 20_812,
  };
  const item = { id: 'h', kind: 'provisional-card', body: JSON.stringify(card) };
  await arrive(there, { tenant, unit: front.unit, by: 'hub', at: NOON }, item);
  const [before, gone] = [rowsOf(file), ['Name of ann', 'CODE-ann', 'c-ann', 'k-ann', 'CODE-card', 'c-card']];
  for (const text of gone) expect(before, text).toContain(text);
  for (const id of ['ann', 'card']) {
    const row = await there.entity(tenant, 'member', id);
    if (row === null) throw new Error('no such member');
    expect(await there.change(tenant, [{ ...row, body: null } as Change], 'eve', NOON)).toMatchObject({ ok: true });
  }
  expect(await there.events(tenant, front.unit, null, 10)).toHaveLength(1);
  const after = rowsOf(file);
  expect(after).toContain('Name of bob');
  for (const text of gone.filter((one) => !one.startsWith('k-'))) expect(after, text).not.toContain(text);
});

test('what is deleted is overwritten: no free page of the file still has a member who was taken out', async () => {
  const file = join(folder, 'free-pages.db');
  const there = await openHubStore({ file }, new VirtualClock());
  const { tenant } = await makeFixture(there);
  // Of a size that pages are given up, not only room within one.
  const crowd = Array.from({ length: 60 }, (_, n) => n);
  const change = (bodyOf: (id: string) => object | null) =>
    there.change(
      tenant,
      crowd.map((n) => ({ kind: 'member', id: `m${n}`, position: n, body: bodyOf(`m${n}`) }) as Change),
      'eve',
      NOON,
    );
  const rest = { kana: null, contracts: [], suspended: { profile: false, identity: false } };
  const name = `Gone ${'x'.repeat(60)}`;
  expect(await change((id) => ({ id, name, codes: [`SECRET-${id}`], ...rest }))).toMatchObject({ ok: true });
  expect(await change(() => null)).toMatchObject({ ok: true });
  // With the last connection the log is worked into the file, and goes.
  await there.close();
  const bytes = readFileSync(file);
  expect(['Name of bob', name, 'SECRET-m'].filter((text) => bytes.includes(text))).toEqual(['Name of bob']);
});

test('nor has the log of what was written, once upkeep has been through', async () => {
  const file = join(folder, 'log.db');
  const there = await openHubStore({ file }, new VirtualClock());
  onTestFinished(() => there.close());
  const { tenant } = await makeFixture(there);
  const row = await there.entity(tenant, 'member', 'bob');
  if (row === null) throw new Error('no such member');
  await there.change(tenant, [{ ...row, body: null } as Change], 'eve', NOON);
  const hasBob = () => [file, `${file}-wal`].map((one) => readFileSync(one).includes('Name of bob'));
  expect(hasBob()).toEqual([false, true]);
  expect(await there.retain(NOON)).toBe(false);
  expect(hasBob()).toEqual([false, false]);
});
