// The power goes while a unit takes a dead one's place, or begins anew by itself, at any point of that. Afterwards it is
// the unit that it was, or the one that it was to be, and has members and settings in either case.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SystemClock } from '../../../device/clock/system.ts';
import { dataFiles, openStore } from '../../store/data-dir.ts';
import { GYM, must } from '../../store/testing.ts';
import { loadConfig } from '../config-file.ts';
import { readyStore } from '../ready-store.ts';
import { NO_SETTINGS } from '../testing.ts';

const NEW = { ...GYM, site: { ...GYM.site, name: 'New' } };
const OLD_IS_HERE = { epoch: 1, name: GYM.site.name, tenant: 'old', whole: true };

function run(folder: string, what: string, point: string) {
  const script = join(import.meta.dirname, 'test-swap.ts');
  return spawnSync(process.execPath, [script, folder, what, point], { encoding: 'utf8', timeout: 20_000 });
}

/** A unit that was given its site and settings once; no file has them. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-swap-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const front = { id: 'front', lock: { driver: 'sim' }, readers: [] };
  const files = {
    'genkan.config.json': { dataDir: 'data', doors: [front] },
    'site.json': NEW,
    'settings.json': { ...NO_SETTINGS, tenant: 'new' },
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
  const store = must(openStore(join(folder, 'data'), 'write'));
  store.transact((writer) => {
    writer.importSite(GYM, 0);
    writer.importSettings({ ...NO_SETTINGS, tenant: 'old' });
  });
  store.close();
  return folder;
}

/** As it is when the controller starts there. */
function started(folder: string) {
  const { dataDir, ...loaded } = must(loadConfig(join(folder, 'genkan.config.json')));
  const ready = must(readyStore({ dataDir, ...loaded }, dataFiles(dataDir), new SystemClock()));
  const { store, broken } = ready;
  const site = store.exportSite()?.site.name ?? 'none';
  const seen = { epoch: store.record.unit().epoch, name: site, tenant: store.settings()?.tenant ?? 'none' };
  const whole = broken === null && store.record.verify().ok;
  store.close();
  return { ...seen, whole };
}

test('a swap that is cut off leaves the unit that was or the one that was to be', () => {
  const folder = newFolder();
  for (const point of ['rename 1', 'document 1', 'document 2', 'rename 2']) {
    const { signal, stderr } = run(folder, 'swap', point);
    expect(signal, `${point}: ${stderr}`).toBe('SIGKILL');
    expect(started(folder), point).toEqual(OLD_IS_HERE);
  }
  // Who it is stands beside the database too: that is written last.
  expect(run(folder, 'swap', 'rename 3').signal).toBe('SIGKILL');
  expect(started(folder)).toEqual({ epoch: 5, name: 'New', tenant: 'new', whole: true });
});

test('a unit that begins anew and is cut off keeps members and settings', () => {
  const folder = newFolder();
  for (const point of ['document 1', 'document 2']) {
    const { signal, stderr } = run(folder, 'put-back', point);
    expect(signal, `${point}: ${stderr}`).toBe('SIGKILL');
    expect(started(folder), point).toEqual(OLD_IS_HERE);
  }
  expect(run(folder, 'put-back', 'through')).toMatchObject({ status: 0, stderr: '' });
  expect(started(folder)).toEqual({ ...OLD_IS_HERE, epoch: 2 });
});
