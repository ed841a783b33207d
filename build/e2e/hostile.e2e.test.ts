// A unit and its hub among people who mean ill: between the two, at another tenant of the hub, on the network of the site.
// None of them is believed, each is cut off with a reason, and whoever comes to the door meanwhile is admitted.
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { SystemClock } from '../../device/clock/system.ts';
import { type Certificate, makeCertificate } from '../../main/api/lan/testing.ts';
import { Call, enter, helloMessage, Identity, pairMessage, plainEvent } from '../../sync/conformance/unit.ts';
import { hubClient } from '../../sync/hub/ctl/client.ts';
import type { PeerWire } from '../../sync/link/peers/ports.ts';
import { TlsNetwork } from '../../sync/link/peers/tls-network.ts';
import { WIRE } from '../../sync/wire/limits.ts';
import { PEER } from '../../sync/wire/peer.ts';
import { peerText } from '../../sync/wire/signed.ts';
import { DEMO_SITE, genkan } from './appliance.ts';
import { HubProcess, TENANT } from './hub.ts';
import { Interceptor } from './interceptor.ts';
import { DOORS, SyncUnit, soon } from './sync-unit.ts';

const SITE = 'tokyo';
const OTHER = 'other';
const hub = new HubProcess();
const clock = new SystemClock();
const certificates: Certificate[] = [];
const network = new TlsNetwork('127.0.0.1', 0);
let between: Interceptor;
let unit: SyncUnit;

function newCertificate(): Certificate {
  const made = makeCertificate();
  certificates.push(made);
  return made;
}

const own = newCertificate();

function configOf(pin: string | null) {
  const peers = { host: '127.0.0.1', port: 0 };
  return {
    ...{ site: null, doors: DOORS, hub: { url: between.url, pin } },
    lan: { host: '127.0.0.1', port: 0, tls: null, terminals: [], peers },
  };
}

async function pair() {
  const { code } = await hub.calls.pairing.create.mutate({ tenant: TENANT, site: SITE, name: 'Front', hours: 1 });
  return genkan(['pair', between.url, code, '--config', unit.folder.config]);
}

/** Somebody comes to the door. */
async function comes(): Promise<unknown> {
  await unit.scan('M0001');
  return unit.folder.events().findLast(({ type }) => type === 'scan')?.result?.granted;
}

/** People come to the door, one after the other, until `deed` is done. @returns how each fared */
async function meanwhile(deed: Promise<void>): Promise<Set<unknown>> {
  let isDone = false;
  const done = deed.finally(() => {
    isDone = true;
  });
  const fates = new Set<unknown>();
  do fates.add(await comes());
  while (!isDone);
  await done;
  return fates;
}

const opened = () => unit.folder.events().filter(({ detail }) => detail['what'] === 'open').length;
const log = () => unit.appliance.running.stderr;

beforeAll(async () => {
  await hub.found(JSON.parse(readFileSync(DEMO_SITE, 'utf8')));
  between = await Interceptor.begin(hub.port, own);
  unit = await SyncUnit.make('Front', hub, configOf(null));
});

afterAll(async () => {
  await unit?.remove();
  between?.end();
  await network.close();
  for (const certificate of certificates) certificate.remove();
  await hub.remove();
});

test('a certificate that nobody vouches for, or with another key than the pinned one, hears nothing', async () => {
  expect(await pair()).toMatchObject({ code: 1, stderr: expect.stringContaining('certificate is not trusted') });
  expect(between.heard).toBe(0);
  const key = new X509Certificate(own.cert).publicKey.export({ type: 'spki', format: 'der' });
  await unit.stop();
  unit.folder.configure(configOf(createHash('sha256').update(key).digest('base64')));
  await unit.start();
  expect(await pair()).toMatchObject({ code: 0 });
  await unit.settled();

  between.show(newCertificate());
  await soon(
    'a try',
    async () => between.tries,
    (tries) => tries > 0,
  );
  await soon(
    'a word of it',
    async () => log(),
    (said) => said.includes('another key than the pinned one'),
  );
  expect(await comes()).toBe(true);
  expect(between.heard).toBe(0);
  between.show(own);
  await unit.settled();
});

test('a command is done once, however often it is said, on this connection and on the next', async () => {
  const order = { tenant: TENANT, unit: unit.id };
  // None is opened in a unit's first seconds.
  await soon(
    'a door opened from afar',
    () => hub.calls.commands.open.mutate({ ...order, doorId: 'front' }),
    ({ ok }) => ok,
  );
  const command = between.last('command');
  // An opening said again so soon would be refused for its door's sake; a lockdown that was lifted would be back.
  expect(await hub.calls.commands.lockdown.mutate({ ...order, doorId: null, on: true })).toMatchObject({ ok: true });
  const lockdown = between.last('command');
  expect(await hub.calls.commands.lockdown.mutate({ ...order, doorId: null, on: false })).toMatchObject({ ok: true });
  expect(await comes()).toBe(true);
  for (const said of [lockdown, command, lockdown]) between.say(said);
  // Behind them on the same line: when that is done, they have been looked at.
  expect(await hub.calls.commands.lockdown.mutate({ ...order, doorId: null, on: false })).toMatchObject({ ok: true });
  const told = unit.folder.events().filter(({ detail }) => detail['what'] === 'lockdown');
  expect(told.map(({ detail }) => detail['active'])).toEqual([true, false, false]);
  expect(await comes()).toBe(true);
  expect(opened()).toBe(1);
  const { tries } = between;
  await hub.calls.commands.refresh.mutate(order);
  await soon(
    'another connection',
    async () => between.tries,
    (now) => now > tries,
  );
  await unit.settled();
  const hungUp = between.hungUp();
  between.say(command);
  expect(await meanwhile(hungUp)).toEqual(new Set([true]));
  expect(opened()).toBe(1);
  await soon(
    'a word of it',
    async () => log(),
    (said) => said.includes('a command came without the hub’s proof'),
  );
  await unit.settled();
});

test('another tenant’s token and another tenant’s unit reach nothing of this one', async () => {
  await hub.calls.tenants.create.mutate({ id: OTHER, name: 'Other' });
  const { token } = await hub.calls.tokens.create.mutate({ tenant: OTHER, role: 'admin', person: 'Eve' });
  const eve = hubClient(hub.url, token);
  const tries = [
    () => eve.site.export.query({ tenant: TENANT }),
    () => eve.events.page.query({ tenant: TENANT, unit: unit.id }),
    () => eve.members.history.query({ tenant: TENANT, memberId: 'm1' }),
    () => eve.commands.open.mutate({ tenant: TENANT, unit: unit.id, doorId: 'front' }),
    () => eve.commands.open.mutate({ tenant: OTHER, unit: unit.id, doorId: 'front' }),
    () => eve.units.revoke.mutate({ tenant: OTHER, unit: unit.id }),
  ];
  for (const attempt of tries) await expect(attempt()).rejects.toThrow();
  expect(await eve.events.page.query({ tenant: OTHER, unit: unit.id })).toEqual([]);
  const { code } = await eve.pairing.create.mutate({ tenant: OTHER, site: SITE, name: 'Eve' });
  const stranger = await pairedAs(new Identity(), code);
  const call = callHub();
  await enter(call, stranger);
  call.send({ ...stranger.events(1, [plainEvent(1)]), unit: unit.id });
  expect(await call.ending()).toBe('not-expected');
  const other = callHub();
  other.send({ ...(await helloMessage(other, stranger)), unit: unit.id });
  expect(await other.ending()).toBe('proof');
  expect(opened()).toBe(1);
  await unit.settled();
});

test('whoever speaks in the hub’s name and says too much is hung up on, and the door goes on', async () => {
  const evils = [
    ['['.repeat(WIRE.depth + 1), 1, 'too-large'],
    ['x'.repeat(WIRE.messageBytes + 1), 1, 'the connection failed'],
    [JSON.stringify({ type: 'pong', hubTime: 1_790_000_000_000 }), 3_000, 'too-many'],
  ] as const;
  for (const [text, count, why] of evils) {
    // Else it would wait longer before each next call.
    await unit.stop();
    await unit.start();
    await unit.settled();
    const before = log().length;
    const hungUp = between.hungUp();
    between.say(text, count);
    expect(await meanwhile(hungUp), why).toEqual(new Set([true]));
    await soon(
      why,
      async () => log().slice(before),
      (said) => said.includes(why),
    );
  }
});

test('a unit of the site that floods, nests, never ends or falls silent is told why, and the door goes on', async () => {
  const { code } = await hub.calls.pairing.create.mutate({ tenant: TENANT, site: SITE, name: 'Rogue', hours: 1 });
  const rogue = await pairedAs(new Identity(), code);
  const roster = async () => JSON.stringify(unit.folder.query('SELECT roster FROM hub'));
  await soon('the rogue in the roster', roster, (text) => text.includes(rogue.unit));
  const port = Number(/are awaited on port (\d+)/.exec(log())?.[1]);
  const evils = [
    ['['.repeat(WIRE.depth + 1), 1, 'too-large'],
    ['x'.repeat(WIRE.messageBytes + 1), 1, 'closed'],
    [JSON.stringify({ type: 'ping' }), PEER.rate + 10, 'too-many'],
    ['', 0, 'too-slow'],
  ] as const;
  for (const [text, count, why] of evils) {
    const peer = await heardAs(rogue, port);
    expect((await unit.health())['peers']).toMatchObject({ ofSite: 1, found: 1, heard: 1 });
    for (let at = 0; at < count; at += 1) peer.wire.send(text);
    let ending = '';
    const over = peer.ending.then((end) => {
      ending = end;
    });
    expect(await meanwhile(over), why).toEqual(new Set([true]));
    expect(ending).toBe(why);
  }
});

test('a revoked unit is told so, keeps what the hub doesn’t have, and lets people in and out', async () => {
  await unit.settled();
  const wipe = () => genkan(['wipe', '--config', unit.folder.config]);
  expect(await wipe()).toMatchObject({ code: 1, stderr: expect.stringContaining('has not revoked this unit') });
  await hub.calls.units.revoke.mutate({ tenant: TENANT, unit: unit.id });
  await soon(
    'revoked',
    () => unit.health(),
    (now) => now.hub?.state === 'revoked',
  );
  expect(await comes()).toBe(true);
  await unit.scan('M0001', 'out');
  expect(unit.folder.events().findLast(({ type }) => type === 'scan')).toMatchObject({
    direction: 'out',
    result: { granted: true },
  });
  await soon(
    'its outbox',
    () => unit.health(),
    ({ outbox }) => outbox >= 2,
  );
  // Somebody stands before it, and doesn't wait for the day to pass.
  expect(await wipe()).toMatchObject({ code: 0 });
  await soon(
    'a unit that knows nobody',
    async () => unit.folder.query('SELECT count(*) AS n FROM member'),
    ([members]) => members?.['n'] === 0,
  );
  expect(await comes()).toBe(false);
  await unit.scan('M0001', 'out');
  expect(unit.folder.events().findLast(({ type }) => type === 'scan')).toMatchObject({ result: { granted: true } });
  await unit.stop();
  expect(await wipe()).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing of any member is left') });
});

function callHub(): Call {
  const url = `${hub.url.replace('http', 'ws')}v1/unit`;
  return new Call(url, { clock, waitMs: 20_000, ca: null, subprotocol: WIRE.subprotocol });
}

async function pairedAs(identity: Identity, code: string): Promise<Identity> {
  const call = callHub();
  call.send(await pairMessage(call, identity, code.replaceAll('-', '')));
  await call.next('paired');
  call.end();
  return identity;
}

const Word = z.looseObject({ type: z.string(), why: z.string().optional() });

/** Proves itself to the unit on the site's network. `ending`: why the unit hung up; `closed` where it didn't say. */
async function heardAs(identity: Identity, port: number): Promise<{ wire: PeerWire; ending: Promise<string> }> {
  const wire = await new Promise<PeerWire>((resolve, reject) => {
    network.call('127.0.0.1', port, resolve, (why) => reject(new Error(why)));
  });
  let isHeard: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => {
    isHeard = resolve;
  });
  const ending = new Promise<string>((resolve) => {
    wire.take({
      said: (text) => {
        const { type, why } = Word.parse(JSON.parse(text));
        if (type === 'have') isHeard();
        if (type === 'goodbye') resolve(why ?? '');
      },
      closed: () => resolve('closed'),
    });
  });
  const proof = identity.sign(peerText(identity.unit, 'caller', wire.session));
  wire.send(JSON.stringify({ type: 'hello', version: PEER.version, unit: identity.unit, proof }));
  await heard;
  return { wire, ending };
}
