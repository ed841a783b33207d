// Somebody has a unit's key and all the time in the world. Ten thousand messages later the hub still serves, has failed
// at nothing inside, and the tenant next door is as it was.
import { expect, test } from 'vitest';
import { fuzzHub } from './test-fuzz.ts';

test('ten thousand messages made from good ones by mutation', { timeout: 120_000 }, async () => {
  const { inputs, framed, findings } = await fuzzHub(10_000, 5);
  expect(findings).toEqual([]);
  expect(framed / inputs).toBeGreaterThan(0.2);
});
