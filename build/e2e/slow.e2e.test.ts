// Whoever is slow on purpose costs nothing but their own connection: a hub that speaks a byte at a time or hears nothing, a
// unit that never ends its greeting, its frame, or takes nothing of what it has asked for. All of them at once; each is told
// why or logged with it, the memory stays what it was, people come in meanwhile, and no scan is lost.
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SystemClock } from '../../device/clock/system.ts';
import { Call, enter, Identity, pairMessage } from '../../sync/conformance/unit.ts';
import { WIRE } from '../../sync/wire/limits.ts';
import { findingsAtRest } from './at-rest.ts';
import { HubProcess, TENANT } from './hub.ts';
import { DEMO } from './sync-campaign.ts';
import { SyncUnit, soon } from './sync-unit.ts';

const SITE = 'tokyo';
const STUCK = 4;
/** More than the buffers between two sockets hold. */
const MEMBERS = 10_000;
/** What one that takes nothing may cost the hub is some 2 MB; all rows for each of them were 12 MB. */
const MOST_GROWTH = 100 * 1_048_576;
const EVERY_MS = 500;
/** Silence is looked for twice in its time, and the machine may be busy. */
const WITHIN_MS = 60_000;
/** Most of it is waiting for what is slow, and the machine may be busy. */
const PATIENCE_MS = 300_000;
const clock = new SystemClock();
const hub = new HubProcess();
let dripped: SyncUnit;
let unheard: SyncUnit;
const sockets: Socket[] = [];

beforeAll(async () => {
  const members = Array.from({ length: MEMBERS }, (_, at) => {
    const row = { id: `more-${at}`, name: 'n'.repeat(200), kana: 'k'.repeat(200), codes: [`MORE${at}`], contracts: [] };
    return { ...row, suspended: { profile: false, identity: false } };
  });
  await hub.found({ ...DEMO, members: [...DEMO.members, ...members] });
  [dripped, unheard] = await Promise.all([SyncUnit.make('Front', hub), SyncUnit.make('Back', hub)]);
  await dripped.pair(hub, SITE);
  await unheard.pair(hub, SITE);
  for (const unit of [dripped, unheard]) await unit.settled();
}, PATIENCE_MS);

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await dripped?.remove();
  await unheard?.remove();
  await hub.remove();
});

const residentBytes = (pid: number) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;

/** Says `first`, then a byte of `more` at a time. @returns all that came, once the hub has hung up */
function crawl(first: string, more: Buffer): Promise<string> {
  const socket = connect(hub.port, '127.0.0.1');
  sockets.push(socket);
  let [heard, at] = ['', 0];
  const drop = () => {
    if (socket.destroyed) return;
    socket.write(more.subarray(at, at + 1));
    at = (at + 1) % more.length;
    clock.after('a byte', EVERY_MS, drop);
  };
  socket.write(first);
  drop();
  socket.on('data', (data: Buffer) => {
    heard += data.toString('latin1');
  });
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.on('close', () => resolve(heard)));
}

const REQUEST = `GET /v1/unit HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\nSec-WebSocket-Protocol: ${WIRE.subprotocol}\r\n`;
/** Of a text of a megabyte, masked with zeros (RFC 6455). */
const FRAME = Buffer.concat([Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x0f, 0, 0, 0, 0, 0, 0]), Buffer.alloc(500, 'x')]);

/** Asks for everything, and reads nothing of it. */
async function stuck(): Promise<Call> {
  const { code } = await hub.calls.pairing.create.mutate({ tenant: TENANT, site: 'osaka', name: 'Stuck', hours: 1 });
  const open = () =>
    new Call(`${hub.url.replace('http', 'ws')}v1/unit`, {
      clock,
      waitMs: 30_000,
      ca: null,
      subprotocol: WIRE.subprotocol,
    });
  const [identity, first, call] = [new Identity(), open(), open()];
  first.send(await pairMessage(first, identity, code.replaceAll('-', '')));
  await first.next('paired');
  first.end();
  await enter(call, identity);
  call.pause();
  call.send({ type: 'pull', since: 0, resume: null });
  // Not silent: it goes on asking.
  const ping = () => {
    if (call.closed !== null) return;
    call.send({ type: 'ping', at: clock.wall(), queued: 0 });
    clock.after('a ping', WIRE.silenceMs / 3, ping);
  };
  ping();
  return call;
}

const log = (unit: SyncUnit) => unit.appliance.running.stderr;
const said = (what: string, text: () => string, word: string) =>
  soon(
    what,
    async () => text(),
    (all) => all.includes(word),
    WITHIN_MS,
  );

/** People come to both doors until `deed` is done. @returns how each fared */
async function meanwhile(deed: Promise<unknown>): Promise<Set<unknown>> {
  let isDone = false;
  const done = deed.finally(() => {
    isDone = true;
  });
  const fates = new Set<unknown>();
  while (!isDone)
    for (const unit of [dripped, unheard]) {
      await unit.scan('M0001');
      fates.add(unit.folder.events().findLast(({ type }) => type === 'scan')?.result?.granted);
      await new Promise<void>((resolve) => clock.after('the next one comes', EVERY_MS, resolve));
    }
  await done;
  return fates;
}

test(
  'each is cut off with a reason, memory stays, people come in, and no scan is lost',
  async () => {
    const before = residentBytes(hub.pid);
    dripped.cable.drip(clock, EVERY_MS);
    unheard.cable.deafen();
    const calls = await Promise.all(Array.from({ length: STUCK }, stuck));
    const greeting = crawl(REQUEST, Buffer.from('X-Slow: yes\r\n'));
    const frame = crawl(`${REQUEST}\r\n`, FRAME);
    const count = () => hub.log.split('took nothing for').length - 1;
    const all = Promise.all([
      said('the unit whose hub drips', () => log(dripped), 'the hub fell silent'),
      // The hub hears nothing of it any more, and says so; or it is the unit that notices.
      said('the unit whose hub hears nothing', () => log(unheard), 'no hub: '),
      said('the hub about units that take nothing', () => (count() >= STUCK ? 'all' : ''), 'all'),
      greeting,
      frame,
    ]);
    expect(await meanwhile(all)).toEqual(new Set([true]));
    expect(await greeting).toContain('408');
    expect(await frame).toContain('no pair or hello within');
    expect(log(unheard)).toMatch(/no hub: .*(?:silent|too-slow|none of the events)/);
    expect(residentBytes(hub.pid) - before).toBeLessThan(MOST_GROWTH);
    for (const call of calls) call.end();
    for (const { cable } of [dripped, unheard]) {
      cable.cut();
      cable.lead();
    }
    expect(await findingsAtRest(hub, [dripped, unheard])).toEqual([]);
  },
  PATIENCE_MS,
);
