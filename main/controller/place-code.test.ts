// Somebody photographs the kiosk and sends the picture home: it is worthless, since the code names its own few seconds.
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { PlaceCodeConfig } from '../contract/member-ways.ts';
import { openPlaceCode, PLACE_PREFIX, type PlaceSigner, placeCodesAt, publicKeyOf } from './place-code.ts';
import { NOON } from './testing.ts';

const SIGNER: PlaceSigner = { unitId: '0a1b2c3d4e5f', key: generateKeyPairSync('ed25519').privateKey };
const PUBLIC = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKeyOf(SIGNER) }, format: 'jwk' });
const BOTH = PlaceCodeConfig.parse({ kinds: ['app', 'url'], url: 'https://gym.example.jp/in?c={code}&x=1' });

const codesAt = (at: number, config = BOTH) => {
  const { codes, leftMs } = placeCodesAt(SIGNER, 'front', config, at);
  return { app: codes?.app ?? '', url: codes?.url ?? '', leftMs };
};
const inAddress = (url: string) => new URL(url).searchParams.get('c') ?? '';

test('both kinds say unit, door and time, and one key opens both', () => {
  const { app, url, leftMs } = codesAt(NOON + 7_000);
  const step = { unitId: '0a1b2c3d4e5f', doorId: 'front', from: NOON / 1_000, lasts: 20 };
  expect(openPlaceCode(app, PUBLIC)).toStrictEqual(step);
  expect(openPlaceCode(inAddress(url), PUBLIC)).toStrictEqual(step);
  expect(leftMs).toBe(13_000);
});

test('it stays for its step and is another one after it', () => {
  expect(codesAt(NOON + 19_999).app).toBe(codesAt(NOON).app);
  expect(codesAt(NOON + 20_000).app).not.toBe(codesAt(NOON).app);
  expect(codesAt(NOON + 20_000).leftMs).toBe(20_000);
});

test('only the kinds that the site wants', () => {
  expect(placeCodesAt(SIGNER, 'front', PlaceCodeConfig.parse({}), NOON).codes).toMatchObject({ url: null });
});

test('it is small: a QR of 45 modules for the app, one of 53 for any camera', () => {
  const { app, url } = codesAt(NOON);
  expect(app).toMatch(/^GL1:[0-9A-Z $%*+./:-]+$/);
  expect(app.length).toBeLessThanOrEqual(154);
  expect(url.length).toBeLessThanOrEqual(180);
});

test.each<[string, string, (text: string) => string]>([
  ['another byte', 'GL1', (text) => text.slice(0, 20) + (text.charAt(20) === '0' ? '1' : '0') + text.slice(21)],
  ['a piece', 'GL1', (text) => text.slice(0, -3)],
  ['nothing', 'GL1', () => PLACE_PREFIX],
  ['a thousand letters', 'GL1', () => PLACE_PREFIX + '0'.repeat(1_000)],
  ['another’s', 'GL1', () => codesOfAnother()],
])('%s is no code of ours', (_what, _kind, change) => {
  expect(openPlaceCode(change(codesAt(NOON).app), PUBLIC)).toBeNull();
});

function codesOfAnother(): string {
  const other = { ...SIGNER, key: generateKeyPairSync('ed25519').privateKey };
  return placeCodesAt(other, 'front', BOTH, NOON).codes?.app ?? '';
}
