// Whoever watches a hub must hear of it before members do: what it can't store, and what it has stored and can't count.
import { expect, test } from 'vitest';
import { healthOf } from './health.ts';

const NOW = 1_000_000;
const waiting = (ageSeconds: number) => ({ events: 7, since: NOW - ageSeconds * 1_000, tenants: ['gym'] });
const nothing = { events: 0, since: null, tenants: [] };

test.each([
  ['nothing waits', healthOf(false, nothing, NOW), { status: 'ok', unjudged: 0, unjudgedSeconds: 0 }],
  ['some wait', healthOf(false, waiting(5), NOW), { status: 'ok', unjudged: 7, unjudgedSeconds: 5 }],
  ['they wait too long', healthOf(false, waiting(120), NOW), { status: 'degraded', unjudged: 7, unjudgedSeconds: 120 }],
  ['events can’t be stored', healthOf(true, nothing, NOW), { status: 'degraded', unjudged: 0, unjudgedSeconds: 0 }],
  ['the store is away', healthOf(false, null, NOW), { status: 'degraded', unjudged: 0, unjudgedSeconds: 0 }],
  ['the clock was put back', healthOf(false, waiting(-60), NOW), { status: 'ok', unjudged: 7, unjudgedSeconds: 0 }],
])('%s', (_, health, expected) => {
  expect(health).toEqual(expected);
});
