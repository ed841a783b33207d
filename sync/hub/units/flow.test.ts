// A change at the hub reaches every unit that stands where it begins, as the same bytes; a backlog goes into the store in
// few commits, and nothing is acknowledged that isn't durable; a command runs on one connection, once.
import { createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { plainEvent } from '../../conformance/unit.ts';
import type { Change } from '../../wire/entities.ts';
import { commandText } from '../../wire/signed.ts';
import type { HubStore } from '../ports.ts';
import { gym } from '../store/testing.ts';
import { pairedUnit, type TestHub, type TestUnit, testHub } from '../testing.ts';
import { HUB_LIMITS } from './limits.ts';
import { enter } from './test-enter.ts';

const ADDRESS = '192.0.2.1';

let clock: VirtualClock;
let hub: TestHub;
beforeEach(async () => {
  clock = new VirtualClock();
  hub = await testHub(clock);
});
afterEach(() => hub.close());

/** With everything that there is. */
async function follow(name: string): Promise<TestUnit> {
  const unit = await pairedUnit(hub, name);
  await enter(unit);
  unit.say({ type: 'pull', since: 0, resume: null });
  await vi.waitFor(() => expect(unit.all('snapshot-end')).toHaveLength(1));
  return unit;
}

const member = (id: string, name = id): Change => ({
  kind: 'member',
  id,
  position: 0,
  body: { id, name, kana: null, codes: [], suspended: { profile: false, identity: false }, contracts: [] },
});

async function change(...changes: Change[]): Promise<void> {
  const result = await hub.store.change('gym', changes, 'test', clock.wall());
  expect(result).toMatchObject({ ok: true });
}

test('a change reaches all units as the same bytes, at once when it is quiet and in rounds under load', async () => {
  const units = [await follow('a'), await follow('b'), await follow('c')];
  await hub.store.importSite('gym', gym(), 'test', 0);
  await vi.waitFor(async () => {
    await clock.advance(100);
    for (const unit of units) expect(unit.all('delta').length).toBeGreaterThan(0);
  });
  await clock.advance(1_000);
  const before = units.map(({ socket }) => socket.texts.length);
  for (let at = 0; at < 20; at += 1) await change(member('cleo', `name ${at}`));
  await vi.waitFor(async () => {
    await clock.advance(1);
    expect(units[0]?.socket.texts.length).toBeGreaterThan(before[0] ?? 0);
  });
  await clock.advance(1_000);
  await vi.waitFor(async () => {
    await clock.advance(100);
    const last = units.map((unit) => unit.all('delta').at(-1));
    for (const delta of last) expect(JSON.stringify(delta)).toContain('name 19');
  });
  const fresh = units.map(({ socket }, at) => socket.texts.slice(before[at]));
  expect(fresh[1]).toEqual(fresh[0]);
  expect(fresh[2]).toEqual(fresh[0]);
  // Twenty changes in a moment are a few rounds, not twenty messages.
  expect(fresh[0]?.length).toBeLessThan(5);
  // Each begins where the one before has ended.
  const deltas = units[0]?.all('delta') ?? [];
  expect(deltas.slice(1).map(({ from }) => from)).toEqual(deltas.slice(0, -1).map(({ to }) => to));
});

test('under load what doors have counted waits for a calm round, and what is changed at the hub does not', async () => {
  await hub.close();
  hub = await testHub(clock, { deltasAtOnce: 0 });
  const unit = await follow('a');
  const stay = async (seq: number) => {
    const enter = { placeId: 'hall', enteredAt: '2026-11-21T03:00:00Z', via: null };
    const detail = { effects: { memberId: `m${seq}`, enter } };
    unit.say(unit.identity.events(seq, [JSON.stringify({ ...JSON.parse(plainEvent(seq)), detail })]));
    await vi.waitFor(async () => {
      await clock.advance(1);
      expect(unit.all('acknowledged').at(-1)?.seq).toBe(seq);
    });
  };
  const hears = (text: string, stepMs = 100) =>
    vi.waitFor(async () => {
      await clock.advance(stepMs);
      expect(JSON.stringify(unit.all('delta').at(-1) ?? null)).toContain(text);
    });
  await stay(1);
  await hears('"m1"');
  const before = unit.all('delta').length;
  await stay(2);
  await clock.advance(HUB_LIMITS.roundMs.most / 2);
  expect(unit.all('delta')).toHaveLength(before);
  await change(member('cleo'));
  // Long before the calm round.
  await hears('"cleo"', 5);
  // It brought along what had waited, and what comes now is heard of without anybody's change.
  expect(JSON.stringify(unit.all('delta').at(-1))).toContain('"m2"');
  await stay(3);
  await hears('"m3"', 200);
});

test('under load what doors have counted goes with the next message, in one write, or by itself after a moment', async () => {
  await hub.close();
  hub = await testHub(clock, { deltasAtOnce: 0, deltasPerSecond: 0 });
  const [counting, busy, quiet] = [await follow('a'), await follow('b'), await follow('c')];
  const stay = async (seq: number) => {
    const enter = { placeId: 'hall', enteredAt: '2026-11-21T03:00:00Z', via: null };
    const detail = { effects: { memberId: `m${seq}`, enter } };
    counting.say(counting.identity.events(seq, [JSON.stringify({ ...JSON.parse(plainEvent(seq)), detail })]));
    await vi.waitFor(async () => {
      await clock.advance(1);
      expect(counting.all('acknowledged').at(-1)?.seq).toBe(seq);
    });
  };
  const said = (unit: TestUnit) => JSON.stringify(unit.all('delta'));
  const isOnItsWay = async () => {
    await hub.store.catchUp('gym');
    await vi.waitFor(
      async () => {
        await clock.advance(50);
        const revision = await hub.store.revision('gym');
        for (const unit of [counting, busy, quiet]) expect(unit.session?.follows).toBe(revision);
      },
      { timeout: 5_000, interval: 5 },
    );
  };
  // A round before has found that there is much.
  await stay(1);
  await isOnItsWay();
  await clock.advance(HUB_LIMITS.deltaSoonMs);
  await stay(2);
  await isOnItsWay();
  for (const unit of [busy, quiet]) expect(said(unit)).not.toContain('"m2"');
  busy.say({ type: 'ping', at: 1, queued: 0 });
  await vi.waitFor(() => expect(busy.all('pong')).toHaveLength(1));
  expect(busy.socket.writes.at(-1)?.[0]).toContain('"m2"');
  expect(busy.socket.writes.at(-1)).toHaveLength(2);
  expect(said(quiet)).not.toContain('"m2"');
  await clock.advance(HUB_LIMITS.deltaSoonMs);
  expect(said(quiet)).toContain('"m2"');
  // Somebody stands at a door: it is told at once what it would have heard later.
  await stay(3);
  await isOnItsWay();
  expect(said(quiet)).not.toContain('"m3"');
  quiet.say({ type: 'refresh', memberId: 'm3', right: null });
  await vi.waitFor(() => expect(said(quiet)).toContain('"m3"'));
});

test('a long delta goes in parts, one behind the other', async () => {
  const unit = await follow('a');
  await hub.store.importSite('gym', gym(), 'test', 0);
  await vi.waitFor(async () => {
    await clock.advance(100);
    expect(unit.all('delta').at(-1)?.last).toBe(true);
  });
  const before = unit.socket.texts.length;
  unit.socket.flow = false;
  await change(...Array.from({ length: 200 }, (_, at) => member(`m${at + 100}`, 'n'.repeat(100))));
  await vi.waitFor(async () => {
    await clock.advance(100);
    expect(unit.socket.unsent).toBeGreaterThan(0);
  });
  // Nothing more before that is out.
  await clock.advance(HUB_LIMITS.roundMs.most);
  expect(unit.socket.unsent).toBeLessThan(HUB_LIMITS.deltaLength * 1.1);
  unit.socket.flow = true;
  unit.socket.flush(Number.POSITIVE_INFINITY);
  await vi.waitFor(() => expect(unit.all('delta').at(-1)?.changes.at(-1)?.id).toBe('m299'));
  for (const text of unit.socket.texts.slice(before)) expect(text.length).toBeLessThan(HUB_LIMITS.deltaLength * 1.1);
  expect(unit.socket.texts.length - before).toBeGreaterThan(2);
});

test('a unit that reads slowly has little waiting for it, gets everything in the end, and holds back nobody', async () => {
  await hub.store.createTenant('gym', 'gym', 0);
  await hub.store.importSite('gym', gym(), 'test', 0);
  const many = Array.from({ length: 3_000 }, (_, at) => member(`m${String(at).padStart(5, '0')}`, 'n'.repeat(200)));
  for (let at = 0; at < many.length; at += 500) await change(...many.slice(at, at + 500));
  const slow = await pairedUnit(hub, 'slow');
  await enter(slow);
  slow.socket.flow = false;
  slow.say({ type: 'pull', since: 0, resume: null });
  const quick = await follow('quick');
  expect(quick.all('rows').flatMap(({ changes }) => changes).length).toBeGreaterThan(3_000);
  let most = 0;
  await vi.waitFor(
    async () => {
      most = Math.max(most, slow.socket.unsent);
      slow.socket.flush(1);
      expect(slow.all('snapshot-end')).toHaveLength(1);
    },
    { timeout: 10_000, interval: 2 },
  );
  expect(most).toBeLessThan(HUB_LIMITS.unsentBytes);
  const ids = new Set(slow.all('rows').flatMap(({ changes }) => changes.map(({ kind, id }) => `${kind} ${id}`)));
  expect(ids.size).toBe(
    new Set(quick.all('rows').flatMap(({ changes }) => changes.map(({ kind, id }) => `${kind} ${id}`))).size,
  );
});

test('whoever takes its snapshot slowly gives its place to who waits, page by page', async () => {
  await hub.close();
  hub = await testHub(clock, { snapshots: 1, pageRows: 20 });
  await hub.store.createTenant('gym', 'gym', 0);
  await hub.store.importSite('gym', gym(), 'test', 0);
  await change(...Array.from({ length: 100 }, (_, at) => member(`m${String(at).padStart(3, '0')}`)));
  const slow = await pairedUnit(hub, 'slow');
  await enter(slow);
  slow.socket.flow = false;
  slow.say({ type: 'pull', since: 0, resume: null });
  await vi.waitFor(() => expect(slow.socket.unsent).toBeGreaterThan(0));
  const quick = await pairedUnit(hub, 'quick');
  await enter(quick);
  quick.say({ type: 'pull', since: 0, resume: null });
  await vi.waitFor(async () => {
    if (quick.all('rows').length === 0) slow.socket.flush(1);
    expect(quick.all('rows').length).toBeGreaterThan(0);
  });
  // A page or two of six, and what the test let through while the other one waited.
  expect(slow.all('rows').length).toBeLessThan(4);
  slow.socket.flow = true;
  slow.socket.flush(Number.POSITIVE_INFINITY);
  for (const unit of [slow, quick]) {
    await vi.waitFor(() => expect(unit.all('snapshot-end')).toHaveLength(1));
    const rows = unit.all('rows').flatMap(({ changes }) => changes.map(({ kind, id }) => `${kind} ${id}`));
    expect(rows.filter((row) => row.startsWith('member m'))).toHaveLength(100);
  }
});

test('a snapshot that was cut off goes on at another process, and what changed meanwhile is in it', async () => {
  await hub.store.createTenant('gym', 'gym', 0);
  await hub.store.importSite('gym', gym(), 'test', 0);
  await change(...Array.from({ length: 500 }, (_, at) => member(`m${at}`)));
  await change(...Array.from({ length: 500 }, (_, at) => member(`n${at}`)));
  const unit = await pairedUnit(hub, 'cut');
  await enter(unit);
  unit.socket.flow = false;
  unit.say({ type: 'pull', since: 0, resume: null });
  await vi.waitFor(() => {
    unit.socket.flush(1);
    expect(unit.all('rows')).toHaveLength(1);
  });
  const [begun, rows] = [unit.all('snapshot')[0], unit.all('rows')[0]];
  unit.session?.closed();
  await change(member('m0', 'changed'), { ...member('n0'), body: null });
  const other = await testHub(clock, {}, hub.store);
  const again = await pairedUnit(other, 'again');
  again.identity.beginEpoch(1);
  await enter(again);
  again.say({ type: 'pull', since: 0, resume: { revision: begun?.revision, cursor: rows?.cursor } });
  await vi.waitFor(() => expect(again.all('snapshot-end')).toHaveLength(1));
  expect(again.all('snapshot')[0]).toMatchObject({ resumed: true, revision: begun?.revision });
  const all = [...(rows?.changes ?? []), ...again.all('rows').flatMap(({ changes }) => changes)];
  const state = new Map(all.map((row) => [`${row.kind} ${row.id}`, row.body]));
  expect(state.get('member m0')).toMatchObject({ name: 'changed' });
  expect(state.get('member n0')).toBeNull();
  expect([...state.keys()].filter((key) => key.startsWith('member')).length).toBeGreaterThan(1_000);
  await other.close();
});

test('what comes while a commit runs goes into the next one, and one batch that fails takes nobody with it', async () => {
  const units = await Promise.all(['a', 'b', 'c', 'd'].map((name) => pairedUnit(hub, name)));
  const groups: number[] = [];
  const { store } = hub;
  // A store that can’t take what `c` brings.
  const picky: HubStore = {
    ...store,
    take: async (batches) => {
      groups.push(batches.length);
      if (batches.some(({ unit }) => unit === 'c')) throw new Error('a bug');
      return store.take(batches);
    },
  };
  const other = await testHub(clock, {}, picky);
  for (const unit of units) {
    unit.call(ADDRESS, other);
    unit.say(unit.hello());
    unit.say(unit.identity.events(1, [plainEvent(1), plainEvent(2)]));
  }
  await vi.waitFor(async () => {
    await clock.advance(10);
    for (const unit of units)
      if (unit.identity.unit !== 'c') expect(unit.all('acknowledged')).toMatchObject([{ seq: 2 }]);
  });
  expect(units[2]?.all('acknowledged')).toEqual([]);
  expect(units[2]?.goodbye).toBe('unavailable');
  expect(Math.max(...groups)).toBeGreaterThan(1);
  await other.close();
});

test('nothing is acknowledged before the store has it', async () => {
  const unit = await pairedUnit(hub, 'a');
  let commit = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    commit = resolve;
  });
  const { store } = hub;
  const slow: HubStore = { ...store, take: async (batches) => held.then(() => store.take(batches)) };
  const other = await testHub(clock, {}, slow);
  unit.call(ADDRESS, other);
  unit.say(unit.hello());
  unit.say(unit.identity.events(1, [plainEvent(1)]));
  unit.say({ type: 'ping', at: 1, queued: 1 });
  await vi.waitFor(async () => {
    await clock.advance(20);
    expect(unit.all('pong')).toHaveLength(1);
  });
  expect(unit.all('acknowledged')).toEqual([]);
  commit();
  await vi.waitFor(() => expect(unit.all('acknowledged')).toHaveLength(1));
  await other.close();
});

test('under load a ping is answered with the next message, in one write, or by itself after some seconds', async () => {
  await hub.close();
  hub = await testHub(clock, { pongsAtOnce: 0, pongsPerSecond: 0 });
  const unit = await pairedUnit(hub, 'a');
  await enter(unit);
  unit.say({ type: 'ping', at: 1, queued: 1 });
  unit.say({ type: 'ping', at: 2, queued: 1 });
  unit.say(unit.identity.events(1, [plainEvent(1)]));
  await vi.waitFor(async () => {
    await clock.advance(10);
    expect(unit.all('acknowledged')).toHaveLength(1);
  });
  expect(unit.all('pong')).toHaveLength(1);
  expect(unit.socket.writes.map((texts) => texts.length)).toEqual([2]);
  unit.say({ type: 'ping', at: 3, queued: 0 });
  await clock.advance(HUB_LIMITS.soonMs / 2);
  expect(unit.all('pong')).toHaveLength(1);
  await clock.advance(HUB_LIMITS.soonMs);
  expect(unit.all('pong')).toHaveLength(2);
});

test('a command is signed for the connection, runs once, and a door opens at most once in 5 s', async () => {
  const unit = await follow('a');
  const open = { do: 'open', doorId: 'front', by: 'Ana' } as const;
  const asked = hub.units.command('a', open);
  await vi.waitFor(() => expect(unit.all('command')).toHaveLength(1));
  const [challenge, command] = [unit.all('challenge')[0], unit.all('command')[0]];
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: hub.keys.publicKey }, format: 'jwk' });
  const text = commandText(challenge?.nonce ?? '', 'a', command?.id ?? '', command?.command ?? '', clock.wall());
  expect(verify(null, Buffer.from(text), key, Buffer.from(command?.proof ?? '', 'base64url'))).toBe(true);
  expect(await hub.units.command('a', open)).toMatchObject({ ok: false, detail: expect.stringContaining('5 seconds') });
  unit.say({ type: 'done', id: command?.id, ok: true, detail: 'opened' });
  expect(await asked).toEqual({ ok: true, detail: 'opened' });
  await clock.advance(HUB_LIMITS.openEveryMs);
  const again = hub.units.command('a', open);
  await vi.waitFor(() => expect(unit.all('command')).toHaveLength(2));
  // Another unit can’t say that it is done.
  const other = await follow('b');
  other.say({ type: 'done', id: unit.all('command')[1]?.id, ok: true, detail: 'mine' });
  await vi.waitFor(() => other.say({ type: 'ping', at: 1, queued: 0 }));
  await clock.advance(HUB_LIMITS.commandMs);
  expect(await again).toMatchObject({ ok: false });
});

test('a command for a unit that is away is answered so, and never sent later', async () => {
  const unit = await pairedUnit(hub, 'away');
  const asked = hub.units.command('away', { do: 'open', doorId: 'front', by: 'Ana' });
  await clock.advance(HUB_LIMITS.commandMs);
  expect(await asked).toMatchObject({ ok: false });
  await enter(unit);
  unit.say({ type: 'ping', at: 1, queued: 0 });
  await vi.waitFor(() => expect(unit.all('pong')).toHaveLength(1));
  expect(unit.all('command')).toEqual([]);
});

test('two processes over one database: a change, a command and a second connection cross between them', async () => {
  const other = await testHub(clock, {}, hub.store);
  const unit = await follow('a');
  await hub.store.importSite('gym', gym(), 'test', 0);
  await vi.waitFor(async () => {
    await clock.advance(100);
    expect(unit.all('delta').length).toBeGreaterThan(0);
  });
  const asked = other.units.command('a', { do: 'refresh', by: 'Ana' });
  await vi.waitFor(() => expect(unit.all('command')).toHaveLength(1));
  unit.say({ type: 'done', id: unit.all('command')[0]?.id, ok: true, detail: '' });
  expect(await asked).toEqual({ ok: true, detail: '' });
  const older = unit.socket;
  unit.call(ADDRESS, other);
  unit.say(unit.hello());
  await vi.waitFor(() => expect(older.said.at(-1)).toMatchObject({ type: 'goodbye' }));
  await other.close();
});
