// What a unit needs beside its site, checked against the site that it is for.
import { describe, expect, test } from 'vitest';
import { TEST_SITE } from '../controller/testing.ts';
import { parseSettings } from './settings.ts';

const GOOD = {
  format: 'genkan-settings/1',
  tenant: 'gym',
  passKeys: [
    { kid: 'k1', publicKey: 'A'.repeat(43), from: '2026-01-01T00:00:00Z', to: null },
    { kid: 'k2', publicKey: '-_'.repeat(21).concat('0'), from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
  ],
  revokedPasses: ['c0ffee', '0A'.repeat(16)],
  staticCodesOff: ['open'],
  staff: [{ id: 's1', name: 'Staff', role: 'manager', pinHash: '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA' }],
  closedDays: [{ doorId: 'front', dates: ['2026-12-31'] }],
  doorSchedules: [
    {
      doorId: 'front',
      bands: [{ do: 'held-unlocked', weekdays: ['mon'], from: '22:00', to: '24:00', holiday: 'as-weekday' }],
    },
  ],
  carryOver: {
    fields: ['familyKana', 'phone'],
    guidance: { ja: '会員コードをご用意ください。', en: 'Have your code ready.', 'zh-Hans': null, ko: null },
    explanation: null,
  },
  provisionalCards: { planId: 'open', days: 14, stock: 3 },
};

function firstPath(change: Readonly<Record<string, unknown>>): string | null {
  const parsed = parseSettings({ ...GOOD, ...change }, TEST_SITE);
  return parsed.ok ? null : (parsed.error[0]?.path ?? 'none');
}

test('good settings come out as they went in; lists may be left out', () => {
  expect(parseSettings(GOOD, TEST_SITE)).toStrictEqual({ ok: true, value: GOOD });
  expect(parseSettings({ format: GOOD.format, tenant: null }, TEST_SITE)).toMatchObject({
    ok: true,
    value: { staff: [], passKeys: [], doorSchedules: [], carryOver: null, provisionalCards: null },
  });
});

describe('what is wrong is found at its path', () => {
  const [key] = GOOD.passKeys;
  const [person] = GOOD.staff;
  test.each<[string, Record<string, unknown>]>([
    ['format', { format: 'genkan-site/1' }],
    ['tenant', { tenant: undefined }],
    ['colour', { colour: 'red' }],
    ['passKeys[0].publicKey', { passKeys: [{ ...key, publicKey: 'AA' }] }],
    ['passKeys[0].publicKey', { passKeys: [{ ...key, publicKey: '+'.repeat(43) }] }],
    ['passKeys[0].to', { passKeys: [{ ...key, to: '2025-01-01T00:00:00Z' }] }],
    ['passKeys[0].to', { passKeys: [{ ...key, to: '2026-01-01T00:00:00Z' }] }],
    ['passKeys[1].kid', { passKeys: [key, key] }],
    ['revokedPasses[0]', { revokedPasses: [''] }],
    ['revokedPasses[0]', { revokedPasses: ['p1'] }],
    ['revokedPasses[1]', { revokedPasses: ['00', '0'.repeat(34)] }],
    ['doorSchedules[0].doorId', { doorSchedules: [{ doorId: 'back' }] }],
    ['doorSchedules[1].doorId', { doorSchedules: [{ doorId: 'front' }, { doorId: 'front' }] }],
    ['doorSchedules[0].bands[0].do', { doorSchedules: [{ doorId: 'front', bands: [{ from: '09:00', to: '10:00' }] }] }],
    [
      'doorSchedules[0].bands[0].to',
      { doorSchedules: [{ doorId: 'front', bands: [{ do: 'always-locked', from: '09:00', to: '24:01' }] }] },
    ],
    ['staticCodesOff[0]', { staticCodesOff: ['nowhere'] }],
    ['staff[0].role', { staff: [{ ...person, role: 'owner' }] }],
    ['staff[0].pinHash', { staff: [{ ...person, pinHash: '123456' }] }],
    ['staff[1].id', { staff: [person, person] }],
    ['closedDays[0].doorId', { closedDays: [{ doorId: 'back', dates: [] }] }],
    ['closedDays[0].dates[0]', { closedDays: [{ doorId: 'front', dates: ['2026-02-30'] }] }],
    ['closedDays[1].doorId', { closedDays: [{ doorId: 'front' }, { doorId: 'front' }] }],
    ['provisionalCards.planId', { provisionalCards: { planId: 'nowhere' } }],
    ['provisionalCards.days', { provisionalCards: { planId: 'open', days: 0 } }],
    ['provisionalCards.stock', { provisionalCards: { planId: 'open', stock: 1_001 } }],
    ['carryOver.fields[0]', { carryOver: { fields: ['mail'] } }],
    ['carryOver.fields', { carryOver: { fields: ['phone', 'phone'] } }],
    ['carryOver.guidance.ja', { carryOver: { guidance: { ja: '長'.repeat(121) } } }],
  ])('%s', (path, change) => expect(firstPath(change)).toBe(path));
});

test('a PIN that stands where its hash belongs is not repeated in the error', () => {
  const parsed = parseSettings({ ...GOOD, staff: [{ ...GOOD.staff[0], pinHash: '987654' }] }, TEST_SITE);
  expect(JSON.stringify(parsed)).not.toContain('987654');
});
