// The hub as it is run. A stranger's suite finds nothing wrong with it on either database; it is killed at the worst
// moment and nothing that it acknowledged is gone; two of them over one PostgreSQL are one hub.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PrivatePostgres } from '../../build/e2e/postgres.ts';
import { SimAsked } from '../../main/seal/testing.ts';
import { DATA } from '../conformance/data-rules.ts';
import { GREETING } from '../conformance/greeting-rules.ts';
import { runSuite } from '../conformance/suite.ts';
import { enter, plainEvent, snapshot } from '../conformance/unit.ts';
import { runHubctl } from './ctl/program.ts';
import { gym } from './store/testing.ts';
import { clock, codesFor, dataFolder, HubProcess, paired, until } from './test-process.ts';

const postgres = new PrivatePostgres(true);
beforeAll(() => postgres.start());
afterAll(() => postgres.remove());

const open: HubProcess[] = [];
const folders: { remove: () => void }[] = [];
afterEach(async () => {
  for (const hub of open.splice(0)) await hub.end('SIGKILL');
  for (const folder of folders.splice(0)) folder.remove();
});

function folder(): string {
  const made = dataFolder();
  folders.push(made);
  return made.path;
}

async function start(env: Readonly<Record<string, string>>): Promise<HubProcess> {
  const hub = new HubProcess(env);
  open.push(hub);
  await hub.start();
  return hub;
}

const DATABASES = [
  ['SQLite', async () => ({ HUB_DATA: folder() })],
  ['PostgreSQL', async () => ({ DATABASE_URL: await postgres.database() })],
] as const;

describe.each(DATABASES)('on %s', (name, database) => {
  test('the conformance suite finds nothing', async () => {
    const hub = await start(await database());
    const codes = await codesFor(await hub.claim(), 'gym', 2);
    // Ten seconds of waiting are enough once.
    const rules = [...GREETING, ...DATA].filter(({ id }) => name === 'SQLite' || id !== 'bounds.greeting');
    const outcomes = await runSuite(rules, {
      ...{ url: hub.unitUrl, codes, clock, waitMs: 10_000, ca: null, told: () => undefined },
    });
    expect(outcomes.filter(({ result }) => result !== 'ok')).toEqual([]);
    expect(outcomes.length).toBe(rules.length);
  });

  test('killed under load it has everything that it acknowledged, and the unit goes on', async () => {
    const hub = await start(await database());
    const admin = await hub.claim();
    const unit = await paired(hub, admin);
    let acknowledged = 0;
    let sent = 0;
    for (let life = 0; life < 2; life += 1) {
      const call = hub.call();
      const welcome = await enter(call, unit);
      expect(welcome.acknowledged ?? 0).toBeGreaterThanOrEqual(acknowledged);
      sent = welcome.acknowledged ?? 0;
      const killed = until(() => call.inbox.length > 5, 'acknowledgements').then(() => hub.end('SIGKILL'));
      for (let batch = 0; batch < 60; batch += 1) {
        const bodies = Array.from({ length: 50 }, (_, at) => plainEvent(sent + at + 1));
        call.send(unit.events(sent + 1, bodies));
        sent += 50;
      }
      expect(await killed).toBe('SIGKILL');
      for (const message of call.inbox) if (message.type === 'acknowledged') acknowledged = message.seq;
      await hub.start();
    }
    expect(acknowledged).toBeGreaterThan(0);
    const call = hub.call();
    const welcome = await enter(call, unit);
    expect(welcome.acknowledged ?? 0).toBeGreaterThanOrEqual(acknowledged);
    const flagged = (await admin.events.page.query({ tenant: 'gym', limit: 1_000 })).filter(
      ({ flags }) => flags.length,
    );
    expect(flagged.filter(({ flags }) => flags.some((flag) => flag === 'contradiction' || flag === 'chain'))).toEqual(
      [],
    );
  });
});

test('two hubs over one PostgreSQL are one: changes, commands and connections cross', async () => {
  const env = { DATABASE_URL: await postgres.database() };
  const [one, other] = [await start(env), await start(env)];
  const admin = await other.claim();
  await codesFor(admin, 'gym', 1);
  await admin.site.import.mutate({ tenant: 'gym', document: gym() });
  const unit = await paired(one, admin);
  const call = one.call();
  await enter(call, unit);
  await snapshot(call);
  const suspended = { profile: true, identity: false };
  const ann = await admin.entities.get.query({ tenant: 'gym', kind: 'member', id: 'ann' });
  if (ann.kind !== 'member' || ann.body === null) throw new Error('no such member');
  await admin.entities.put.mutate({ tenant: 'gym', changes: [{ ...ann, body: { ...ann.body, suspended } }] });
  expect((await call.next('delta')).changes).toMatchObject([{ kind: 'member', id: 'ann', body: { suspended } }]);

  const asked = admin.commands.open.mutate({ tenant: 'gym', unit: unit.unit, doorId: 'front' });
  const command = await call.next('command');
  expect(JSON.parse(command.command)).toEqual({ do: 'open', doorId: 'front', by: 'Ana' });
  call.send({ type: 'done', id: command.id, ok: true, detail: 'opened' });
  expect(await asked).toEqual({ ok: true, detail: 'opened' });

  await enter(other.call(), unit);
  expect(await call.ending()).toBe('not-expected');

  await admin.units.revoke.mutate({ tenant: 'gym', unit: unit.unit });
  const late = one.call();
  await expect(enter(late, unit)).rejects.toThrow();
  expect(await late.ending()).toBe('revoked');
});

test('an address that opens connections and says nothing is turned away from, and nobody else', async () => {
  const hub = await start({ HUB_DATA: folder(), HUB_PER_ADDRESS: '4' });
  const { port } = new URL(hub.url);
  const from = (localAddress: string) => connect({ port: Number(port), host: '127.0.0.1', localAddress });
  const silent = Array.from({ length: 8 }, () => from('127.0.0.2'));
  for (const socket of silent) await new Promise((resolve) => socket.once('connect', resolve));
  const late = from('127.0.0.2');
  const answer = await new Promise((resolve) => late.once('data', (data) => resolve(String(data))));
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  expect((await fetch(`${hub.url}healthz`)).status).toBe(200);
  for (const socket of [...silent, late]) socket.destroy();
});

test('it says how it is, and ends with 0 within two seconds, its units told', async () => {
  const hub = await start({ HUB_DATA: folder() });
  const unit = await paired(hub, await hub.claim());
  const call = hub.call();
  await enter(call, unit);
  const health = await fetch(`${hub.url}healthz`);
  expect(health.status).toBe(200);
  const here = { status: 'ok', pid: hub.pid, doors: [], devices: [], connections: 1 };
  expect(await health.json()).toMatchObject({ ...here, unjudged: 0, unjudgedSeconds: 0 });
  const begun = clock.mono();
  expect(await hub.end('SIGTERM')).toBe(0);
  expect(clock.mono() - begun).toBeLessThan(2_000);
  expect(await call.ending()).toBe('unavailable');
});

test('over TLS: a unit that trusts the certificate comes in, another one doesn’t; without TLS only loopback', async () => {
  const made = folder();
  const [cert, key] = [join(made, 'cert.pem'), join(made, 'key.pem')];
  const subject = ['-subj', '/CN=hub', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  const hub = await start({ HUB_DATA: made, HUB_TLS_CERT: cert, HUB_TLS_KEY: key });
  expect(hub.url).toMatch(/^https:/);
  const call = hub.call({ ca: readFileSync(cert, 'utf8') });
  await call.next('challenge');
  expect(await hub.call().ending()).toBe('closed');

  const bare = new HubProcess({ HUB_DATA: made, HUB_HOST: '0.0.0.0' });
  await bare.start();
  expect(await bare.exit()).toBe(1);
  expect(bare.errors.split('\n')).toEqual([expect.stringMatching(/^genkan hub: HUB_HOST: .*TLS/), '']);
});

test('nothing is read of who has no token, no other name is answered to, and no answer holds what was sent', async () => {
  const hub = await start({ HUB_DATA: folder() });
  const admin = await hub.claim();
  await codesFor(admin, 'gym', 1);
  const post = (path: string, headers: Record<string, string>, body: string) =>
    fetch(`${hub.url}api/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    });
  const secret = 'CODE-of-somebody';
  const refused = await post('site.import', { Authorization: 'Bearer gk_x' }, JSON.stringify({ secret }));
  expect(refused.status).toBe(401);
  expect((await post('site.import', { Origin: 'https://elsewhere.test' }, '{}')).status).toBe(403);
  await expect(hub.claim()).rejects.toThrow(/unknown or used/);
  const mistake = admin.site.import.mutate({ tenant: 'gym', document: { secret, members: [{ codes: [secret] }] } });
  const error: unknown = await mistake.catch((caught: unknown) => caught);
  expect(String(error)).toMatch(/format/);
  expect(String(error)).not.toContain(secret);
  expect(hub.errors).not.toContain(secret);
  const host = execFileSync('curl', [
    '-s',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '-H',
    'Host: evil.test',
    `${hub.url}healthz`,
  ]);
  expect(String(host)).toBe('421');
});

test('hubctl does it all from a shell: one line for what goes wrong, and 0, 1 or 2', async () => {
  const made = folder();
  const hub = await start({ HUB_DATA: made });
  const hubctl = async (...argv: string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const env = { HUBCTL_PROFILE: join(made, 'profile.json') };
    const console = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
    const status = await runHubctl(argv, { env, console, asked: new SimAsked(null) });
    return { status, out: out.join(''), err: err.join('') };
  };
  expect(await hubctl('who')).toMatchObject({ status: 1, err: expect.stringMatching(/^hubctl: .*claim[^\n]*\n$/) });
  expect(await hubctl('claim', hub.url, hub.code, 'Ana')).toMatchObject({ status: 0 });
  expect(await hubctl('claim', hub.url, hub.code, 'Eve')).toMatchObject({ status: 1 });
  expect(await hubctl('no-such')).toMatchObject({ status: 2 });
  expect(await hubctl('tenant', 'create', 'gym', 'Gym')).toMatchObject({ status: 0 });
  expect(await hubctl('unit', 'list')).toMatchObject({ status: 2, err: expect.stringContaining('--tenant') });
  const file = join(made, 'site.json');
  writeFileSync(file, JSON.stringify(gym()));
  expect(await hubctl('--tenant', 'gym', 'site', 'import', file)).toMatchObject({ status: 0 });
  const signed = join(made, 'signed.json');
  expect(await hubctl('--tenant', 'gym', 'site', 'sign', signed)).toMatchObject({ status: 0 });
  expect(JSON.parse(readFileSync(signed, 'utf8'))).toMatchObject({ format: 'genkan-signed/1' });
  const listed = await hubctl('--tenant', 'gym', 'entity', 'list', 'member');
  expect(listed.out.trim().split('\n')).toHaveLength(2);
  expect(await hubctl('--tenant', 'gym', 'pairing', 'tokyo', 'Front')).toMatchObject({
    out: expect.stringMatching(/"qr": "genkan-pair:ws:\/\/127\.0\.0\.1:\d+\/v1\/unit#[0-9A-Z]{12}"/),
  });
  expect(await hubctl('--tenant', 'gym', 'open', 'nobody', 'front')).toMatchObject({
    ...{ status: 1, err: 'hubctl: unit: there is none of this id\n' },
  });
  await hub.end('SIGKILL');
  expect(await hubctl('who')).toMatchObject({ status: 1, err: expect.stringMatching(/can’t be reached/) });
});

test('a thousand bytes of noise instead of frames, and the next unit is served', async () => {
  const hub = await start({ HUB_DATA: folder() });
  for (let at = 0; at < 3; at += 1) {
    const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
    socket.on('error', () => undefined).resume();
    const upgrade = `GET /v1/unit HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: genkan.1\r\n\r\n`;
    socket.write(at % 2 === 0 ? upgrade : 'noise');
    socket.write(Buffer.from(Array.from({ length: 1_000 }, (_, byte) => (byte * 37 + at * 91) % 256)));
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  }
  expect(await hub.call().next('challenge')).toMatchObject({ type: 'challenge' });
});
