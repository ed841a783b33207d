/**
 * The store's contract over a real PostgreSQL, and what PostgreSQL alone is asked: it is restarted under load and loses
 * nothing that was acknowledged; two hubs share it; a dump is a backup.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { PrivatePostgres } from '../../../build/e2e/postgres.ts';
import { SystemClock } from '../../../device/clock/system.ts';
import { DAY_MS } from '../../../main/core/time/day.ts';
import type { HubStore } from '../ports.ts';
import { restoreStory } from './restore-contract.ts';
import { openHubStore } from './store.ts';
import { makeFixture, storeContract } from './store-contract.ts';
import { bandUse, NOON, TestReplica, type TestUnit, takenOver, ticketUse, WITHOUT_ARRIVALS } from './testing.ts';

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

/** A busy machine takes its time. */
const SOON = { timeout: 20_000 };

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
  await expect.poll(() => heard, SOON).toEqual(expected);
  await one.tell('command', 'open');
  await expect.poll(() => words, SOON).toEqual(['command open']);
  expect(await two.keys(() => ({ sign: '1', seal: '1' }))).toEqual(await one.keys(() => ({ sign: '2', seal: '2' })));
});

test('two hubs over one database judge what either has taken, once, and go on where one is gone', async () => {
  const url = await quick.database();
  const [one, two] = await Promise.all([opened(url), opened(url)]);
  const { tenant, front, back } = await makeFixture(one);
  const uses = 40;
  const row = { id: 'k-ann', typeId: 'ten', memberId: 'ann', issuedOn: '2026-11-01', remaining: 2 * uses };
  await one.change(tenant, [{ kind: 'ticket', id: 'k-ann', position: 0, body: row }], 'eve', NOON);
  for (let n = 0; n < uses; n += 1)
    for (const unit of [front, back]) unit.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  // Both take at once, and both judge meanwhile.
  let isOver = false;
  const judging = [one, two].map(async (hub) => {
    let events = 0;
    while (!isOver) events += (await hub.judge([tenant], 7)).events;
    return events;
  });
  for (let n = 1; n <= uses; n += 1) {
    const answers = await Promise.all([one.take([front.batch(n, n)]), two.take([back.batch(n, n)])]);
    expect(answers).toMatchObject([[{ ok: true }], [{ ok: true }]]);
  }
  isOver = true;
  const judged = (await Promise.all(judging)).reduce((sum, events) => sum + events, 0);
  await one.close();
  await two.catchUp(tenant);
  expect(judged).toBeLessThanOrEqual(2 * uses);
  const replica = new TestReplica();
  await replica.pull(two, tenant);
  expect(replica.ids('ticketUse')).toHaveLength(2 * uses);
  expect(replica.remaining()).toBe(0);
  expect(await two.alerts(tenant, 10)).toEqual([]);
});

test('two hubs that let the same events go at once count each answer once', async () => {
  const url = await quick.database();
  const [one, two] = await Promise.all([opened(url), opened(url)]);
  const { tenant, front, back } = await makeFixture(one);
  for (let n = 0; n < 2_501; n += 1)
    for (const unit of [front, back]) unit.record({ type: 'staff', result: { granted: true, reason: 'override' } });
  await one.take([front.batch(), back.batch()]);
  await one.catchUp(tenant);
  const retained = async (hub: HubStore) => {
    while (await hub.retain(NOON + 2 * 366 * DAY_MS));
  };
  await Promise.all([retained(one), retained(two), retained(one)]);
  const tallies = await two.tallies(tenant, { from: null, to: null }, null, 10);
  expect(tallies.map(({ times }) => times)).toEqual([2_500, 2_500]);
  expect(await two.events(tenant, null, null, 10)).toHaveLength(2);
});

test('two hubs that both find what a unit has not signed put it aside once, while its true events come', async () => {
  const url = await quick.database();
  const [one, two] = await Promise.all([opened(url), opened(url)]);
  const { tenant, front } = await makeFixture(one);
  const eve = front.impostor();
  eve.record({ effects: { memberId: 'ann', consumed: ticketUse() }, type: 'staff' });
  await one.take([eve.unproven()]);
  front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  front.record({});
  const isTaken = async () => (await two.take([front.unproven()]))[0]?.ok === true;
  await Promise.all([one.catchUp(tenant), two.prove(tenant), expect.poll(isTaken, SOON).toBe(true)]);
  await two.catchUp(tenant);
  expect(await one.acknowledged(tenant, front.unit, 1)).toBe(2);
  expect((await one.alerts(tenant, 10)).map(({ kind }) => kind)).toEqual(['proof']);
  const replica = new TestReplica();
  await replica.pull(two, tenant);
  expect(replica.remaining()).toBe(1);
});

test('a database from before events were judged later is taken over: what it has counts once', async () => {
  const name = await quick.database();
  const first = await opened(name);
  const { front, tenant } = await makeFixture(first);
  front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  await front.send(first);
  const database = new URL(name).pathname.slice(1);
  for (const statement of WITHOUT_ARRIVALS)
    quick.tool('psql', '-q', '-h', quick.folder, '-U', 'postgres', '-d', database, '-c', statement);
  await takenOver(await opened(name), tenant, front);
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
      const [answer] = await one.take([unit.batch(after + 1)]).catch(() => []);
      if (answer?.ok) acknowledged.set(unit.unit, answer.value.acknowledged);
      await one.judge([tenant], 3).catch(() => undefined);
      await new Promise<void>((resolve) => new SystemClock().after('load', 5, resolve));
    }
  };
  const loads = [load(front), load(back)];
  for (const how of ['QUIT', 'INT'] as const) {
    const before = acknowledged.get(front.unit) ?? 0;
    await expect.poll(() => acknowledged.get(front.unit) ?? 0, SOON).toBeGreaterThan(before + 5);
    await durable.stop(how);
    const atStop = acknowledged.get(front.unit) ?? 0;
    await durable.start();
    await expect.poll(() => acknowledged.get(front.unit) ?? 0, SOON).toBeGreaterThan(atStop + 3);
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
  await one.catchUp(tenant);
  const replica = new TestReplica();
  await replica.pull(one, tenant, 500);
  expect(replica.ids('usage')).toHaveLength((await one.events(tenant, null, null, 100_000)).length);
  // Deaf while it was away, and told of the latest once it was back.
  const revision = await one.revision(tenant);
  await expect.poll(() => heard.at(-1), SOON).toBe(revision);
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
