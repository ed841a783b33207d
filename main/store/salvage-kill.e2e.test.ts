// The power goes while a damaged database is set aside and the next epoch begins, at any point of it. Afterwards it is the
// same unit: with all that it had recorded, or in an epoch whose first event says which was before.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { finishAside } from './aside.ts';
import { dataFiles, openStore } from './data-dir.ts';
import { KEY_BYTES } from './keys.ts';
import { GYM, must } from './testing.ts';

const POINTS = ['rename 1', 'rename 2', 'rename 3', 'midst', 'rename 4'];

function run(folder: string, point: string) {
  const script = join(import.meta.dirname, 'test-salvage.ts');
  return spawnSync(process.execPath, [script, folder, point], { encoding: 'utf8', timeout: 20_000 });
}

/** Opened as at a start. */
function unitIn(folder: string) {
  must(finishAside(dataFiles(folder).database));
  const store = must(openStore(folder, 'write'));
  const [body = ''] = [...store.record.since(0)];
  const { unit_id: id, epoch } = store.record.unit();
  const { type, detail }: { type: string; detail: unknown } = JSON.parse(body);
  const seen = { id, epoch, events: [...store.record.since(0)].length, type, detail, ok: store.record.verify().ok };
  store.close();
  return seen;
}

test.each(POINTS)('killed at %s: the same unit, and nothing of its record is gone', (point) => {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-salvage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'key'), Buffer.alloc(KEY_BYTES, 7));
  const founded = must(openStore(folder, 'write'));
  founded.transact((writer) => {
    writer.importSite(GYM, 0);
    writer.held.keep('carry-over', { mail: 'a' }, { seq: 1, at: 1, memberId: 'ann' });
  });
  const { unit_id: id } = founded.record.unit();
  founded.close();

  const { signal, stderr } = run(folder, point);
  expect(signal, stderr).toBe('SIGKILL');
  // A command that comes before the controller.
  expect(openStore(folder, 'write')).toMatchObject({ ok: false, error: { code: 'missing' } });
  expect(unitIn(folder)).toMatchObject({ id, epoch: 1, events: 1, type: 'input', ok: true });
  expect(readdirSync(folder).sort()).toEqual(['genkan.db', 'key']);

  expect(run(folder, 'through')).toMatchObject({ status: 0, stderr: '' });
  const before = { epoch: 1, head: 2 };
  const detail = { what: 'epoch', before };
  expect(unitIn(folder)).toMatchObject({ id, epoch: 2, events: 1, type: 'system', detail, ok: true });
  const left = readdirSync(folder).filter((name) => !name.startsWith('genkan.db.damaged-1'));
  expect(left.sort()).toEqual(['genkan.db', 'key']);
});
