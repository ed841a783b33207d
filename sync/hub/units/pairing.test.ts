// Somebody stands before a new unit with a code from the operator. It bears the name that was given with the code, or its
// own; where it can't be paired they are told what to do.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { Identity, nonce } from '../../conformance/unit.ts';
import { WIRE } from '../../wire/limits.ts';
import { pairingText } from '../../wire/signed.ts';
import { digest } from '../keys.ts';
import { HOST, pairedUnit, type TestHub, TestUnit, testHub } from '../testing.ts';

let hub: TestHub;
let clock: VirtualClock;
beforeAll(async () => {
  clock = new VirtualClock();
  hub = await testHub(clock, { pairingsPerMinute: 1_000 });
  await hub.store.createTenant('gym', 'gym', 0);
});
afterAll(() => hub.close());

let codes = 0;

async function codeFor(site: string, name: string): Promise<string> {
  codes += 1;
  const code = `CODE${String(codes).padStart(8, '0')}`;
  const expiresAt = clock.wall() + 60_000;
  await hub.store.createPairing({ codeDigest: digest(code), tenant: 'gym', site, name, by: 'test', expiresAt });
  return code;
}

/** @param name its own; null: it brings none @returns what the hub says to the unit */
async function pair(identity: Identity, code: string, name: string | null = null): Promise<string> {
  const unit = new TestUnit(hub, identity);
  unit.call();
  const [challenge] = unit.all('challenge');
  const proof = identity.sign(pairingText(HOST, challenge?.nonce ?? '', identity.unit, identity.key));
  const { unit: id, key } = identity;
  unit.say({ type: 'pair', version: WIRE.version, code, unit: id, name, key, nonce: nonce(), proof });
  await vi.waitFor(() => expect([...unit.all('paired'), ...unit.all('goodbye')]).toHaveLength(1));
  const [refusal] = unit.all('goodbye');
  return refusal === undefined ? 'paired' : `${refusal.why}: ${refusal.detail}`;
}

test('a unit bears the name that was given with its code, or its own', async () => {
  const named = async (unit: string) => (await hub.store.unit(unit))?.name;
  expect(await pair(new Identity('plain'), await codeFor('tokyo', 'Front door'))).toBe('paired');
  expect(await pair(new Identity('proud'), await codeFor('tokyo', 'Front door'), 'Back door')).toBe('paired');
  expect([await named('plain'), await named('proud')]).toEqual(['Front door', 'Back door']);
});

test('a code that is unknown, used or too old', async () => {
  const old = /^code: this code is unknown, used or too old: ask the operator for a new one$/;
  expect(await pair(new Identity('a'), 'NOSUCHCODE12')).toMatch(old);
  const used = await codeFor('tokyo', 'A');
  const identity = new Identity('a');
  expect(await pair(identity, used)).toBe('paired');
  // The answer may have been lost.
  expect(await pair(identity, used)).toBe('paired');
  expect(await pair(new Identity('b'), used)).toMatch(old);
  const late = await codeFor('tokyo', 'B');
  await clock.advance(60_001);
  expect(await pair(new Identity('b'), late)).toMatch(old);
});

test('another unit’s id, a revoked unit, and a site that is full are told what they need', async () => {
  await pairedUnit(hub, 'known');
  expect(await pair(new Identity('known'), await codeFor('tokyo', 'A'))).toMatch(
    /^code: .*paired already.*empty dataDir/,
  );
  const gone = await pairedUnit(hub, 'gone');
  await hub.store.revoke('gym', 'gone', clock.wall());
  expect(await pair(gone.identity, await codeFor('tokyo', 'A'))).toMatch(
    /^code: this unit was revoked: .*empty dataDir/,
  );
  for (let n = 0; n < WIRE.unitsOfSite; n += 1) await pairedUnit(hub, `full-${n}`, { site: 'full' });
  const full = /^code: there are as many sites, or units of this site, as may be: revoke one/;
  expect(await pair(new Identity('last'), await codeFor('full', 'A'))).toMatch(full);
  expect(await pair(new Identity('last'), await codeFor('tokyo', 'A'))).toBe('paired');
});
