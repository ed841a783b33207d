// What befalls one gym and its hub over the years: a month without network, disks that fill up, data that is put back to an
// older copy on either side. Whatever the hub has acknowledged stays, all that happened is there once, and in the end both
// say the same.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { benchSite, codeOf } from '../bench/data.ts';
import { recordOutage } from '../bench/outage.ts';
import { eventsAtHub, findingsAtRest, findingsOfData } from './at-rest.ts';
import { HubProcess } from './hub.ts';
import { canNamespace, Namespace } from './namespace.ts';
import { SyncUnit, soon } from './sync-unit.ts';

/** A fifth of them come every day for a month. */
const EVENTS = 20_000;
const MEMBERS = 835;
const INSIDE = 8_378;
const DISK = '160m';

let net: Namespace;
let hub: HubProcess;
let unit: SyncUnit;
const mounted: string[] = [];

/** A small disk of its own. */
function mount(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder]);
  if (status !== 0) throw new Error(`no disk at ${folder}: ${stderr}`);
  mounted.push(folder);
}

/** To the last block. @returns what makes room again */
function fill(folder: string): () => void {
  const ballast = join(folder, 'ballast');
  for (const size of [1_048_576, 4_096]) {
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // No such block fits any more.
    }
  }
  return () => rmSync(ballast);
}

const scan = (member: number, way: 'in' | 'out' = 'in') => unit.scan(codeOf(member), way);
/** People with an open plan; those who came all month have another one. */
const visit = async (from: number, count: number) => {
  for (let at = from; at < from + count; at += 1) await scan((at % (MEMBERS / 5)) * 5 + 2);
};

describe.skipIf(!canNamespace())('one gym and its hub (skipped without root: namespaces, small disks)', () => {
  beforeAll(async () => {
    net = new Namespace();
    hub = new HubProcess({}, { command: net.command, port: INSIDE, reachedAt: await net.lead(INSIDE) });
    mount(hub.folder);
    // Nothing counted yet: the month would meet it.
    await hub.found({ ...benchSite(MEMBERS), usage: [] });
    unit = await SyncUnit.make('Front', hub, { dataDir: 'data' });
    await unit.stop();
    mount(join(unit.folder.path, 'data'));
    await unit.start();
    await unit.pair(hub, 'bench');
    await unit.settled();
  });

  afterAll(async () => {
    await unit?.kill();
    await hub?.kill();
    for (const folder of mounted) spawnSync('umount', ['-l', folder]);
    await unit?.remove();
    await hub?.remove();
    net?.remove();
  });

  test('a month without network: all that was recorded is at the hub once, in its order', async () => {
    await visit(0, 3);
    net.pull();
    await visit(3, 3);
    await unit.stop();
    const head = recordOutage(join(unit.folder.path, 'data'), EVENTS, MEMBERS);
    await unit.start();
    await visit(6, 3);
    const { hub: link, outbox } = await unit.health();
    expect(outbox).toBeGreaterThan(EVENTS);
    expect(link?.state).not.toBe('live');
    expect(unit.bodies().findLast((body) => body.includes('"type":"scan"'))).toContain('"granted":true');
    net.plug();
    expect(await findingsAtRest(hub, [unit])).toEqual([]);
    expect((await eventsAtHub(hub, unit.id)).length).toBeGreaterThan(head);
  });

  test('the hub’s disk is full: it takes nothing that it can’t keep, says so, and goes on when there is room', async () => {
    const before = await eventsAtHub(hub, unit.id);
    // Its log is as short as it gets: in a long one there would be room for a while.
    await hub.kill('SIGTERM');
    await hub.start();
    await unit.settled();
    const makeRoom = fill(hub.folder);
    await soon(
      'events that the hub has no room for',
      async () => {
        await visit(9, 20);
        return unit.health();
      },
      ({ outbox }) => outbox > 60,
    );
    const answer = await soon(
      'the hub’s complaint',
      async () => (await fetch(`${hub.url}healthz`)).json(),
      (health) => JSON.stringify(health).includes('"degraded"'),
    );
    expect(JSON.stringify(answer)).not.toContain(codeOf(0));
    makeRoom();
    expect(await findingsAtRest(hub, [unit])).toEqual([]);
    expect((await eventsAtHub(hub, unit.id)).slice(0, before.length)).toEqual(before);
  });

  test('the unit’s disk is full: what changes at the hub waits, the old data decides, and all is made up for later', async () => {
    await unit.stop();
    await unit.start();
    await unit.settled();
    const makeRoom = fill(join(unit.folder.path, 'data'));
    const member = (at: number) => benchSite(MEMBERS).members[at];
    const rows = Array.from({ length: 300 }, (_, at) => ({
      ...{ kind: 'member', id: `m${at}`, position: at },
      body: { ...member(at), name: `${at} ${'長'.repeat(900)}` },
    }));
    const { revision } = await unit.health();
    await hub.put(...rows);
    await visit(30, 8);
    await scan(2, 'out');
    expect((await unit.health()).revision).toBe(revision);
    makeRoom();
    await soon(
      'what was kept in memory is on record',
      () => unit.health(),
      ({ status }) => status === 'ok',
    );
    expect(await findingsAtRest(hub, [unit])).toEqual([]);
    expect((await unit.health()).revision).toBeGreaterThan(revision);
  });

  test('a unit that is put back to an older copy begins a new epoch, and nothing is taken for a duplicate', async () => {
    const data = join(unit.folder.path, 'data');
    const copy = join(unit.folder.path, 'copy');
    await unit.stop();
    cpSync(data, copy, { recursive: true });
    await unit.start();
    await visit(40, 6);
    await unit.settled();
    await unit.stop();
    const former = unit.bodies();
    for (const name of ['genkan.db', 'genkan.db-wal', 'genkan.db-shm']) rmSync(join(data, name), { force: true });
    cpSync(copy, data, { recursive: true });
    await unit.start();
    const second = async () => (await eventsAtHub(hub, unit.id)).filter(({ epoch }) => epoch === 2);
    await soon('a second epoch at the hub', second, (events) => events.length > 0 && unit.bodies().length > 0);
    await visit(50, 6);
    await unit.settled();
    const there = await eventsAtHub(hub, unit.id);
    // What the copy had begun to record under numbers that were taken stands beside what has them.
    const first = there.filter(({ epoch, flags }) => epoch === 1 && !flags.includes('contradiction'));
    // The last one was recorded when the unit ended, and went with its disk.
    expect(first.map(({ body }) => body)).toEqual(former.slice(0, -1));
    const bodies = (await second()).map(({ body }) => body);
    expect(bodies).toEqual(unit.bodies());
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      type: 'system',
      detail: { what: 'epoch', why: 'put-back', before: { epoch: 1 } },
    });
    expect(bodies.filter((body) => body.includes('"type":"scan"')).length).toBeGreaterThanOrEqual(6);
    expect(await findingsOfData(hub, unit)).toEqual([]);
  });

  test('a hub that is put back to an older copy gets what it lacks once more', async () => {
    const copy = join(unit.folder.path, 'hub-copy');
    await hub.kill('SIGTERM');
    cpSync(hub.folder, copy, { recursive: true });
    await hub.start();
    await visit(60, 6);
    await unit.settled();
    const before = await eventsAtHub(hub, unit.id);
    await hub.kill('SIGTERM');
    for (const name of ['hub.sqlite', 'hub.sqlite-wal', 'hub.sqlite-shm'])
      rmSync(join(hub.folder, name), { force: true });
    cpSync(copy, hub.folder, { recursive: true });
    await hub.start();
    await visit(70, 3);
    await unit.settled();
    const there = await soon(
      'the record as it was',
      () => eventsAtHub(hub, unit.id),
      (events) => events.length > before.length,
    );
    expect(there.slice(0, before.length).map(({ body }) => body)).toEqual(before.map(({ body }) => body));
    expect(await findingsOfData(hub, unit)).toEqual([]);
  });
});
