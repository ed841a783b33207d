/** A cloud issues a pass: it is short enough for a small code, or the cloud is told why there is none. */
import { describe, expect, test } from 'vitest';
import { mintPass, newPassId } from './mint.ts';
import { MOST_CHARACTERS, type PassClaims } from './pass.ts';
import { CLAIMS, NOW, passOf, refused, show, signingKey } from './testing.ts';

const UUID = '01937a1e-5b2c-7d3e-8f40-a1b2c3d4e5f6';
const key = signingKey();
const mint = (claims: Partial<PassClaims>, kid = key.kid) => mintPass({ ...key, kid }, { ...CLAIMS, ...claims });

describe('how long it is', () => {
  const passId = '0a0b0c0d0e0f';
  test.each([
    ['a member number', { memberId: '10034' }, 171],
    ['a member number, without a beginning', { memberId: '10034', notBefore: null }, 162],
    ['a visitor for one door', { memberId: 'v-204', passId: '0a0b', doorIds: ['front'] }, 175],
    ['a UUID', { memberId: UUID, notBefore: null }, 178],
    ['an id of 20 characters', { memberId: 'x'.repeat(20), notBefore: null, passId: '0a0b0c' }, 180],
  ])('%s', (_, claims, characters) => {
    const text = passOf({ passId, ...claims });
    expect(text).toHaveLength(characters);
    expect(text).toMatch(/^GP1:[0-9A-Z $%*+\-./:]+$/);
    expect(show(text)).toMatchObject({ ok: true, memberId: claims.memberId });
  });

  test('a byte more than fits is refused before it is signed', () => {
    const fault = (characters: number) => ({
      ok: false,
      error: { code: 'too-long', characters, most: MOST_CHARACTERS },
    });
    expect(mint({ memberId: 'm-10010010010' })).toMatchObject({ ok: true });
    expect(mint({ memberId: 'm-100100100100' })).toEqual(fault(181));
    expect(mint({ memberId: UUID })).toEqual(fault(184));
    expect(mint({ memberId: UUID.toUpperCase(), notBefore: null })).toEqual(fault(207));
  });
});

test.each<[string, Partial<PassClaims>]>([
  ['no member', { memberId: '' }],
  ['half a letter', { memberId: '\uD83D' }],
  ['no tenant', { tenant: '' }],
  ['a pass id that is not hex', { passId: 'zz' }],
  ['a pass id in capitals', { passId: '0A' }],
  ['half a byte of a pass id', { passId: '0a0' }],
  ['no pass id', { passId: '' }],
  ['no doors', { doorIds: [] }],
  ['a door with a space in its id', { doorIds: ['a b'] }],
  ['a door twice', { doorIds: ['a', 'a'], passId: '01' }],
  ['an end at the beginning', { expiresAt: NOW }],
  ['eight days', { expiresAt: NOW + 8 * 86_400_000 }],
  ['an end before 1970', { expiresAt: -1_000, notBefore: null }],
  ['an end that is no number', { expiresAt: Number.NaN, notBefore: null }],
])('no pass: %s', (_, claims) => {
  expect(mint(claims)).toEqual({ ok: false, error: { code: 'invalid' } });
});

test('a key without a name signs nothing', () => {
  expect(mint({}, '')).toEqual({ ok: false, error: { code: 'invalid' } });
});

test('parts of a second fall away', () => {
  expect(passOf({ notBefore: NOW + 1, expiresAt: NOW + 60_999 })).toBe(passOf());
});

test('a new pass id is one, each time another', () => {
  const ids = Array.from({ length: 100 }, newPassId);
  expect(new Set(ids).size).toBe(100);
  expect(show(passOf({ passId: newPassId() }))).toMatchObject({ ok: true });
  expect(show(passOf({ memberId: 'm-1002', passId: newPassId(), tenant: 't-2' }))).toEqual(refused('tenant'));
});
