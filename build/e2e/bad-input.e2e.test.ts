// Whatever is wrong, one clear line says what, where and what to do, and nothing that was there is lost.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SCHEMA_VERSION } from '../../main/store/migrate.ts';
import { Appliance, DEMO_SITE, genkan, UnitFolder } from './appliance.ts';

const FRONT = {
  id: 'front',
  lock: { driver: 'sim' },
  readers: [{ id: 'front-in', driver: 'sim' }],
};

function unit(config: Readonly<Record<string, unknown>> = {}): UnitFolder {
  const folder = new UnitFolder({ doors: [FRONT], ...config });
  onTestFinished(() => folder.remove());
  return folder;
}

/** A unit that has run once and has something to lose. */
async function usedUnit(): Promise<UnitFolder> {
  const folder = unit();
  const appliance = await Appliance.start(folder);
  await appliance.healthy('the unit is ok');
  await appliance.demo('scan', { reader: 'front-in', code: 'M0001' });
  await appliance.stop();
  expect(folder.events().map(({ type }) => type)).toContain('scan');
  return folder;
}

/** Starts it, which must fail with these lines and without a stack trace. */
async function refusesToStart(folder: UnitFolder, ...lines: readonly (string | RegExp)[]): Promise<void> {
  await fails(['start', '--config', folder.config], 1, ...lines);
}

async function fails(args: readonly string[], code: number, ...lines: readonly (string | RegExp)[]): Promise<void> {
  const ended = await genkan(args);
  const said = ended.stderr.trim().split('\n');
  expect(said, ended.stderr).toHaveLength(lines.length);
  for (const [index, line] of lines.entries()) {
    if (typeof line === 'string') expect(said[index]).toBe(`genkan: ${line}`);
    else expect(said[index]).toMatch(line);
  }
  expect(ended.stdout).toBe('');
  expect(ended.code).toBe(code);
}

describe('the configuration', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown key', { colour: 'red' }, 'colour: no such key here'],
    ['an unknown key inside', { doors: [{ ...FRONT, pulse: 1 }] }, 'doors[0].pulse: no such key here'],
    ['a host that is not loopback', { listen: { host: '0.0.0.0' } }, 'listen.host: 127.0.0.1 or ::1'],
    ['a port that is none', { listen: { port: 70_000 } }, 'listen.port: a whole number from 0 to 65535'],
    ['no doors', { doors: [] }, 'doors: a list of 1 to 64 doors'],
    [
      'a pulse longer than allowed',
      { doors: [{ ...FRONT, maxPulseMs: 2_000 }] },
      'doors[0].pulseMs: at most maxPulseMs, which is 2000',
    ],
    ['twice the same door', { doors: [FRONT, FRONT] }, 'doors[1].id: a door id that stands only once'],
    [
      'no such driver',
      { doors: [{ ...FRONT, lock: { driver: 'magic' } }] },
      'doors[0].lock.driver: sim, serial-relay, gpio, gpio-sysfs or hid-relay',
    ],
    [
      'a channel that no board has',
      { doors: [{ ...FRONT, lock: { driver: 'serial-relay', path: 'x', channel: 9 } }] },
      'doors[0].lock.channel: a whole number from 1 to 8',
    ],
  ])('%s', async (_, config, line) => {
    const folder = unit(config);
    const ended = await genkan(['start', '--config', folder.config]);
    expect(ended.stderr.split('\n')[0]).toBe(`genkan: ${folder.config}: ${line}`);
    expect(ended.code).toBe(1);
  });

  test('a door that the site has not', async () => {
    await refusesToStart(unit({ doors: [{ ...FRONT, id: 'back' }] }), 'doors[0].id: the id of a door of the site');
  });
  test('no file, a folder, no JSON', async () => {
    const folder = unit();
    const missing = join(folder.path, 'nothing.json');
    await fails(['start', '--config', missing], 1, `${missing} is not there: name a file that can be read`);
    await fails(['start', '--config', folder.path], 1, `${folder.path} is a folder: name a file that can be read`);
    writeFileSync(folder.config, '{\n  "dataDir": data }');
    await refusesToStart(folder, `${folder.config} is not JSON: it breaks off at line 2, column 14`);
    writeFileSync(folder.config, '{');
    await refusesToStart(folder, /^genkan: .* is not JSON: it (breaks off|ends too early)/);
  });
});

describe('a site file', () => {
  test('that is broken at the first start: every mistake by its path, and no unit half made', async () => {
    const folder = unit({ site: 'site.json' });
    writeFileSync(join(folder.path, 'site.json'), JSON.stringify({ format: 'genkan-site/1', site: { id: ' ' } }));
    const path = join(folder.path, 'site.json');
    await refusesToStart(
      folder,
      `${path}: site.id: an id: a text that is not empty and has no white space at its ends`,
      `${path}: site.name: a text`,
      `${path}: site.timezone: the name of a time zone, such as Asia/Tokyo`,
    );
    // Mended, it starts.
    writeFileSync(path, readFileSync(DEMO_SITE));
    const appliance = await Appliance.start(folder);
    await appliance.healthy('the unit is ok');
    await appliance.stop();
  });

  test('that is broken leaves the running unit as it is; a good one is taken while it runs', async () => {
    const folder = unit();
    const appliance = await Appliance.start(folder);
    onTestFinished(() => appliance.kill());
    await appliance.healthy('the unit is ok');
    const bad = join(folder.path, 'bad.json');
    const site: unknown = JSON.parse(readFileSync(DEMO_SITE, 'utf8'));
    writeFileSync(bad, JSON.stringify({ ...(site as object), members: [], usage: [], stays: [], colour: 'red' }));
    await fails(['import', bad, '--config', folder.config], 1, `${bad}: colour: no such key here`);
    expect((await appliance.health()).revision).toBe(1);
    const good = await genkan(['import', DEMO_SITE, '--config', folder.config]);
    expect(good).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^imported revision 2: 200 members, \d+ doors\n$/),
    });
    expect((await appliance.health()).revision).toBe(2);
    await appliance.demo('scan', { reader: 'front-in', code: 'M0001' });
    expect(folder.events().at(-1)).toMatchObject({ type: 'scan', revision: 2, result: { granted: true } });
  });

  test('names nobody in its errors', async () => {
    const folder = await usedUnit();
    const bad = join(folder.path, 'bad.json');
    const person = {
      id: 'x',
      name: 'Hidden Name',
      kana: null,
      codes: ['SECRET', 'SECRET'],
      suspended: { profile: false, identity: false },
    };
    writeFileSync(
      bad,
      JSON.stringify({ format: 'genkan-site/1', site: { id: 's', name: 's', timezone: 'UTC' }, members: [person] }),
    );
    await fails(
      ['import', bad, '--config', folder.config],
      1,
      `${bad}: members[0].codes[1]: a code that stands only once in the bundle`,
    );
    writeFileSync(bad, '{"members":[{"name":"Hidden Name","codes":["SECRET"]');
    await fails(['import', bad, '--config', folder.config], 1, /is not JSON: it (breaks off|ends too early)/);
    const ended = await genkan(['import', bad, '--config', folder.config]);
    expect(ended.stderr).not.toMatch(/Hidden|SECRET/);
  });
});

test('a port in use', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  onTestFinished(() => void server.close());
  await refusesToStart(
    unit({ listen: { port } }),
    `listen: 127.0.0.1 port ${port} is in use: stop the other program or choose another port`,
  );
});

test('a second controller over the same data', async () => {
  const folder = unit();
  const appliance = await Appliance.start(folder);
  onTestFinished(() => appliance.kill());
  await refusesToStart(
    folder,
    `dataDir: ${join(folder.path, 'data')} is in use by a running controller: end that first`,
  );
  expect((await appliance.health()).status).toBe('ok');
});

test('a database from the future is left as it is', async () => {
  const folder = await usedUnit();
  const db = new Database(folder.database);
  db.pragma('user_version = 99990');
  db.close();
  const before = folder.events();
  const line = `the database ${folder.database} is of version 99990, this program knows ${SCHEMA_VERSION}: install a newer program`;
  await refusesToStart(folder, line);
  await fails(['export', '--config', folder.config], 1, line);
  expect(folder.events()).toStrictEqual(before);
});

test('a file that is no database is set aside as it is, and the commands beside it say so', async () => {
  const folder = await usedUnit();
  writeFileSync(folder.database, 'this is not a database, but somebody wrote it all the same'.repeat(100));
  const line = `the database ${folder.database} is not a database: set it aside and restore the last backup`;
  await fails(['export', '--config', folder.config], 1, line);
  const unit = await Appliance.start(folder);
  await unit.stop();
  expect(readFileSync(`${folder.database}.damaged-1`, 'utf8')).toContain('somebody wrote it');
});

test('a data folder that cannot be written', async ({ skip }) => {
  const folder = unit({ dataDir: 'mounted/data' });
  const mounted = join(folder.path, 'mounted');
  mkdirSync(mounted);
  // root may write anywhere, so only a mount tells; where mounting isn't allowed this can't be shown.
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', mounted]);
  skip(mount.status !== 0, 'read-only mount not run: this user may not mount');
  onTestFinished(() => void spawnSync('umount', [mounted]));
  await refusesToStart(
    folder,
    `dataDir: ${join(mounted, 'data')} cannot be written: give the program the right to write there`,
  );
});

test('a data folder where nothing can be made', async () => {
  const folder = unit({ dataDir: '/proc/genkan/data' });
  await refusesToStart(folder, 'dataDir: /proc/genkan/data cannot be made: name a folder on a disk');
});

test('a data folder that is a file', async () => {
  const folder = unit({ dataDir: 'genkan.config.json' });
  await refusesToStart(folder, /^genkan: dataDir: .* is a file, not a folder: name a folder$/);
});

test('a relay path that is a plain file: the unit runs, says so, and opens nothing', async () => {
  const folder = unit({
    doors: [{ ...FRONT, scanTtlMs: 100, lock: { driver: 'serial-relay', path: '/etc/hostname' } }],
  });
  const appliance = await Appliance.start(folder);
  onTestFinished(() => appliance.kill());
  await appliance.healthy('the relay is seen for what it is', ({ devices }) =>
    devices.some(({ id, ok, detail }) => id === 'front.lock' && !ok && detail.includes('plain file')),
  );
  expect((await appliance.health()).status).toBe('degraded');
});

test.each([
  ['no command', []],
  ['an unknown command', ['open-sesame']],
  ['a missing file name', ['import']],
  ['an unknown option', ['verify', '--loud']],
  ['a number that is none', ['events', '--since', 'yesterday']],
])('wrong usage: %s', async (_, args) => {
  const ended = await genkan(args);
  expect(ended.code).toBe(2);
  expect(ended.stderr).not.toBe('');
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

describe('decide', () => {
  test.each([
    ['no file', null],
    ['no JSON', '{'],
    ['another document', '{"cases":{}}'],
    ['a case without a name', '{"cases":[{"site":{}}]}'],
  ])('%s: status 2 and a line', async (_, text) => {
    const folder = unit();
    const file = join(folder.path, 'cases.json');
    if (text !== null) writeFileSync(file, text);
    const ended = await genkan(['decide', file]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('an erroneous case does not keep the others from their answers', async () => {
    const folder = unit();
    const file = join(folder.path, 'cases.json');
    const site: unknown = JSON.parse(readFileSync(DEMO_SITE, 'utf8'));
    const scan = { do: 'scan', at: '2026-11-02T12:00:00+09:00', door: 'front', direction: 'in', code: 'M0001' };
    writeFileSync(
      file,
      JSON.stringify({ cases: [{ name: 'none' }, { name: 'good', site, actions: [scan] }, { name: 'empty', site }] }),
    );
    const ended = await genkan(['decide', file]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      cases: [
        { name: 'none', error: '$: an object' },
        { name: 'good', results: [{ granted: true }] },
        { name: 'empty', results: [] },
      ],
    });
  });
});
