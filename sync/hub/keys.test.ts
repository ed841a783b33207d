// Thousands of signatures a second are checked by the keys of thousands of units: each key is made once.
import { expect, test } from 'vitest';
import { Identity } from '../conformance/unit.ts';
import { isSignedBy, unitKey } from './keys.ts';

test('a unit’s key is made once, and checks what that unit has signed and nobody else', async () => {
  const [unit, other] = [new Identity('a'), new Identity('b')];
  const key = unitKey(unit.key);
  if (key === null) throw new Error('no key');
  expect(unitKey(unit.key)).toBe(key);
  expect(unitKey(other.key)).not.toBe(key);
  expect(await isSignedBy(key, 'text', unit.sign('text'))).toBe(true);
  expect(await isSignedBy(key, 'text', other.sign('text'))).toBe(false);
});

test('what is no key is none the second time either', () => {
  for (let count = 0; count < 2; count += 1) expect(unitKey('short')).toBeNull();
});
