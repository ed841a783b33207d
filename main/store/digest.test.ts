// Two replicas that mean the same have the same digest, however they write it; any other difference shows.
import { expect, test } from 'vitest';
import { digestOfSite } from './digest.ts';
import { GYM } from './testing.ts';

const [ann] = GYM.members;
const stay = (enteredAt: string, until: string | null = null) => ({
  ...GYM,
  stays: [{ memberId: ann?.id ?? '', placeId: 'p', enteredAt, via: { contractId: 'c', until } }],
});

test('an instant is the same in whichever zone it is written', () => {
  const [here, there] = ['2026-11-20T19:10:00+09:00', '2026-11-20T10:10:00Z'];
  expect(digestOfSite(stay(here, here))).toBe(digestOfSite(stay(there, there)));
  expect(digestOfSite(stay(here))).not.toBe(digestOfSite(stay('2026-11-20T10:10:01Z')));
  expect(digestOfSite(stay(here, here))).not.toBe(digestOfSite(stay(here)));
  const booked = (start: string, end: string) => ({
    ...GYM,
    reservations: [{ id: 'r', memberId: 'ann', programId: 'g', storeId: 's', start, end, status: 'booked' as const }],
  });
  expect(digestOfSite(booked(here, here))).toBe(digestOfSite(booked(there, there)));
});
