// A technician gives the unit another configuration, and later puts a new unit in a dead one's place: the real program,
// the real calls, real serial lines. The door is served by one process all the time, and never without a configuration.
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { Appliance, DEMO_SITE, genkan, UnitFolder } from '../../../build/e2e/appliance.ts';
import { SystemClock } from '../../../device/clock/system.ts';
import { Pty } from '../../../device/sim/pty.ts';
import { until } from '../../../device/sim/wait.ts';
import { openClient } from '../../api/testing.ts';
import type { ConfigChange, SetupView } from '../../contract/technician.ts';
import { sealedCheaply } from '../../seal/testing.ts';

const PIN = '135790';
const NAME = '設置 花子';
const ON = 'a0 01 01 a2';
const REST = 'a0 01 00 a1';

const clock = new SystemClock();
let scanner: Pty;
let relay: Pty;
let folder: UnitFolder;
let unit: Appliance;

beforeAll(async () => {
  scanner = await Pty.make(clock, 'scanner');
  relay = await Pty.make(clock, 'relay');
  folder = new UnitFolder({
    doors: [
      {
        id: 'front',
        pulseMs: 300,
        lock: { driver: 'serial-relay', protocol: 'lcus', path: relay.path },
        readers: [{ id: 'front-in', driver: 'sim' }],
      },
    ],
  });
  unit = await Appliance.start(folder, { program: 'genkan' });
  await unit.healthy('the unit is ok');
});

afterAll(async () => {
  await unit?.stop();
  await scanner?.remove();
  await relay?.remove();
  folder?.remove();
});

/** Signed in, as a manager: the first one, or the same again. */
async function signedIn() {
  const opened = await openClient(Number(new URL(unit.url).port));
  const { client } = opened;
  const who = await client.staff.who.query();
  if (who.firstManager) {
    const { stdout } = await genkan(['setup-code', '--config', folder.config], 'genkan');
    const made = await client.staff.makeFirstManager.mutate({ code: stdout.trim(), name: NAME, pin: PIN });
    if (!made.ok) throw new Error(`no first manager: ${made.fault}`);
  } else {
    const [person] = who.people;
    const signed = await client.staff.signIn.mutate({ staffId: person?.staffId ?? '', pin: PIN });
    if (!signed.ok) throw new Error(`not signed in: ${signed.fault}`);
  }
  return opened;
}
type Client = Awaited<ReturnType<typeof signedIn>>['client'];

async function viewOf(client: Client): Promise<SetupView> {
  return new Promise((resolve, reject) => {
    const watching = client.setup.watch.subscribe(undefined, {
      onData: (view) => {
        watching.unsubscribe();
        resolve(view);
      },
      onError: reject,
    });
  });
}

const config = () =>
  z
    .looseObject({ doors: z.array(z.looseObject({ id: z.string() })) })
    .parse(JSON.parse(readFileSync(folder.config, 'utf8')));
const systemEvents = () => folder.events().filter(({ type }) => type === 'system');
const reader: ConfigChange = {
  do: 'set',
  door: 'front',
  role: 'reader',
  reader: 'front-gate',
  device: { driver: 'serial', path: '/dev/null', baudRate: 9_600, direction: 'in' },
};

test('a pulse goes through the running guard to the relay, between two events', async () => {
  await using opened = await signedIn();
  const before = relay.hex().length;
  expect(await opened.client.setup.pulse.mutate({ door: 'front' })).toStrictEqual({ ok: true, value: null });
  await until('the pulse’s end on record', () => systemEvents().some(({ detail }) => detail['ended'] === 'at rest'));
  expect(relay.hex().slice(before).trim()).toBe(`${ON} ${REST}`);
  const view = await viewOf(opened.client);
  expect(view.pulse).toMatchObject({ door: 'front', state: 'done' });
  expect(view.tests.at(-1)).toMatchObject({ part: 'front.lock', test: 'pulse', ok: true });
});

test('a configuration that is wrong is refused by its paths, and nothing is written', async () => {
  await using opened = await signedIn();
  const written = readFileSync(folder.config, 'utf8');
  const wrong = { ...reader, door: 'nowhere' };
  const answer = await opened.client.setup.applyConfig.mutate({ changes: [wrong] });
  expect(answer).toMatchObject({ ok: false, fault: 'refused', lines: [expect.stringContaining('doors[1].lock')] });
  expect(readFileSync(folder.config, 'utf8')).toBe(written);
  expect(existsSync(`${folder.config}.trial`)).toBe(false);
});

test('a reader is added: the same process, at the same address, with the former file kept', async () => {
  const [pid, former] = [unit.pid, readFileSync(folder.config, 'utf8')];
  {
    await using opened = await signedIn();
    const device = { ...reader.device, path: scanner.path };
    const applied = await opened.client.setup.applyConfig.mutate({ changes: [{ ...reader, device }] });
    expect(applied).toStrictEqual({ ok: true, value: null });
  }
  await unit.healthy('the new reader', ({ devices }) => devices.some(({ id, ok }) => id === 'front-gate' && ok));
  expect((await unit.health()).pid).toBe(pid);
  expect(config().doors[0]).toMatchObject({ readers: [{ id: 'front-in' }, { id: 'front-gate' }] });
  expect(readFileSync(`${folder.config}.before`, 'utf8')).toBe(former);
  scanner.send('M0001\r');
  await until('the scan on record', () =>
    folder.events().some(({ type, result }) => type === 'scan' && result?.granted === true),
  );
  await using opened = await signedIn();
  const { parts } = await viewOf(opened.client);
  expect(parts.find(({ id }) => id === 'front-gate')?.echo).toMatchObject({ length: 5, mask: '•••••', times: 1 });
});

const has = (id: string) => unit.healthy(`${id} is there`, ({ devices }) => devices.some((device) => device.id === id));
/** Nothing of the new configuration is left in use; what failed is kept to be looked at. */
async function wentBackTo(former: string): Promise<void> {
  await unit.healthy(
    'the door by the former configuration',
    ({ doors, devices }) => doors[0]?.state === 'locked' && devices.every(({ id }) => id !== 'front-new'),
  );
  expect(readFileSync(folder.config, 'utf8')).toBe(former);
  expect(existsSync(`${folder.config}.trial`)).toBe(false);
}

test.each([
  ['isn’t one', '{ "doors": ['],
  [
    'names a door that the site doesn’t have',
    JSON.stringify({ dataDir: 'data', doors: [{ id: 'nowhere', lock: { driver: 'sim' }, readers: [] }] }),
  ],
])(
  'what is on trial %s when the unit begins with it: the same process goes back, and says why',
  async (_what, text) => {
    const [pid, former] = [unit.pid, readFileSync(folder.config, 'utf8')];
    {
      await using opened = await signedIn();
      const changes = [{ ...reader, reader: 'front-new' }];
      expect(await opened.client.setup.applyConfig.mutate({ changes })).toStrictEqual({ ok: true, value: null });
      // Something else writes there, before the unit has read it again.
      writeFileSync(folder.config, text);
      await until('what failed is set aside', () => existsSync(`${folder.config}.failed`));
    }
    await wentBackTo(former);
    expect((await unit.health()).pid).toBe(pid);
    expect(readFileSync(`${folder.config}.failed`, 'utf8')).toBe(text);
    rmSync(`${folder.config}.failed`);
    await using again = await signedIn();
    const { wentBack } = await viewOf(again.client);
    expect(wentBack?.[0]).toContain('left for the one before');
    const before = folder.events().length;
    scanner.send('M0001\r');
    await until('the door goes on', () =>
      folder
        .events()
        .slice(before)
        .some(({ type }) => type === 'scan'),
    );
  },
);

test('a process that ends again and again while a configuration is on trial begins with the one before', async () => {
  const former = readFileSync(folder.config, 'utf8');
  {
    await using opened = await signedIn();
    await opened.client.setup.applyConfig.mutate({ changes: [{ ...reader, reader: 'front-new' }] });
  }
  await has('front-new');
  for (let ends = 1; ends <= 3; ends += 1) {
    await unit.kill();
    unit = await Appliance.start(folder, { program: 'genkan' });
    // A power cut or two are no fault of it.
    if (ends <= 2) await has('front-new');
  }
  await wentBackTo(former);
  await using again = await signedIn();
  expect((await viewOf(again.client)).wentBack?.join(' ')).toContain('again and again');
});

test('a site with other doors is taken only together with what makes this unit’s doors its own', async () => {
  const site = z
    .looseObject({ doors: z.array(z.looseObject({ id: z.string() })) })
    .parse(JSON.parse(readFileSync(DEMO_SITE, 'utf8')));
  const path = join(folder.path, 'other.json');
  const doors = site.doors.map((door) => (door.id === 'front' ? { ...door, id: 'gate' } : door));
  writeFileSync(path, JSON.stringify({ ...site, doors }));
  await using opened = await signedIn();
  const refused = await opened.client.setup.importFile.mutate({ path, changes: [] });
  expect(refused).toMatchObject({ ok: true, value: { line: '', unknown: ['front'] } });
  expect((await unit.health()).revision).toBe(1);
  writeFileSync(join(folder.path, 'broken.json'), '{"format":"genkan-site/1","doors":[]}');
  const broken = await opened.client.setup.importFile.mutate({
    path: join(folder.path, 'broken.json'),
    changes: [{ do: 'rename-door', door: 'front', to: 'gate' }],
  });
  expect(broken).toMatchObject({ ok: true, value: { unknown: ['front'] } });
  const changes: ConfigChange[] = [{ do: 'rename-door', door: 'front', to: 'gate' }];
  const taken = await opened.client.setup.importFile.mutate({ path, changes });
  expect(taken).toMatchObject({
    ok: true,
    value: { unknown: [], line: expect.stringContaining('imported revision 2') },
  });
  await unit.healthy('the door by its new name', ({ doors: now }) =>
    now.some(({ id, state }) => id === 'gate' && state === 'locked'),
  );
  expect(config().doors[0]?.id).toBe('gate');
});

describe('a report', () => {
  test('is made as data and on paper, in pieces that make up the file, without anybody’s code', async () => {
    await using opened = await signedIn();
    const made = await opened.client.setup.report.mutate({ language: 'ja', medium: null });
    if (!made.ok) throw new Error(made.fault);
    const paper = made.value.names.find((name) => name.endsWith('.pdf')) ?? '';
    const pieces: Buffer[] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const read: Awaited<ReturnType<Client['setup']['readReport']['query']>> =
        await opened.client.setup.readReport.query({ name: paper, offset });
      if (!read.ok) throw new Error(read.fault);
      pieces.push(Buffer.from(read.value.data, 'base64'));
      offset = read.value.next;
    }
    const file = readFileSync(join(folder.path, 'data/reports', paper));
    expect(Buffer.concat(pieces).equals(file)).toBe(true);
    expect(file.subarray(0, 5).toString()).toBe('%PDF-');
    expect(file.length).toBeGreaterThan(30_000);
    const data = readFileSync(join(folder.path, 'data/reports', paper.replace('.pdf', '.json')), 'utf8');
    expect(JSON.parse(data)).toMatchObject({
      format: 'genkan-report/1',
      by: { name: NAME },
      tests: [{ test: 'pulse', ok: true }, {}],
    });
    expect(data).not.toContain('M0001');
  });

  test('no other file of the unit can be asked for', async () => {
    await using opened = await signedIn();
    const read = (name: string) => opened.client.setup.readReport.query({ name, offset: 0 });
    await expect(read('../genkan.db.pdf')).rejects.toThrow('not as the contract has it');
    await expect(read('..%2Fkey.pdf')).rejects.toThrow('not as the contract has it');
    expect(await read('commissioning.json')).toStrictEqual({ ok: false, fault: 'no-file', lines: [] });
    const reports = await opened.client.setup.reports.query();
    expect(reports).toMatchObject({ ok: true, value: [{}, {}] });
  });
});

test('a new unit takes a dead one’s place: its name, the next epoch, the head of its record', async () => {
  const unitFile = join(folder.path, 'unit.json');
  const dead = { format: 'genkan-unit/1', unitId: 'deadbeef0001', epoch: 4, head: { seq: 812, hash: 'ab'.repeat(32) } };
  writeFileSync(unitFile, JSON.stringify(dead));
  const site = z.looseObject({ format: z.string() }).parse(JSON.parse(readFileSync(DEMO_SITE, 'utf8')));
  const passphrase = 'a long walk by the river';
  writeFileSync(join(folder.path, 'swap-site.json'), JSON.stringify(sealedCheaply(site, passphrase)));
  writeFileSync(
    join(folder.path, 'swap-config.json'),
    JSON.stringify({
      dataDir: 'elsewhere',
      listen: { port: 1 },
      doors: [{ id: 'front', lock: { driver: 'sim' }, readers: [] }],
    }),
  );
  {
    await using opened = await signedIn();
    const files = {
      site: join(folder.path, 'swap-site.json'),
      settings: null,
      config: join(folder.path, 'swap-config.json'),
      unit: unitFile,
    };
    expect(await opened.client.setup.swap.mutate({ ...files, site: unitFile })).toMatchObject({
      ok: false,
      fault: 'refused',
    });
    const refused = (fault: string) => ({ ok: false, fault, lines: [] });
    expect(await opened.client.setup.swap.mutate(files)).toStrictEqual(refused('sealed'));
    const wrong = await opened.client.setup.swap.mutate({ ...files, passphrase: `${passphrase}s` });
    expect(wrong).toStrictEqual(refused('wrong-passphrase'));
    expect(await opened.client.setup.swap.mutate({ ...files, passphrase })).toMatchObject({ ok: true });
  }
  await unit.healthy('the swapped unit', ({ doors }) =>
    doors.some(({ id, state }) => id === 'front' && state === 'locked'),
  );
  const [first] = folder.events();
  expect(first).toMatchObject({
    seq: 1,
    type: 'system',
    detail: { what: 'epoch', why: 'swap', before: { epoch: 4, head: 812, hash: 'ab'.repeat(32) } },
  });
  expect(folder.query('SELECT unit_id, epoch FROM unit')).toStrictEqual([{ unit_id: 'deadbeef0001', epoch: 5 }]);
  expect(existsSync(join(folder.path, 'data/genkan.db.swap-1'))).toBe(true);
  expect(existsSync(join(folder.path, 'elsewhere'))).toBe(false);
  // Who was in the team of this unit still is: the next step is theirs.
  await using again = await signedIn();
  expect(await viewOf(again.client)).toMatchObject({ unitId: 'deadbeef0001', epoch: 5, wentBack: null });
  const { code } = await genkan(['verify', '--config', folder.config], 'genkan');
  expect(code).toBe(0);
});

test('a start that finds a configuration on trial that doesn’t start goes back to the one before', async () => {
  const other = new UnitFolder({ doors: [{ id: 'front', lock: { driver: 'sim' }, readers: [] }] });
  copyFileSync(other.config, `${other.config}.before`);
  other.configure({ doors: [{ id: 'no-door-of-the-site', lock: { driver: 'sim' }, readers: [] }] });
  writeFileSync(`${other.config}.trial`, '0');
  const back = await Appliance.start(other, { program: 'genkan' });
  await back.healthy('the former configuration', ({ doors }) =>
    doors.some(({ id, state }) => id === 'front' && state === 'locked'),
  );
  await back.stop();
  expect(readFileSync(other.config, 'utf8')).toBe(readFileSync(`${other.config}.before`, 'utf8'));
  expect(readFileSync(`${other.config}.failed`, 'utf8')).toContain('no-door-of-the-site');
  expect(existsSync(`${other.config}.trial`)).toBe(false);
  other.remove();
});
