// Whoever runs a hub has a shell and a bad day: a full path, the wrong address, a token that was taken away, a pipe that
// closes. Each is one line that says where and what to do, 1 or 2, and no token ever stands in it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { hubctlArgs, PROGRAM_ENV } from '../../../build/e2e/programs.ts';
import { SimAsked } from '../../../main/seal/testing.ts';
import { gym } from '../store/testing.ts';
import { dataFolder, HubProcess, until } from '../test-process.ts';
import { runHubctl } from './program.ts';

const made = dataFolder();
const hub = new HubProcess({ HUB_DATA: join(made.path, 'hub') });
const PROFILE = join(made.path, 'profile.json');

const Made = z.object({ token: z.string(), id: z.string() });

interface Said {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Without a process of its own. */
async function ask(argv: readonly string[], env: Readonly<Record<string, string>> = {}, input = ''): Promise<Said> {
  const said = { out: '', err: '' };
  const out = (text: string) => {
    said.out += text;
  };
  const err = (text: string) => {
    said.err += text;
  };
  const asked = new SimAsked(null, input);
  const status = await runHubctl(argv, { env: { HUBCTL_PROFILE: PROFILE, ...env }, console: { out, err }, asked });
  return { ...said, status };
}

/** As from a shell. */
function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [...hubctlArgs(), ...argv], {
    env: { ...PROGRAM_ENV, HUBCTL_PROFILE: PROFILE, ...env },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    said.out += String(data);
  });
  child.stderr.on('data', (data) => {
    said.err += String(data);
  });
  child.stdin.end();
  const ended = new Promise<Said>((resolve) => child.once('close', (status) => resolve({ ...said, status })));
  return { child, said, ended };
}

const hubctl = (...argv: readonly string[]) => ask(argv);
const oneLine = (text: RegExp) => expect.stringMatching(new RegExp(`^hubctl: [^\\n]*${text.source}[^\\n]*\\n$`));

beforeAll(() => hub.start());
afterAll(async () => {
  await hub.end('SIGKILL');
  made.remove();
});

test('a code isn’t spent on a token that can’t be kept', async () => {
  writeFileSync(join(made.path, 'a-file'), '');
  const nowhere = { HUBCTL_PROFILE: join(made.path, 'a-file', 'profile.json') };
  const lost = await ask(['claim', hub.url, hub.code, 'Ana'], nowhere);
  expect(lost).toMatchObject({ status: 1, err: oneLine(/can’t be written \(\w+\).*HUBCTL_PROFILE/) });
  const never = { HUBCTL_PROFILE: '/proc/genkan/profile.json' };
  expect(await run(['claim', hub.url, hub.code, 'Ana'], never).ended).toMatchObject({
    status: 1,
    err: oneLine(/can’t be written \(ENOENT\)/),
  });
  expect(await hubctl('claim', hub.url, hub.code, 'Ana')).toMatchObject({ status: 0, err: '' });
  await hubctl('tenant', 'create', 'gym', 'Gym');
});

test('what can’t be meant is wrong usage, and a file that is wrong is named', async () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(made.path, name), text);
    return join(made.path, name);
  };
  const wrong = [
    ['pairing', 'tokyo', 'Front'],
    ['--tenant', 'gym', 'entity', 'list', 'nothing'],
    ['--tenant', 'gym', 'entity', 'list', 'member', '--limit', '1001'],
    ['--tenant', 'gym', 'pairing', 'tokyo', 'Front', '--hours', '0'],
    ['--tenant', 'gym', 'lockdown', 'unit', 'maybe'],
    ['--tenant', 'gym', 'token', 'create', 'boss', 'Eve'],
    ['--tenant', 'gym', 'counts', '--from', '2025-02-30'],
    ['login', 'nowhere'],
  ];
  for (const said of await Promise.all(wrong.map((words) => hubctl(...words))))
    expect(said).toMatchObject({ status: 2, out: '', err: oneLine(/expected|--tenant/) });
  const files = [
    [join(made.path, 'none.json'), /none\.json: can’t be read \(ENOENT\)/],
    [file('half.json', '{"format":'), /half\.json: not JSON/],
    [file('other.json', '{"format":"other"}'), /other\.json: format: /],
  ] as const;
  for (const [path, text] of files)
    for (const words of [
      ['site', 'import'],
      ['events', 'take'],
    ])
      expect(await hubctl('--tenant', 'gym', ...words, path)).toMatchObject({ status: 1, err: oneLine(text) });
});

test('what doors answered long ago is listed by date, however much it is', async () => {
  const db = new Database(join(made.path, 'hub', 'hub.sqlite'));
  const insert = db.prepare('INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (let n = 0; n < 1_001; n += 1) insert.run('gym', '2025-01-01', `unit-${n}`, 'front', 'in', 'plan', 1);
    for (const day of ['2025-01-02', '2025-01-03']) insert.run('gym', day, 'unit', 'front', 'in', 'no-ticket', 7);
  })();
  db.close();
  const counts = async (...words: string[]) => {
    const { out } = await hubctl('--tenant', 'gym', 'counts', ...words);
    return out
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  };
  expect(await counts()).toHaveLength(1_003);
  const refused = { unit: 'unit', door: 'front', direction: 'in', reason: 'no-ticket', times: 7 };
  expect(await counts('--from', '2025-01-02', '--to', '2025-01-02')).toEqual([{ day: '2025-01-02', ...refused }]);
  expect(await counts('--from', '2025-01-03')).toEqual([{ day: '2025-01-03', ...refused }]);
});

test('what was done before, and what can’t be done as it is, says what to do', async () => {
  await hubctl('tenant', 'create', 'pool', 'Pool');
  const pool = (...words: readonly string[]) => hubctl('--tenant', 'pool', ...words);
  for (const words of [['site', 'export'], ['settings', 'export'], ['digest']])
    expect(await pool(...words)).toMatchObject({ status: 1, err: oneLine(/there is none yet: import one first/) });
  const site = join(made.path, 'pool.json');
  writeFileSync(site, JSON.stringify(gym()));
  await pool('site', 'import', site);
  const db = new Database(join(made.path, 'hub', 'hub.sqlite'));
  const hand = db.prepare(`INSERT INTO handover VALUES ('pool', ?, 'unit', ?, ?, 0, NULL, NULL, NULL)`);
  const card = { memberId: 'new', code: 'PC', contractId: 'k', planId: 'none', fromDay: 20_783, toDay: 20_812 };
  hand.run('form', 'carry-over', '{}');
  hand.run('card', 'provisional-card', JSON.stringify(card));
  db.exec(`INSERT INTO alert VALUES ('pool', 'a1', 0, NULL, 'restored', '{}', NULL, NULL)`);
  db.exec(`INSERT INTO unit VALUES ('unit', 'pool', 'tokyo', 'Front', 'key', 0, NULL, 0, NULL, NULL)`);
  db.close();
  const rows = /\(hubctl handover accept UNIT ID FILE\), or reject it/;
  expect(await pool('handover', 'accept', 'unit', 'form')).toMatchObject({ status: 1, err: oneLine(rows) });
  const refused = await pool('handover', 'accept', 'unit', 'card');
  expect(refused).toMatchObject({ status: 1, err: oneLine(/planId: the id of a plan: set that right, or give/) });
  const again = [
    [['handover', 'reject', 'unit', 'form'], /none of this id waits: hubctl handover list --all/],
    [['alert', 'take', 'a1'], /none of this id waits: hubctl alert list/],
    [['unit', 'revoke', 'unit'], /none of this id is to be revoked: hubctl unit list/],
  ] as const;
  for (const [words, text] of again) {
    expect(await pool(...words)).toMatchObject({ status: 0, err: '' });
    expect(await pool(...words)).toMatchObject({ status: 1, err: oneLine(text) });
  }
});

test('a token that may not, and one that was taken away, are told what it takes', async () => {
  const printed = (await hubctl('--tenant', 'gym', 'token', 'create', 'viewer', 'Vera')).out;
  const { token, id } = Made.parse(JSON.parse(printed));
  const vera = (input: string, ...argv: string[]) => ask(argv, { HUBCTL_PROFILE: join(made.path, 'vera.json') }, input);
  expect(await vera(token, 'login', hub.url)).toMatchObject({ status: 0 });
  expect(await vera('', 'open', 'unit', 'front')).toMatchObject({ status: 1, err: oneLine(/one of operator/) });
  expect(await vera('', 'tenant', 'list')).toMatchObject({ status: 1, err: oneLine(/one of the hub itself/) });
  expect(await vera('', '--tenant', 'x', 'digest')).toMatchObject({ status: 1, err: oneLine(/one of that tenant/) });
  await hubctl('--tenant', 'gym', 'token', 'revoke', '--', id);
  for (const words of [['who'], ['alert', 'watch'], ['digest']])
    expect(await vera('', ...words)).toMatchObject({ status: 1, err: oneLine(/was revoked: log in/) });
  for (const said of await Promise.all([vera(`${token}x`, 'login', hub.url), vera(token, 'login', hub.url)])) {
    expect(said).toMatchObject({ status: 1 });
    expect(said.err).not.toContain(token);
  }
});

test('whoever reads but the first line of a list has seen enough', async () => {
  const site = join(made.path, 'site.json');
  writeFileSync(site, JSON.stringify(gym()));
  await hubctl('--tenant', 'gym', 'site', 'import', site);
  const { child, ended } = run(['--tenant', 'gym', 'entity', 'list', 'member']);
  child.stdout.destroy();
  expect(await ended).toMatchObject({ status: 0, err: '' });
});

test('a hub with a certificate that nobody vouches for, and one called without TLS', async () => {
  const [cert, key] = [join(made.path, 'cert.pem'), join(made.path, 'key.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=hub', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  mkdirSync(join(made.path, 'tls'));
  const sealed = new HubProcess({ HUB_DATA: join(made.path, 'tls'), HUB_TLS_CERT: cert, HUB_TLS_KEY: key });
  await sealed.start();
  try {
    const own = { HUBCTL_PROFILE: join(made.path, 'sealed.json') };
    const plain = (url: string) => ask(['claim', url, sealed.code, 'Ana'], own);
    expect(await plain(sealed.url)).toMatchObject({ status: 1, err: oneLine(/NODE_EXTRA_CA_CERTS/) });
    expect(await plain(sealed.url.replace('https', 'http'))).toMatchObject({ status: 1, err: oneLine(/https:\/\//) });
    expect(await plain(hub.url.replace('http', 'https'))).toMatchObject({ status: 1, err: oneLine(/http:\/\//) });
    const trusted = run(['claim', sealed.url, sealed.code, 'Ana'], { ...own, NODE_EXTRA_CA_CERTS: cert });
    expect(await trusted.ended).toMatchObject({ status: 0, err: '' });
    expect(JSON.parse(readFileSync(own.HUBCTL_PROFILE, 'utf8'))).toMatchObject({ url: sealed.url });
  } finally {
    await sealed.end('SIGKILL');
  }
});

test('who watches alerts is told when the hub ends', async () => {
  await hubctl('restored');
  const { said, ended } = run(['--tenant', 'gym', 'alert', 'watch']);
  await until(() => said.out.includes('"restored"'), 'the alert');
  await hub.end('SIGKILL');
  expect(await ended).toMatchObject({ status: 1, err: oneLine(/the hub hung up/) });
  expect(await hubctl('who')).toMatchObject({ status: 1, err: oneLine(/can’t be reached \(ECONNREFUSED\)/) });
});
