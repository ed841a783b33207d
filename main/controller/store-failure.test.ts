// The disk fails while people come and go. Who is inside gets out, at once; nobody comes in without a record of some
// kind; and when the disk is back, everything is on record, once, with the rights that it took.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { explainEvent } from '../cli/explain.ts';
import { Keys } from '../store/keys.ts';
import { Store } from '../store/store.ts';
import { mintPass, newPassId } from './passes/mint.ts';
import { ReserveFile } from './reserve-file.ts';
import { FailingDisk, type Misfortune, NO_SETTINGS, NOON, TEST_SITE, TestAppliance } from './testing.ts';

const FULL = { code: 'full', detail: 'the disk is full' } as const;
const CORRUPT = { code: 'corrupt', detail: 'the database is damaged' } as const;
const KNOWN = { onStoreFailure: 'admit-known', repeatMs: 0 };

class Rig {
  readonly disk: FailingDisk;
  readonly file: string;

  constructor() {
    const store = Store.open(':memory:', new Keys(Buffer.alloc(32, 3)));
    if (!store.ok) throw new Error(store.error.detail);
    store.value.transact((writer) => writer.importSite(TEST_SITE, NOON));
    this.disk = new FailingDisk(store.value);
    const folder = mkdtempSync(join(tmpdir(), 'genkan-store-failure-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    this.file = join(folder, 'reserve');
  }

  /** @param reserveBytes null: there is no reserve */
  async start(
    door: Readonly<Record<string, unknown>> = KNOWN,
    reserveBytes: number | null = 65_536,
    more: Misfortune = {},
  ) {
    const reserve = reserveBytes === null ? null : ReserveFile.open(this.file, reserveBytes);
    const given = reserve === null ? {} : { reserve };
    return new TestAppliance(TEST_SITE, door, 'none', this.disk.store, { ...given, ...more }).start();
  }
}

/** One after the other: in the same instant they would be one scan. */
async function scans(unit: TestAppliance, ...codes: readonly string[]): Promise<void> {
  for (const code of codes) {
    await unit.clock.advance(1);
    await unit.scan(code);
  }
}

const lateOnes = (unit: TestAppliance) => unit.events().filter(({ detail }) => detail['late'] === true);
const told = (unit: TestAppliance) =>
  unit.messages.flatMap((message) =>
    message.kind === 'decision' ? [message.reason] : message.kind === 'unjudged' ? [message.why] : [],
  );

describe('refuse', () => {
  test('nobody comes in, and the screen says that it is nobody’s fault; whoever is inside gets out', async () => {
    const rig = new Rig();
    const unit = await rig.start({});
    rig.disk.writing = FULL;
    await unit.scan('ANN');
    expect(unit.door.state().energised).toBe(false);
    await unit.scan('BOB', 'out');
    expect(unit.door.state().energised).toBe(true);
    expect(told(unit)).toStrictEqual(['store-failure', 'exit']);
    rig.disk.writing = null;
    await unit.clock.advance(5_000);
    expect(lateOnes(unit)).toMatchObject([
      { type: 'scan', direction: 'in', result: null, detail: { unjudged: 'store-failure' } },
      { type: 'scan', direction: 'out', result: { reason: 'exit', granted: true } },
    ]);
    const [, exit] = lateOnes(unit);
    expect(unit.events('outcome')).toMatchObject([{ of: exit?.seq }]);
    expect(unit.store.record.withoutOutcome()).toStrictEqual([]);
    expect(unit.store.record.verify().ok).toBe(true);
  });

  test('an exit opens before anything is kept, however the disk behaves', async () => {
    const rig = new Rig();
    const unit = await rig.start({}, null);
    await unit.scan('ANN');
    rig.disk.reading = CORRUPT;
    for (const code of ['ANN', 'NOBODY']) {
      await unit.clock.advance(10_000);
      await unit.scan(code, 'out');
      expect(unit.door.state().energised, code).toBe(true);
    }
  });
});

describe('admit-known', () => {
  test('known members come in by the rules, unknown and suspended ones don’t; all of it is on record later', async () => {
    const rig = new Rig();
    const unit = await rig.start();
    rig.disk.writing = FULL;
    for (const code of ['ANN', 'BOB', 'CHO', 'NOBODY']) await unit.scan(code);
    expect(told(unit)).toStrictEqual(['plan', 'plan', 'outside-hours', 'unknown-credential']);
    expect(unit.door.state().energised).toBe(true);
    rig.disk.writing = null;
    await unit.clock.advance(10_000);
    expect(lateOnes(unit).map(({ type, result }) => result?.reason ?? type)).toStrictEqual([
      'plan',
      'plan',
      'outside-hours',
      'unknown-credential',
    ]);
    expect(unit.store.exportSite()?.usage).toMatchObject([{ memberId: 'bob', date: '2026-11-02' }]);
    expect(unit.store.exportSite()?.stays.map(({ memberId }) => memberId)).toStrictEqual(['ann', 'bob']);
    for (const { seq } of unit.events('scan'))
      expect(explainEvent(unit.store, seq)).toMatchObject({ ok: true, value: { same: true } });
  });

  test('a right that waits for the record is not taken twice, and a stay that began there ends there', async () => {
    const rig = new Rig();
    const unit = await rig.start();
    rig.disk.writing = FULL;
    await scans(unit, 'DAN', 'DAN', 'DAN');
    expect(told(unit)).toStrictEqual(['ticket', 'ticket', 'no-ticket']);
    await unit.clock.advance(3_600_000);
    await unit.scan('DAN', 'both');
    expect(unit.messages.at(-1)).toMatchObject({ direction: 'out', stay: { minutes: 60 } });
    rig.disk.writing = null;
    await unit.clock.advance(10_000);
    const after = unit.store.exportSite();
    expect(after?.tickets).toMatchObject([{ id: 'k', remaining: 0 }]);
    expect(after?.stays).toStrictEqual([]);
  });

  test('the entry is in the reserve before the door is commanded', async () => {
    const rig = new Rig();
    let atThatMoment: boolean | null = null;
    const unit = await rig.start(KNOWN, 65_536, {
      probe: (point) => {
        if (point === 'after-reserve') atThatMoment = unit.door.state().energised;
      },
    });
    rig.disk.writing = FULL;
    await unit.scan('ANN');
    expect(atThatMoment).toBe(false);
    expect(unit.door.state().energised).toBe(true);
    expect(ReserveFile.open(rig.file)?.found).toHaveLength(1);
  });

  test('no reserve, or none with room left: nobody comes in, and everybody gets out', async () => {
    for (const bytes of [null, 100]) {
      const rig = new Rig();
      const unit = await rig.start(KNOWN, bytes);
      rig.disk.writing = FULL;
      await unit.scan('ANN');
      expect(unit.door.state().energised).toBe(false);
      await unit.scan('ANN', 'out');
      expect(unit.door.state().energised).toBe(true);
      expect(told(unit)).toStrictEqual(['store-failure', 'exit']);
    }
  });

  test('not even readable: who came in before is known, with what they used since; nobody else is', async () => {
    const rig = new Rig();
    const unit = await rig.start();
    await unit.scan('DAN');
    rig.disk.reading = CORRUPT;
    await scans(unit, 'DAN', 'DAN', 'ANN');
    expect(told(unit)).toStrictEqual(['ticket', 'ticket', 'no-ticket', 'store-failure']);
    await unit.scan('DAN', 'both');
    expect(unit.messages.at(-1)).toMatchObject({ direction: 'out', reason: 'exit' });
  });

  test('not even readable: a pass that has opened is no code that is known', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = { kid: 'k1', publicKey: publicKey.export({ format: 'jwk' }).x ?? '' };
    const pass = mintPass(
      { kid: 'k1', privateKey },
      {
        memberId: 'ann',
        tenant: 'gym',
        passId: newPassId(),
        expiresAt: NOON + 600_000,
        notBefore: null,
        doorIds: null,
      },
    );
    if (!pass.ok) throw new Error(pass.error.code);
    const rig = new Rig();
    const unit = await rig.start();
    const settings = { ...NO_SETTINGS, tenant: 'gym', passKeys: [{ ...key, from: '2026-01-01T00:00:00Z', to: null }] };
    unit.store.transact((writer) => writer.importSettings(settings));
    unit.unit.dataChanged();
    await scans(unit, pass.value);
    rig.disk.reading = CORRUPT;
    await scans(unit, pass.value);
    expect(told(unit)).toStrictEqual(['plan', 'store-failure']);
  });

  test('not even readable, after an import: nobody is known any more', async () => {
    const rig = new Rig();
    const unit = await rig.start();
    await scans(unit, 'ANN');
    unit.unit.dataChanged();
    rig.disk.reading = CORRUPT;
    await scans(unit, 'ANN');
    expect(told(unit)).toStrictEqual(['plan', 'store-failure']);
  });

  test('the clock is doubtful too: plans without hours only', async () => {
    const rig = new Rig();
    const unit = await rig.start();
    unit.clock.setWall(NOON + 86_400_000);
    rig.disk.writing = FULL;
    await unit.scan('ANN');
    await unit.scan('BOB');
    expect(told(unit)).toStrictEqual(['plan', 'clock-doubtful']);
  });
});

describe('the power goes while it waits', () => {
  test('what is in the reserve is on record at the next start, with an outcome that nobody knows', async () => {
    const rig = new Rig();
    const before = await rig.start();
    rig.disk.writing = FULL;
    await before.scan('BOB');
    rig.disk.writing = null;
    const after = await rig.start();
    const [scan] = lateOnes(after);
    expect(lateOnes(after)).toMatchObject([
      { type: 'scan', result: { reason: 'plan' } },
      { type: 'outcome', of: scan?.seq, detail: { outcome: 'unknown' } },
    ]);
    expect(after.store.record.withoutOutcome()).toStrictEqual([]);
    expect(after.store.exportSite()?.usage).toHaveLength(1);
    expect(ReserveFile.open(rig.file)?.found).toStrictEqual([]);
  });

  test('between the commit and the emptying of the file: once, not twice', async () => {
    const rig = new Rig();
    const cut = { at: false };
    const before = await rig.start(KNOWN, 65_536, {
      probe: (point) => {
        if (point === 'before-reserve-emptied' && cut.at) throw new Error('the power is gone');
      },
    });
    rig.disk.writing = FULL;
    await before.scan('BOB');
    rig.disk.writing = null;
    cut.at = true;
    await expect(before.clock.advance(1_000)).rejects.toThrow('the power is gone');
    expect(ReserveFile.open(rig.file)?.found).toHaveLength(1);
    const after = await rig.start();
    await after.scan('ANN');
    expect(after.events('scan').map(({ result }) => result?.reason)).toStrictEqual(['plan', 'plan']);
    expect(lateOnes(after)).toHaveLength(1);
    expect(ReserveFile.open(rig.file)?.found).toStrictEqual([]);
  });
});

test('orders given meanwhile hold after a power cut too: lockdown, and a fire that nobody has reset', async () => {
  const rig = new Rig();
  const staff = [{ id: 'sue', name: 'Sue', role: 'staff' as const, pinHash: '$argon2id$x' }];
  rig.disk.store.transact((writer) => writer.importSettings({ ...NO_SETTINGS, staff }));
  const door = { ...KNOWN, inputs: { contact: { driver: 'sim' }, fire: { driver: 'sim' } } };
  const unit = await rig.start(door);
  rig.disk.writing = FULL;
  expect(unit.unit.doors.desk.lockdown(null, true, 'sue').ok).toBe(true);
  unit.inputs.fire.set(true);
  unit.inputs.fire.set(false);
  await unit.clock.advance(100);
  // The disk is no better at the next start, then it is.
  const next = await rig.start(door);
  expect(next.unit.stateOf('front')?.mode).toMatchObject({ fire: true, lockdown: true });
  rig.disk.writing = null;
  await next.clock.advance(5_000);
  expect(next.store.doorOrders.read()).toMatchObject({ fire: true, doors: [{ doorId: 'front', lockdown: true }] });
});

test('a ticket that is gone when the record comes: the overdraft is said, and nothing goes below none', async () => {
  const rig = new Rig();
  const unit = await rig.start();
  await unit.scan('DAN');
  rig.disk.reading = CORRUPT;
  await scans(unit, 'DAN');
  rig.disk.reading = null;
  // Meanwhile the hub has taken the last use away.
  const gone = { ...TEST_SITE, tickets: TEST_SITE.tickets.map((ticket) => ({ ...ticket, remaining: 1 })) };
  unit.store.transact((writer) => writer.importSite(gone, NOON));
  await unit.clock.advance(10_000);
  expect(lateOnes(unit)).toMatchObject([{ detail: { overdrawn: 1 } }]);
  expect(unit.store.exportSite()?.tickets).toMatchObject([{ remaining: 0 }]);
});

test('a date that was counted meanwhile is counted once; an entry that contradicts the record stands without its rights', async () => {
  const rig = new Rig();
  const unit = await rig.start();
  rig.disk.writing = FULL;
  await scans(unit, 'BOB');
  rig.disk.writing = null;
  const usage = [{ memberId: 'bob', contractId: 'c-bob', bandId: 'day', date: '2026-11-02' }];
  unit.store.transact((writer) => writer.importSite({ ...TEST_SITE, usage }, NOON));
  await unit.clock.advance(10_000);
  expect(lateOnes(unit)).toMatchObject([{ type: 'scan', result: { reason: 'plan' } }]);
  expect(unit.events('system').map(({ detail }) => detail['what'])).toStrictEqual(['start']);
  expect(unit.store.exportSite()?.usage).toStrictEqual(usage);
});
