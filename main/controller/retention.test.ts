// A unit has run for two years. Each day what is older than 13 months goes, a little at a time: whoever scans meanwhile
// is let in as ever, and `genkan verify` finds what is left whole.
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { UnitFolder } from '../../build/e2e/appliance.ts';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { verifyCommand } from '../cli/record.ts';
import type { ClockTrust } from '../core/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time/day.ts';
import { openStore, prepareDataDir } from '../store/data-dir.ts';
import type { Store } from '../store/store.ts';
import { RetentionRounds } from './retention.ts';
import { NOON, TEST_SITE, TestAppliance } from './testing.ts';

const FIRST_MS = 10 * MINUTE_MS;
const NOWHERE = { doorId: null, readerId: null, direction: null, result: null, of: null, detail: {} } as const;

function folderOf(): UnitFolder {
  const doors = [{ id: 'front', lock: { driver: 'sim' }, readers: [{ id: 'in', driver: 'sim' }] }];
  const folder = new UnitFolder({ site: null, doors });
  onTestFinished(() => folder.remove());
  return folder;
}

/** A running unit on the folder with two events a day of the last two years. */
async function oldUnit(folder: UnitFolder = folderOf()): Promise<TestAppliance> {
  const dataDir = `${folder.path}/data`;
  expect(prepareDataDir(dataDir).ok).toBe(true);
  const store = openStore(dataDir, 'write');
  if (!store.ok) throw new Error(store.error.detail);
  onTestFinished(() => store.value.close());
  const filled = store.value.transact(({ record, importSite }) => {
    importSite(TEST_SITE, NOON);
    for (let day = 730; day > 0; day -= 1) {
      for (const hours of [1, 2]) {
        record.append({ ...NOWHERE, at: NOON - day * DAY_MS + hours * HOUR_MS, type: 'device', clock: 'synced' });
      }
    }
  });
  expect(filled.ok).toBe(true);
  return new TestAppliance(null, {}, 'none', store.value).start();
}

const countOf = (store: Store) => store.record.verify().events;
const firstOf = (store: Store) => store.record.verify().first;

/** What the command says. */
function verified(folder: UnitFolder): { readonly code: number; readonly said: unknown } {
  let out = '';
  const code = verifyCommand(
    { out: (text) => (out += text), err: expect.unreachable, exit: () => expect.unreachable() },
    folder.config,
  );
  return { code, said: JSON.parse(out) };
}

test('what is old goes between the scans, and the command says what is left', async () => {
  const folder = folderOf();
  const unit = await oldUnit(folder);
  const { store, clock } = unit;
  expect(verified(folder)).toMatchObject({ code: 0, said: { ok: true, first: 1, events: 1_461 } });
  await clock.advance(FIRST_MS - 1);
  expect(firstOf(store)).toBe(1);

  let slices = 0;
  for (let before = countOf(store), idle = 0; idle < 9; slices += 1) {
    await clock.advance(50);
    const after = countOf(store);
    // So few at once that a scan waits for some milliseconds at most.
    expect(before - after).toBeLessThanOrEqual(25);
    idle = after === before ? idle + 1 : 0;
    if (slices === 10) {
      const mono = clock.mono();
      await unit.scan('ANN');
      expect(clock.mono()).toBe(mono);
      expect(unit.events('scan').at(-1)?.result).toMatchObject({ granted: true });
      expect(firstOf(store)).toBeLessThan(600);
    }
    before = countOf(store);
    expect(verified(folder)).toMatchObject({ code: 0, said: { ok: true } });
  }
  // Of 730 days the last 396 are kept: 13 months.
  const { code, said } = verified(folder);
  expect({ code, said }).toMatchObject({ code: 0, said: { ok: true, first: 2 * (730 - 396) + 1 } });
  expect(slices).toBeGreaterThan(600 / 25);
});

test('a day later a day goes; and whoever starts anew goes on where the last run ended', async () => {
  const unit = await oldUnit();
  const { store, clock } = unit;
  await clock.advance(FIRST_MS + MINUTE_MS);
  const first = Number(firstOf(store));
  await clock.advance(DAY_MS - 2 * MINUTE_MS);
  expect(firstOf(store)).toBe(first);
  await clock.advance(3 * MINUTE_MS);
  expect(firstOf(store)).toBe(first + 2);
  await unit.unit.stop();
  expect(clock.timers().filter(({ name }) => name === 'retention')).toStrictEqual([]);
});

test('a unit whose clock nobody believes keeps all, until somebody does; one without a site too', async () => {
  const { unit, store } = await oldUnit();
  const clock = new VirtualClock({ wallMs: NOON });
  let trust: ClockTrust = 'doubtful';
  let site = unit.site.get();
  const log = pino({ enabled: false });
  const rounds = new RetentionRounds({ clock, store, log, trust: () => trust, site: { get: () => site } });
  rounds.start();
  await clock.advance(2 * DAY_MS);
  [site, trust] = [null, 'synced'];
  await clock.advance(2 * DAY_MS);
  expect(firstOf(store)).toBe(1);
  site = unit.site.get();
  await clock.advance(HOUR_MS);
  expect(firstOf(store)).toBeGreaterThan(600);
  rounds.stop();
  expect(clock.timers()).toStrictEqual([]);
});

test('passes that are refused anyway are forgotten, however many, and no others', async () => {
  const { store, clock } = await oldUnit();
  store.transact(({ usedPasses }) => {
    for (let pass = 0; pass < 1_000; pass += 1) usedPasses.note(`${pass}`, 'front', NOON);
    usedPasses.note('good', 'front', NOON + DAY_MS);
  });
  expect(store.usedPasses.isUsed('0', 'front')).toBe(true);
  await clock.advance(FIRST_MS + MINUTE_MS);
  for (let pass = 0; pass < 1_000; pass += 1) expect(store.usedPasses.isUsed(`${pass}`, 'front')).toBe(false);
  expect(store.usedPasses.isUsed('good', 'front')).toBe(true);
});

test('a store that fails is tried again an hour later, and doors go on meanwhile', async () => {
  const unit = await oldUnit();
  const { store, clock } = unit;
  const transact = store.transact.bind(store);
  store.transact = () => ({ ok: false, error: { code: 'full', detail: 'the database has no room left' } });
  await clock.advance(FIRST_MS + MINUTE_MS);
  expect(firstOf(store)).toBe(1);
  store.transact = transact;
  await clock.advance(59 * MINUTE_MS - 1);
  expect(firstOf(store)).toBe(1);
  await clock.advance(2 * MINUTE_MS);
  expect(firstOf(store)).toBeGreaterThan(600);
});
