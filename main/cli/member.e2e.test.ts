// Somebody asks at the desk what is kept about them, and to be forgotten: the technician types two commands, beside a
// unit that goes on opening its door, or on one that is switched off.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { Appliance, genkan, UnitFolder } from '../../build/e2e/appliance.ts';
import { until } from '../../device/sim/wait.ts';

const FRONT = { id: 'front', repeatMs: 0, lock: { driver: 'sim' }, readers: [{ id: 'front-in', driver: 'sim' }] };

function folderOf(): UnitFolder {
  const folder = new UnitFolder({ doors: [FRONT] });
  onTestFinished(() => folder.remove());
  return folder;
}

/** Starts the unit and lets the member with code M0001 in; gives the member's id. */
async function visited(folder: UnitFolder): Promise<{ readonly unit: Appliance; readonly id: string }> {
  const unit = await Appliance.start(folder);
  await unit.healthy('the unit is ok');
  return { unit, id: await scanned(unit, folder, 'M0001', true) };
}

/** Shows a code and waits for its event. */
async function scanned(unit: Appliance, folder: UnitFolder, code: string, granted: boolean): Promise<string> {
  const before = folder.events().length;
  await unit.demo('scan', { reader: 'front-in', code });
  const event = await until('the scan is on record', () =>
    folder
      .events()
      .slice(before)
      .find(({ type }) => type === 'scan'),
  );
  expect(event.result?.granted).toBe(granted);
  return event.result?.memberId ?? '';
}

function traceOf(folder: UnitFolder, id: string): Buffer {
  const db = new Database(folder.database, { readonly: true });
  const row = db.prepare<[string], { sealed: Buffer }>('SELECT sealed FROM member WHERE id = ?').get(id);
  db.close();
  return row?.sealed ?? Buffer.alloc(1);
}

const isLeft = ({ database }: Pick<UnitFolder, 'database'>, trace: Buffer) =>
  [database, `${database}-wal`].some((file) => readFileSync(file, { flag: 'a+' }).includes(trace));

test('beside a running unit: told, erased, and the door goes on', async () => {
  const folder = folderOf();
  const { unit, id } = await visited(folder);
  const member = (...args: readonly string[]) => genkan(['member', ...args, '--config', folder.config]);

  const told = await member('export', id);
  expect(told).toMatchObject({ code: 0, stderr: '' });
  const person = JSON.parse(told.stdout);
  expect(person).toMatchObject({ format: 'genkan-member/1', memberId: id, member: { codes: ['M0001'] } });
  expect(person.events.map(({ type }: { type: string }) => type)).toContain('scan');

  const trace = traceOf(folder, id);
  expect(isLeft(folder, trace)).toBe(true);
  const erased = await member('erase', id);
  expect(erased).toMatchObject({ code: 0, stderr: '' });
  expect(erased.stdout).toMatch(/^erased: members 1, contracts 1, /);
  expect(isLeft(folder, trace)).toBe(false);
  await scanned(unit, folder, 'M0001', false);
  await scanned(unit, folder, 'M0002', false);

  const again = await member('erase', id);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toBe('genkan: nothing is stored of a member of this id: check the id\n');
  expect(await genkan(['verify', '--config', folder.config])).toMatchObject({ code: 0 });
  expect(await unit.stop()).toMatchObject({ code: 0 });
});

test('on a unit that is switched off: erased once, and without a trace also the second time', async () => {
  const folder = folderOf();
  const { unit, id } = await visited(folder);
  await unit.stop();
  const member = (...args: readonly string[]) => genkan(['member', ...args, '--config', folder.config]);
  const trace = traceOf(folder, id);

  const [swapped, damaged] = [`${folder.database}.swap-1`, `${folder.database}.damaged-1`];
  copyFileSync(folder.database, swapped);

  expect(await member('erase', 'nobody')).toMatchObject({ code: 1, stderr: expect.not.stringContaining('nobody') });
  expect(await member('erase', id)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^erased: members 1.*\nerased from \S+swap-1, which is set aside, too\n$/s),
  });
  expect(isLeft(folder, trace)).toBe(false);
  expect(isLeft({ database: swapped }, trace)).toBe(false);
  expect(await member('erase', id)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^erased before/) });
  writeFileSync(damaged, `what was a database, with ${id} in it`);
  expect(await member('erase', id)).toMatchObject({ code: 1, stderr: expect.stringContaining(`${damaged}, which is`) });
  const left = JSON.parse((await member('export', id)).stdout);
  expect(left).toMatchObject({ member: null, stays: [], usage: [] });
  expect(await genkan(['verify', '--config', folder.config])).toMatchObject({ code: 0 });
});

test('wrong usage, and a unit that was never started', async () => {
  const folder = folderOf();
  for (const args of [['member'], ['member', 'export'], ['member', 'erase', 'a', 'b'], ['member', 'forget', 'a']]) {
    expect(await genkan(args), args.join(' ')).toMatchObject({ code: 2, stdout: '' });
  }
  for (const command of ['export', 'erase']) {
    const { code, stderr } = await genkan(['member', command, 'a', '--config', folder.config]);
    expect([code, stderr.split('\n')]).toMatchObject([1, [expect.stringMatching(/^genkan: .*(start|unit)/), '']]);
  }
});
