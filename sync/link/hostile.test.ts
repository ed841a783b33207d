// Whoever speaks in a hub's name: some hundred messages, as `npm run soak` sends a million.
import { expect, test } from 'vitest';
import { fuzzFromHub } from './test-hostile-hub.ts';

test('whatever a hub says, the unit takes it or hangs up, and its site stays whole', async () => {
  const { inputs, framed, findings } = await fuzzFromHub(400, 7);
  expect(findings).toEqual([]);
  expect(framed / inputs).toBeGreaterThanOrEqual(0.2);
});
