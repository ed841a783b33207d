// The power goes while a snapshot comes in, at any moment. Afterwards the unit has the old data or the new, whole, and
// goes on where it was.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digestOfSite } from './digest.ts';
import { Store } from './store.ts';
import { GYM, KEYS, must, TestStore } from './testing.ts';

const NEW = {
  ...GYM,
  site: { ...GYM.site, name: 'New' },
  members: Array.from({ length: 120 }, (_, index) => ({
    ...{ id: `m${index}`, name: `Member ${index}`, kana: null, codes: [`NEW-${index}`] },
    suspended: { profile: false, identity: false },
    contracts: [{ id: `n${index}`, planId: 'four', from: '2026-01-01', to: null }],
  })),
  ...{ tickets: [], reservations: [], usage: [], ticketUses: [], stays: [] },
};

/** Runs until it has written `after` characters, or has ended. @returns what it wrote */
async function run(file: string, site: string, after: number): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'test-snapshot.ts'), file, site], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let told = '';
  child.stdout.on('data', (text) => {
    told += text;
    if (told.length >= after) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  return told;
}

test('killed at any point: old or new, never half', { timeout: 120_000 }, async () => {
  const unit = new TestStore(GYM);
  const { file } = unit;
  unit.use('ann', Date.UTC(2026, 10, 18, 3));
  unit.store.replica(() => 0).pair({ tenant: 't', hubKey: 'k', sealKey: 's', url: 'ws://localhost' });
  const old = digestOfSite(unit.store.exportSite());
  const target = digestOfSite(NEW);
  unit.store.close();
  const siteFile = `${file}.site.json`;
  writeFileSync(siteFile, JSON.stringify(NEW));
  const seen: string[] = [];
  for (const after of [1, 6, 14, Number.MAX_SAFE_INTEGER]) {
    const told = await run(file, siteFile, after);
    const store = must(Store.open(file, KEYS));
    const digest = digestOfSite(store.exportSite());
    // Who was not known to the new site is nobody there, whatever they used.
    seen.push(digest === old ? 'old' : digest === target ? 'new' : 'half');
    expect(store.record.verify().ok).toBe(true);
    if (told.includes('s')) expect(digest).toBe(target);
    store.close();
  }
  expect(seen).not.toContain('half');
  expect([seen[0], seen.at(-1)]).toStrictEqual(['old', 'new']);
});
