// A PIN is known by its hash alone: ours, and those that others wrote with other costs. What is no hash is nobody's PIN.
import { argon2Sync } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashPin, isPin, isWeakPin } from './pin.ts';

test('the PIN fits its hash, another one does not, and no two hashes are alike', async () => {
  const [one, two] = [await hashPin('482915'), await hashPin('482915')];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
  expect(await isPin('482915', one)).toBe(true);
  expect(await isPin('482916', one)).toBe(false);
});

test('a hash of other costs is checked by its own', async () => {
  const salt = Buffer.from('a salt of others');
  const cost = { memory: 64, passes: 3, parallelism: 2 };
  const key = argon2Sync('argon2id', { message: '918273', nonce: salt, tagLength: 24, ...cost });
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  expect(await isPin('918273', `$argon2id$v=19$m=64,t=3,p=2$${text(salt)}$${text(key)}`)).toBe(true);
});

test.each([
  '',
  '$argon2id$v=19$m=19456,t=2,p=1$short$hash',
  '$argon2i$v=19$m=64,t=3,p=2$YSBzYWx0IG9mIG90aGVycw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '$argon2id$v=19$m=9999999,t=2,p=1$YSBzYWx0IG9mIG90aGVycw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '$argon2id$v=19$m=64,t=999,p=1$YSBzYWx0IG9mIG90aGVycw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '$argon2id$v=19$m=7,t=1,p=1$YSBzYWx0IG9mIG90aGVycw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '$argon2id$v=19$m=64,t=0,p=1$YSBzYWx0IG9mIG90aGVycw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
])('%s is nobody’s PIN', async (hash) => {
  expect(await isPin('482915', hash)).toBe(false);
});

test.each(['000000', '123456', '987654', '121212', '123123', '4444444'])('%s is weak', (pin) => {
  expect(isWeakPin(pin)).toBe(true);
});
test.each(['482915', '123457', '024680', '1212123'])('%s is not', (pin) => {
  expect(isWeakPin(pin)).toBe(false);
});
