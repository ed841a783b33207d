// A site without a network: a stick goes between the unit and its hub. What happened at the door reaches the hub and
// leaves the outbox by the hub's receipt; what the hub has signed reaches the door, and nothing else does.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { SystemClock } from '../../device/clock/system.ts';
import { Pty } from '../../device/sim/pty.ts';
import { until } from '../../device/sim/wait.ts';
import { appFolder } from '../setup/app.mjs';
import { ROOT } from '../setup/runtime.mjs';
import { NODE_FLAGS } from '../start/node-flags.ts';
import { DEMO_SITE, genkan } from './appliance.ts';
import { HubProcess } from './hub.ts';
import { SyncUnit, soon } from './sync-unit.ts';

const Site = z.looseObject({ site: z.looseObject({ name: z.string() }), members: z.array(z.looseObject({})) });
const site = Site.parse(JSON.parse(readFileSync(DEMO_SITE, 'utf8')));
const hub = new HubProcess();
let unit: SyncUnit;

const onStick = (name: string) => join(hub.folder, name);
const run = (...args: readonly string[]) => genkan([...args, '--config', unit.folder.config]);
const read = (name: string): unknown => JSON.parse(readFileSync(onStick(name), 'utf8'));
const acknowledged = () => Number(unit.folder.query('SELECT acknowledged FROM unit')[0]?.['acknowledged']);
const refused = (why: string) => ({ code: 1, stderr: expect.stringContaining(why) });

beforeAll(async () => {
  await hub.found(site);
  unit = await SyncUnit.make('Front', hub);
  await unit.pair(hub, 'tokyo');
  await unit.settled();
  // From here on the two have nothing but the stick.
  unit.cable.cut();
  await soon(
    'no network',
    () => unit.health(),
    (now) => now.hub?.state !== 'live',
  );
});

afterAll(async () => {
  await unit?.remove();
  await hub.remove();
});

test('what happened goes to the hub on the stick, and stays in the outbox until its receipt is back', async () => {
  const before = acknowledged();
  await unit.scan('M0001');
  expect(await run('export', '--events', onStick('events.json'))).toMatchObject({ code: 0, stderr: '' });
  const { events } = z
    .strictObject({ events: z.int().min(1) })
    .parse(JSON.parse(await hub.ctl('events', 'take', onStick('events.json'), onStick('receipt.json'))));
  expect(acknowledged()).toBe(before);
  // What happens while the stick is on its way waits for the next one.
  await unit.scan('M0002');
  expect(await run('import', onStick('receipt.json'))).toMatchObject({ code: 0, stderr: '' });
  expect(acknowledged()).toBe(before + events);
  await soon(
    'the figure',
    () => unit.health(),
    ({ outbox }) => outbox === unit.bodies().length - before - events,
  );
  expect(unit.bodies().length).toBeGreaterThan(before + events);
  // Both once more change nothing.
  await hub.ctl('events', 'take', onStick('events.json'));
  expect((await run('import', onStick('receipt.json'))).code).toBe(0);
  expect(acknowledged()).toBe(before + events);
  const lines = (await hub.ctl('events', 'list', '--limit', '500')).trim().split('\n');
  expect(lines).toHaveLength(before + events);
});

test('only what the hub has signed is taken, nothing altered and nothing older', async () => {
  await hub.ctl('site', 'sign', onStick('old.json'));
  writeFileSync(onStick('named.json'), JSON.stringify({ ...site, site: { ...site.site, name: 'By stick' } }));
  await hub.ctl('site', 'import', onStick('named.json'));
  await hub.ctl('site', 'sign', onStick('new.json'));
  expect(await run('import', DEMO_SITE)).toMatchObject(refused('only documents that its hub has signed'));
  const altered = z.looseObject({ payload: z.string() }).parse(read('new.json'));
  writeFileSync(
    onStick('bad.json'),
    JSON.stringify({ ...altered, payload: altered.payload.replace('By stick', 'Mine') }),
  );
  expect(await run('import', onStick('bad.json'))).toMatchObject(refused('sig: '));
  expect(unit.site()?.site.name).not.toBe('By stick');
  expect(await run('import', onStick('new.json'))).toMatchObject({ code: 0, stderr: '' });
  expect(unit.site()?.site.name).toBe('By stick');
  expect(await run('import', onStick('old.json'))).toMatchObject(refused('revision: '));
  // The receipt is of an older revision than the site by now, and true all the same.
  expect((await run('import', onStick('receipt.json'))).code).toBe(0);
});

const PASSPHRASE = 'a long walk by the river';
/** Written to a file, and how a command is told. */
const passphrase = (name: string, text: string): readonly [string, string] => {
  writeFileSync(onStick(name), `${text}\n`);
  return ['--passphrase-file', onStick(name)];
};
const revision = async () => (await unit.health()).revision;

test('the hub’s document is sealed by a passphrase: another one changes nothing, and without one it says what to do', async () => {
  await hub.ctl('site', 'sign', onStick('sealed.json'), '--seal', ...passphrase('right', PASSPHRASE));
  expect(read('sealed.json')).toMatchObject({ format: 'genkan-sealed/1', holds: 'genkan-signed/1' });
  for (const secret of ['By stick', 'M0001', PASSPHRASE])
    expect(readFileSync(onStick('sealed.json'), 'utf8')).not.toContain(secret);
  const before = await revision();
  const bad = await run('import', onStick('sealed.json'), ...passphrase('wrong', 'a long walk by the sea'));
  expect(bad).toMatchObject(refused('the passphrase is another one'));
  expect(bad.stderr.trim().split('\n')).toHaveLength(1);
  expect(await run('import', onStick('sealed.json'))).toMatchObject(refused('--passphrase-file'));
  expect(await run('export', '--seal', '--events', onStick('no.json'))).toMatchObject({ code: 2 });
  expect(await revision()).toBe(before);
  expect(await run('import', onStick('sealed.json'), ...passphrase('right', PASSPHRASE))).toMatchObject({ code: 0 });
});

test('at a terminal a code is made and shown once; what is typed is never shown', async () => {
  const terminal = await Pty.make(new SystemClock());
  const seen = () => Buffer.concat(terminal.recorded.map(({ bytes }) => bytes)).toString('utf8');
  const shows = (what: RegExp) => until(String(what), () => what.exec(seen()), { withinMs: 30_000, seen });
  // As people have it: what is typed is shown, unless the program takes that away.
  execFileSync('stty', ['-F', terminal.path, 'sane']);
  try {
    const exporting = atTerminal(terminal.path, ['export', '--seal', onStick('own.json')]);
    await shows(/one is made\): $/);
    terminal.send('\r');
    const [, code = ''] = await shows(/shown this once: ((?:\d{4} ?){4})\r?\n/);
    expect(await exporting).toBe(0);
    const importing = atTerminal(terminal.path, ['import', onStick('own.json')]);
    await shows(/Passphrase of the file: $/);
    terminal.send('a guess of mine\r');
    await shows(/That isn’t it\.\s*Passphrase of the file: $/);
    terminal.send(`${code.replaceAll(' ', '')}\r`);
    // What the unit itself has sealed isn't signed by its hub: it was opened, and goes no further.
    expect(await importing).toBe(1);
    await shows(/only documents that its hub has signed/);
    expect(seen().split(code)).toHaveLength(2);
    expect(seen()).not.toMatch(new RegExp(`guess|${code.replaceAll(' ', '')}`));
    // The hub takes it.
    await hub.ctl('site', 'import', onStick('own.json'), ...passphrase('code', code));
  } finally {
    await terminal.remove();
  }
});

/** @returns the exit status of a command whose input and complaints are this terminal's */
async function atTerminal(path: string, args: readonly string[]): Promise<number | null> {
  const fd = openSync(path, 'r+');
  try {
    const words = [...NODE_FLAGS, join(appFolder(ROOT), 'develop.js'), ...args, '--config', unit.folder.config];
    const child = spawn(process.execPath, words, { stdio: [fd, 'ignore', fd] });
    return await new Promise((resolve) => child.on('close', resolve));
  } finally {
    closeSync(fd);
  }
}
