// The power goes while a new configuration is written, or the unit doesn't come up with it: there is always a whole one,
// and the door comes back with the one that worked.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigTrial } from './config-trial.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'genkan-trial-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function trial() {
  const file = join(folder(), 'genkan.config.json');
  writeFileSync(file, 'old');
  const read = (suffix = '') => readFileSync(file + suffix, 'utf8');
  return { file, read, trial: new ConfigTrial(file) };
}

test('the new one stands, the former is kept, and it is on trial until it is kept', () => {
  const one = trial();
  expect(one.trial.isOn).toBe(false);
  expect(one.trial.begin('new')).toStrictEqual({ ok: true, value: undefined });
  expect([one.read(), one.read('.before'), one.trial.isOn]).toStrictEqual(['new', 'old', true]);
  one.trial.keep();
  expect([one.read(), one.read('.before'), one.trial.isOn]).toStrictEqual(['new', 'old', false]);
});

test('a power cut is forgiven; the third start that finds it goes back, and keeps what failed for whoever looks', () => {
  const one = trial();
  expect(one.trial.begin('new').ok).toBe(true);
  const later = new ConfigTrial(one.file);
  expect([later.isOn, later.attempt(), later.attempt(), later.attempt()]).toStrictEqual([true, true, true, false]);
  expect(later.goBack()).toBe(true);
  expect([one.read(), one.read('.failed'), later.isOn]).toStrictEqual(['old', 'new', false]);
  expect(later.goBack()).toBe(false);
});

test('without a former one there is nothing to go back to', () => {
  const one = trial();
  expect(one.trial.goBack()).toBe(false);
  expect(one.read()).toBe('old');
});

test('a place that can’t be written is said in one line, and nothing is on trial', () => {
  const lost = new ConfigTrial(join(folder(), 'nowhere', 'genkan.config.json'));
  expect(lost.begin('new')).toMatchObject({
    ok: false,
    error: { code: 'refused', lines: [expect.stringContaining('ENOENT')] },
  });
  expect(lost.isOn).toBe(false);
});

test('no half-written draft is left', () => {
  const one = trial();
  expect(one.trial.begin('x'.repeat(100_000)).ok).toBe(true);
  expect(existsSync(`${one.file}.new`)).toBe(false);
  expect(one.read()).toHaveLength(100_000);
});
