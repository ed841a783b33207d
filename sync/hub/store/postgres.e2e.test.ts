/**
 * The store's contract over a real PostgreSQL, and what PostgreSQL alone is asked: it is restarted under load and loses
 * nothing that was acknowledged; two hubs share it; a dump is a backup.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { PrivatePostgres } from '../../../build/e2e/postgres.ts';
import { SystemClock } from '../../../device/clock/system.ts';
import type { HubStore } from '../ports.ts';
import { restoreStory } from './restore-contract.ts';
import { openHubStore } from './store.ts';
import { makeFixture, storeContract } from './store-contract.ts';
import { bandUse, NOON, TestReplica, type TestUnit, ticketUse } from './testing.ts';

const quick = new PrivatePostgres(false);
let store: HubStore;
beforeAll(async () => {
  await quick.start();
  store = await openHubStore({ url: await quick.database() }, new SystemClock());
});
afterAll(async () => {
  await store.close();
  await quick.remove();
});

async function opened(url: string): Promise<HubStore> {
  const one = await openHubStore({ url }, new SystemClock());
  onTestFinished(() => one.close());
  return one;
}

storeContract('the store over PostgreSQL', () => store);

test('two hubs over one database hear of each other, and give each revision once', async () => {
  const url = await quick.database();
  // Both find it empty, and set it up at once.
  const [one, two] = await Promise.all([opened(url), opened(url)]);
  const { tenant, front, back } = await makeFixture(one);
  const heard: number[] = [];
  const words: string[] = [];
  await two.listen((of, revision) => of === tenant && heard.push(revision));
  await two.hear((topic, text) => words.push(`${topic} ${text}`));
  const begun = await one.revision(tenant);
  const revisions = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const unit = n % 2 === 0 ? front : back;
      const here = n % 3 === 0 ? one : two;
      const row = { id: `m${n}`, name: unit.unit, kana: null, codes: [`m${n}`], contracts: [] };
      const body = { ...row, suspended: { profile: false, identity: false } };
      const done = await here.change(tenant, [{ kind: 'member', id: row.id, position: n, body }], 'eve', NOON);
      return done.ok ? done.value : -1;
    }),
  );
  const expected = Array.from({ length: 20 }, (_, n) => begun + n + 1);
  expect([...revisions].sort((a, b) => a - b)).toEqual(expected);
  await expect.poll(() => heard).toEqual(expected);
  await one.tell('command', 'open');
  await expect.poll(() => words).toEqual(['command open']);
  expect(await two.keys(() => ({ sign: '1', seal: '1' }))).toEqual(await one.keys(() => ({ sign: '2', seal: '2' })));
});

test('readers meanwhile see whole changes only: a ticket and its use in the same cut', async () => {
  const url = await quick.database();
  const [one, two] = await Promise.all([opened(url), opened(url)]);
  const { tenant, front } = await makeFixture(one);
  const row = { id: 'k-ann', typeId: 'ten', memberId: 'ann', issuedOn: '2026-11-01', remaining: 1_000 };
  await one.change(tenant, [{ kind: 'ticket', id: 'k-ann', position: 0, body: row }], 'eve', NOON);
  const replica = new TestReplica();
  let isDone = false;
  const writing = (async () => {
    for (let n = 0; n < 60; n += 1) {
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      await front.send(one);
    }
    isDone = true;
  })();
  while (!isDone) {
    await replica.pull(two, tenant);
    expect(1_000 - (replica.remaining() ?? 0)).toBe(replica.ids('ticketUse').length);
  }
  await writing;
  await replica.pull(two, tenant);
  expect(replica.remaining()).toBe(940);
});

test('a restart under load loses nothing that was acknowledged, and the store comes back by itself', async () => {
  const durable = new PrivatePostgres(true);
  onTestFinished(() => durable.remove());
  await durable.start();
  const url = await durable.database();
  const one = await opened(url);
  const { tenant, front, back } = await makeFixture(one);
  const heard: number[] = [];
  await one.listen((_, revision) => heard.push(revision));
  const acknowledged = new Map<string, number>();
  let isOver = false;
  const load = async (unit: TestUnit) => {
    while (!isOver) {
      unit.record({ effects: { memberId: 'ann', consumed: bandUse() } });
      const after = acknowledged.get(unit.unit) ?? 0;
      // What a hub does when its store fails: it says nothing, and the unit sends again.
      const [answer] = await one.receive([unit.batch(after + 1)]).catch(() => []);
      if (answer?.ok) acknowledged.set(unit.unit, answer.value.acknowledged);
      await new Promise<void>((resolve) => new SystemClock().after('load', 5, resolve));
    }
  };
  const loads = [load(front), load(back)];
  for (const how of ['QUIT', 'INT'] as const) {
    const before = acknowledged.get(front.unit) ?? 0;
    await expect.poll(() => acknowledged.get(front.unit) ?? 0).toBeGreaterThan(before + 5);
    await durable.stop(how);
    const atStop = acknowledged.get(front.unit) ?? 0;
    await durable.start();
    await expect.poll(() => acknowledged.get(front.unit) ?? 0, { timeout: 20_000 }).toBeGreaterThan(atStop + 3);
    expect(await one.acknowledged(tenant, front.unit, 1)).toBeGreaterThanOrEqual(atStop);
  }
  isOver = true;
  await Promise.all(loads);
  for (const unit of [front, back]) {
    const there = await one.events(tenant, unit.unit, null, 100_000);
    expect(there.length).toBeGreaterThanOrEqual(acknowledged.get(unit.unit) ?? 0);
    expect(there.map(({ body }) => body)).toEqual(unit.bodies.slice(0, there.length));
    expect(there.flatMap(({ flags }) => flags)).toEqual([]);
  }
  // Deaf while it was away, and told of the latest once it was back.
  const revision = await one.revision(tenant);
  await expect.poll(() => heard.at(-1), { timeout: 10_000 }).toBe(revision);
  expect(await one.healthy()).toBe(true);
});

test('a hub that was put back to an older dump hears again what it has forgotten', async () => {
  const live = await quick.database();
  const copy = await quick.database();
  const nameOf = (url: string) => new URL(url).pathname.slice(1);
  const dump = join(quick.folder, 'hub.dump');
  await restoreStory({
    open: () => openHubStore({ url: live }, new SystemClock()),
    backUp: async () => {
      quick.tool('pg_dump', '-Fc', '-h', quick.folder, '-U', 'postgres', '-f', dump, nameOf(live));
    },
    restore: async () => {
      quick.tool('pg_restore', '-h', quick.folder, '-U', 'postgres', '-d', nameOf(copy), dump);
      return openHubStore({ url: copy }, new SystemClock());
    },
  });
});

test('a database that cannot be opened is said without the password', async () => {
  const url = new URL(quick.url('none'));
  url.password = 'secret';
  const error = await openHubStore({ url: url.href }, new SystemClock()).catch((reason: unknown) => String(reason));
  expect(error).toMatch(/does not exist/);
  expect(error).not.toContain('secret');
});
