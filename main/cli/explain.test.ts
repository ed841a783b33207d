// Weeks later a member asks why. Plans, holidays and the member have changed since; the answer has not.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { TEST_SITE, TestAppliance } from '../controller/testing.ts';
import type { SiteBundle } from '../core/model.ts';
import { Keys } from '../store/keys.ts';
import { Store } from '../store/store.ts';
import { explainEvent } from './explain.ts';

const KEYS = new Keys(Buffer.alloc(32, 1));

/** Everything that could change the answer is different now. */
const CHANGED: SiteBundle = {
  ...TEST_SITE,
  holidays: ['2026-11-02'],
  plans: TEST_SITE.plans.map((plan) => ({ ...plan, storeIds: [], stayFee: 'none', entry: { mode: 'ticket' } })),
  places: TEST_SITE.places.map((place) => ({ ...place, fee: null })),
  members: TEST_SITE.members.map((member) => ({
    ...member,
    suspended: { profile: true, identity: false },
    contracts: [],
  })),
  usage: [],
  tickets: [],
};

function scansOf({ store }: TestAppliance): number[] {
  return [...store.record.since(0)]
    .map((body): { seq: number; type: string } => JSON.parse(body))
    .filter(({ type }) => type === 'scan')
    .map(({ seq }) => seq);
}

async function busyUnit(store?: Store): Promise<TestAppliance> {
  const unit = await new TestAppliance(TEST_SITE, {}, 'none', store).start();
  for (const code of ['ANN', 'BOB', 'CHO', 'DAN', 'EVE', 'NOBODY']) await unit.scan(code);
  await unit.clock.advance(3_600_000);
  for (const code of ['ANN', 'NOBODY']) await unit.scan(code, 'out');
  return unit;
}

test('every scan is decided again as it was, though plan, member and holidays have changed', async () => {
  const unit = await busyUnit();
  const before = scansOf(unit).map((seq) => explainEvent(unit.store, seq));
  expect(unit.store.transact((writer) => writer.importSite(CHANGED, unit.clock.wall())).ok).toBe(true);
  const after = scansOf(unit).map((seq) => explainEvent(unit.store, seq));
  expect(after).toStrictEqual(before);
  expect(after).toHaveLength(8);
  for (const one of after) expect(one).toMatchObject({ ok: true, value: { same: true } });
});

test('the steps say why', async () => {
  const unit = await busyUnit();
  const stepsOf = (seq: number | undefined) => {
    const explained = explainEvent(unit.store, seq ?? 0);
    return explained.ok ? explained.value.steps.map(({ rule, text }) => `${rule} ${text}`) : explained.error;
  };
  const [ann, bob, cho, dan, eve, nobody, leaving] = scansOf(unit);
  expect(stepsOf(ann)).toStrictEqual([
    '3 member ann: is known and not suspended',
    '2.2 2026-11-02 is the business date',
    '3.1 contract c-ann on 2026-11-02: admits',
  ]);
  expect(stepsOf(bob)).toContain('3.2.4 band day on 2026-11-02: admits (0 of 2 this month)');
  expect(stepsOf(cho)).toContain('3.2.3 band night on 2026-11-02: is not on at this time');
  expect(stepsOf(dan)).toContain('3.3.2 ticket k on 2026-11-02: admits (2 left)');
  expect(stepsOf(eve)).toContain('3.2.1 reservation yoga: admits');
  expect(stepsOf(nobody)).toContain('3 member: nobody has this code');
  expect(stepsOf(leaving)).toContain('4 stay pl: ends');
});

test('what cannot be explained says why not', async () => {
  const unit = await busyUnit();
  expect(explainEvent(unit.store, 999)).toMatchObject({ ok: false, error: expect.stringContaining('no event 999') });
  expect(explainEvent(unit.store, 1)).toMatchObject({ ok: false, error: expect.stringContaining('no decision') });
});

test('facts that were altered or taken away prove nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-explain-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'genkan.db');
  const store = Store.open(file, KEYS);
  if (!store.ok) throw new Error(store.error.detail);
  store.value.transact((writer) => writer.importSite(TEST_SITE, 0));
  const unit = await busyUnit(store.value);
  const [ann = 0, bob = 0] = scansOf(unit);
  const db = new Database(file);
  db.prepare("UPDATE basis SET facts = replace(facts, 'false', 'true') WHERE event_seq = ?").run(ann);
  db.prepare('DELETE FROM basis WHERE event_seq = ?').run(bob);
  db.close();
  expect(explainEvent(unit.store, ann)).toMatchObject({ ok: false, error: expect.stringContaining('altered') });
  expect(explainEvent(unit.store, bob)).toMatchObject({ ok: false, error: expect.stringContaining('no longer kept') });
  store.value.close();
});
