// A unit was taken out of its tenant. Somebody stands before it and wipes it now, switched off or running; its former
// databases too, and what can't be emptied is named.
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { Appliance, genkan, UnitFolder } from '../../build/e2e/appliance.ts';
import { until } from '../../device/sim/wait.ts';

const FRONT = { id: 'front', lock: { driver: 'sim' }, readers: [{ id: 'front-in', driver: 'sim' }] };

/** A unit that has run, and is revoked. */
async function revoked(): Promise<UnitFolder> {
  const folder = new UnitFolder({ doors: [FRONT] });
  onTestFinished(() => folder.remove());
  const unit = await Appliance.start(folder);
  await unit.healthy('the unit is ok');
  await unit.stop();
  const db = new Database(folder.database);
  db.exec(`UPDATE hub SET tenant = 't', hub_key = 'k', seal_key = 's', url = 'ws://127.0.0.1:9', revoked_at = 1`);
  db.close();
  return folder;
}

const wipe = ({ config }: UnitFolder) => genkan(['wipe', '--config', config]);
const membersIn = (file: string) => {
  const db = new Database(file, { readonly: true });
  const count = db.prepare('SELECT count(*) FROM member').pluck().get();
  db.close();
  return count;
};

test('switched off: itself and what it has set aside; a damaged one that can’t be emptied is named', async () => {
  const folder = await revoked();
  const [swapped, damaged] = [`${folder.database}.swap-1`, `${folder.database}.damaged-1`];
  copyFileSync(folder.database, swapped);
  writeFileSync(damaged, 'this was a database');
  const first = await wipe(folder);
  expect(first).toMatchObject({ code: 1, stdout: '' });
  expect(first.stderr).toBe(
    `genkan: wiped, but ${damaged} can’t be emptied: it may still have members, and events that nobody else has. Have it looked at, then delete it, and what is beside it as -wal and -shm\n`,
  );
  // Of the same epoch, not a former one: what it has recorded stays.
  expect([membersIn(folder.database), membersIn(swapped), existsSync(damaged)]).toEqual([0, 0, true]);
  writeFileSync(damaged, '');
  copyFileSync(swapped, damaged);
  expect(await wipe(folder)).toMatchObject({ code: 1, stderr: expect.stringContaining('damaged-1') });
});

test('switched off, with nothing set aside: nobody is left; before its hub has revoked it, it is not wiped', async () => {
  const folder = await revoked();
  expect(await wipe(folder)).toEqual({
    code: 0,
    stdout: 'nothing of any member is left; the record stays\n',
    stderr: '',
  });
  expect(membersIn(folder.database)).toBe(0);
  const db = new Database(folder.database);
  db.exec('UPDATE hub SET revoked_at = NULL');
  db.close();
  expect(await wipe(folder)).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'genkan: the hub has not revoked this unit, or it has not heard of it: revoke it there, and let it call once\n',
  });
});

test('running: while its doors are served, and what it can’t empty stands in its log', async () => {
  const folder = await revoked();
  const [swapped, damaged] = [`${folder.database}.swap-1`, `${folder.database}.damaged-1`];
  copyFileSync(folder.database, swapped);
  writeFileSync(damaged, 'this was a database');
  const unit = await Appliance.start(folder);
  expect(await wipe(folder)).toEqual({
    code: 0,
    stdout: 'all members are being wiped: `members-wiped` stands in the record when they are gone\n',
    stderr: '',
  });
  await until('the word of what is left', () => unit.running.stderr.includes('damaged-1 may still have members'), {
    seen: () => unit.running.stderr,
  });
  expect([membersIn(folder.database), membersIn(swapped)]).toEqual([0, 0]);
  expect(folder.events().map(({ detail }) => detail['what'])).toContain('members-wiped');
  expect(await unit.stop()).toMatchObject({ code: 0 });
});
