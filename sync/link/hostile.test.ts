// Whoever speaks in a hub's name: some hundred messages, as `npm run soak` sends a million.
import { expect, test } from 'vitest';
import { fuzzFromHub } from './test-hostile-hub.ts';

/** It takes some seconds, and as many times longer as the machine is busy. */
const PATIENCE_MS = 120_000;

test('whatever a hub says, the unit takes it or hangs up, and its site stays whole', {
  timeout: PATIENCE_MS,
}, async () => {
  const { inputs, framed, findings } = await fuzzFromHub(400, 7);
  expect(findings).toEqual([]);
  expect(framed / inputs).toBeGreaterThanOrEqual(0.2);
});
