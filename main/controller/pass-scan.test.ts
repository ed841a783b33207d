// A member shows the card on the phone: a signed pass, checked on site, good once at each door.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Keys } from '../store/keys.ts';
import { Store } from '../store/store.ts';
import { mintPass, newPassId } from './passes/mint.ts';
import { usedPassesContract } from './passes/used-passes-contract.ts';
import { NO_SETTINGS, NOON, TEST_SITE, TestAppliance } from './testing.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const SETTINGS = {
  ...NO_SETTINGS,
  tenant: 'gym',
  passKeys: [
    { kid: 'k1', publicKey: publicKey.export({ format: 'jwk' }).x ?? '', from: '2026-01-01T00:00:00Z', to: null },
  ],
  staticCodesOff: ['open'],
};

function passFor(memberId: string, more: { readonly tenant?: string; readonly expiresAt?: number } = {}): string {
  const claims = {
    memberId,
    tenant: 'gym',
    passId: newPassId(),
    expiresAt: NOON + 60_000,
    notBefore: null,
    doorIds: null,
  };
  const pass = mintPass({ kid: 'k1', privateKey }, { ...claims, ...more });
  if (!pass.ok) throw new Error(pass.error.code);
  return pass.value;
}

async function unitWithPasses(site = TEST_SITE, door = {}): Promise<TestAppliance> {
  const unit = await new TestAppliance(site, door).start();
  expect(unit.store.transact((writer) => writer.importSettings(SETTINGS)).ok).toBe(true);
  unit.unit.site.reload();
  return unit;
}

const told = (unit: TestAppliance) => unit.events('scan').map(({ result, detail }) => [result?.reason, detail['pass']]);

describe('a pass', () => {
  test('opens once at a door, names its member on the way out too, and is on record by its id', async () => {
    const unit = await unitWithPasses();
    const pass = passFor('ann');
    await unit.scan(pass);
    await unit.clock.advance(5_000);
    await unit.scan(pass);
    await unit.scan(pass, 'out');
    const id = unit.events('scan')[0]?.detail['pass'];
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(told(unit)).toStrictEqual([
      ['plan', id],
      ['unknown-credential', 'used'],
      ['exit', id],
    ]);
    expect(unit.events('scan').at(-1)?.result).toMatchObject({ warnings: [] });
  });
  test('that was refused is not used up', async () => {
    const unit = await unitWithPasses();
    const pass = passFor('cho');
    await unit.scan(pass);
    await unit.clock.advance(5_000);
    await unit.scan(pass);
    expect(told(unit).map(([reason]) => reason)).toStrictEqual(['outside-hours', 'outside-hours']);
  });
  test('that is bad is an unknown code, and the record says why', async () => {
    const unit = await unitWithPasses();
    for (const pass of [
      passFor('ann', { tenant: 'other' }),
      passFor('ann', { expiresAt: NOON - 60_000 }),
      'GP1:NOTHING',
    ])
      await unit.scan(pass);
    expect(told(unit)).toStrictEqual([
      ['unknown-credential', 'tenant'],
      ['unknown-credential', 'expired'],
      ['unknown-credential', 'signature'],
    ]);
  });
  test('goes both ways at a reader for both', async () => {
    const unit = await unitWithPasses();
    const pass = passFor('ann');
    for (const _ of ['in', 'out']) {
      await unit.scan(pass, 'both');
      await unit.clock.advance(5_000);
    }
    expect(told(unit).map(([reason]) => reason)).toStrictEqual(['plan', 'exit']);
  });
  test('is but a code where no settings were imported', async () => {
    const unit = await new TestAppliance().start();
    await unit.scan(passFor('ann'));
    expect(told(unit)).toStrictEqual([['unknown-credential', undefined]]);
  });
});

describe('a static code', () => {
  test('of a plan that wants passes is none', async () => {
    const unit = await unitWithPasses();
    await unit.scan('ANN');
    await unit.scan('BOB');
    expect(told(unit)).toStrictEqual([
      ['unknown-credential', 'wanted'],
      ['plan', undefined],
    ]);
  });
});

test('a pass that ends while its owner makes up his mind about a ticket is still good for the choice', async () => {
  const tickets = [{ id: 'eves', typeId: 'tt', memberId: 'eve', issuedOn: '2026-01-01', remaining: 2 }];
  const usage = ['2026-11-01', '2026-11-30'].map((date) => ({
    memberId: 'eve',
    contractId: 'c-eve',
    bandId: 'day',
    date,
  }));
  const unit = await unitWithPasses({ ...TEST_SITE, reservations: [], tickets, usage });
  await unit.scan(passFor('eve', { expiresAt: NOON + 5_000 }));
  await unit.clock.advance(10_000);
  expect(unit.unit.choose(unit.events('scan')[0]?.seq ?? 0, 'eves')).toBe(true);
  expect(unit.events('scan').map(({ result }) => result?.reason)).toStrictEqual(['limit-reached', 'ticket']);
});

test('while nobody knows the time a pass is over only where it was over at the last time that was trusted', async () => {
  const unit = await unitWithPasses();
  const [good, over] = [passFor('ann', { expiresAt: NOON + 300_000 }), passFor('ann', { expiresAt: NOON - 300_000 })];
  unit.clock.setWall(NOON + 86_400_000);
  await unit.scan(good);
  await unit.scan(over);
  expect(unit.events('scan').map(({ result }) => result?.reason)).toStrictEqual(['plan', 'unknown-credential']);
  const trusting = await unitWithPasses(TEST_SITE, { onDoubtfulClock: 'trust' });
  trusting.clock.setWall(NOON + 86_400_000);
  await trusting.scan(good);
  expect(trusting.events('scan').map(({ detail }) => detail['pass'])).toStrictEqual(['expired']);
});

usedPassesContract('in the store', () => {
  const store = Store.open(':memory:', new Keys(Buffer.alloc(32)));
  if (!store.ok) throw new Error(store.error.detail);
  const used = inTransactions(store.value);
  return { used, reopen: () => used };
});

/** Each call in a transaction of its own. */
function inTransactions(store: Store) {
  return {
    isUsed: (passId: string, doorId: string) => store.usedPasses.isUsed(passId, doorId),
    note: (passId: string, doorId: string, until: number) => {
      expect(store.transact((writer) => writer.usedPasses.note(passId, doorId, until)).ok).toBe(true);
    },
    forgetEnded: (at: number) => {
      expect(store.transact((writer) => writer.usedPasses.forgetEnded(at)).ok).toBe(true);
    },
  };
}
