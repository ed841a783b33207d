/**
 * The internet is gone in the evening. Nobody at the door is told in the first quarter of an hour; after it, since when,
 * also hours later and although the controller says nothing new; and nothing more once the hub is there again.
 */
import { expect, test } from 'vitest';
import { NOW, STATUS } from '../../build/e2e/kiosk/scenes.ts';
import type { StatusMessage } from '../../main/contract/page.ts';
import { type HubAway, hubAway, offlineOf } from './offline.ts';

type Hub = NonNullable<StatusMessage['hub']>;
const T0 = 500_000;
const QUARTER_MS = 900_000;
const hear = (before: HubAway | null, state: Hub['state'], dataAgeSeconds: number | null, atMono: number) =>
  hubAway(before, { ...STATUS, hub: { state, dataAgeSeconds, queue: 0, progress: null } }, atMono);

test('a hub that is away is worth a word after 15 min, with the time of the last contact', () => {
  const away = hear(null, 'away', 60, T0);
  expect(offlineOf(away, T0 + QUARTER_MS - 60_001, NOW)).toBeNull();
  expect(offlineOf(away, T0 + QUARTER_MS - 60_000, NOW)).toEqual({ syncedAt: NOW - QUARTER_MS });
  expect(offlineOf(away, T0 + 2 * 3_600_000, NOW)).toEqual({ syncedAt: NOW - 2 * 3_600_000 - 60_000 });
});

test('a status in between moves nothing: it says how old the data are by then', () => {
  const later = hear(hear(null, 'away', 60, T0), 'away', 660, T0 + 600_000);
  expect(offlineOf(later, T0 + QUARTER_MS, NOW)).toEqual({ syncedAt: NOW - QUARTER_MS - 60_000 });
});

test('a hub that never was there counts from when the page first heard so, and has no time', () => {
  const away = hear(hear(null, 'away', null, T0), 'away', null, T0 + 600_000);
  expect(offlineOf(away, T0 + QUARTER_MS - 1, NOW)).toBeNull();
  expect(offlineOf(away, T0 + QUARTER_MS, NOW)).toEqual({ syncedAt: null });
});

test.each(['live', 'snapshot', 'unpaired', 'revoked'] as const)('%s is not away, however old the data', (state) => {
  expect(hear(hear(null, 'away', 9_999, T0), state, 9_999, T0)).toBeNull();
});

test('a unit without a hub is never offline', () => {
  expect(hubAway(null, STATUS, T0)).toBeNull();
});
