/** For tests: the vectors, their public keys' other halves, and a door at which passes are shown. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { mintPass, type SigningKey } from './mint.ts';
import type { PassClaims } from './pass.ts';
import { PassChecker, type PassMoment, type PassResult } from './pass-checker.ts';
import { NOTHING_USED } from './used-passes.ts';

const Key = z.strictObject({
  kid: z.string(),
  publicKey: z.string(),
  from: z.string(),
  to: z.string().nullable(),
});
const Expected = z.union([
  z.strictObject({ ok: z.literal(true), memberId: z.string(), passId: z.string(), until: z.int() }),
  z.strictObject({
    ok: z.literal(false),
    why: z.enum(['expired', 'revoked', 'tenant', 'door', 'used', 'signature']),
  }),
]);
const Minted = z.strictObject({
  kid: z.string(),
  tenant: z.string(),
  memberId: z.string(),
  passId: z.string(),
  notBefore: z.int().nullable(),
  expiresAt: z.int(),
  scope: z.string().nullable(),
});
const Vectors = z.strictObject({
  format: z.literal('genkan-pass-vectors/1'),
  settings: z.strictObject({ tenant: z.string(), passKeys: z.array(Key), revokedPasses: z.array(z.string()) }),
  privateKeys: z.record(z.string(), z.string()),
  cases: z.array(
    z.strictObject({
      name: z.string(),
      text: z.string(),
      characters: z.int(),
      doorId: z.string(),
      at: z.int(),
      trust: z.enum(['synced', 'held', 'doubtful']),
      usedAt: z.string().nullable(),
      /** null: no pass at all. */
      expect: Expected.nullable(),
      /** What it was made of, where it was made as it should be. */
      mint: Minted.nullable(),
    }),
  ),
});

export const VECTORS = Vectors.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'vectors.json'), 'utf8')));

export function signingKey(kid = 'k1'): SigningKey {
  const { publicKey = '' } = VECTORS.settings.passKeys.find((key) => key.kid === kid) ?? {};
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey, d: VECTORS.privateKeys[kid] ?? '' };
  return { kid, privateKey: createPrivateKey({ key: jwk, format: 'jwk' }) };
}

/** 2026-11-21T08:00:00Z */
export const NOW = 1_795_248_000_000;

/** A member's card as it is at NOW, a minute long. */
export const CLAIMS: PassClaims = {
  tenant: 't-1',
  memberId: 'm-1001',
  passId: '0a0b0c0d',
  notBefore: NOW,
  expiresAt: NOW + 60_000,
  doorIds: null,
};

/** @throws where no such pass can be made */
export function passOf(claims: Partial<PassClaims> = {}, key = signingKey()): string {
  const minted = mintPass(key, { ...CLAIMS, ...claims });
  if (!minted.ok) throw new Error(JSON.stringify(minted.error));
  return minted.value;
}

const CHECKER = new PassChecker(VECTORS.settings);

/** Shown at the front door at NOW, which nothing has opened yet. */
export function show(text: string, moment: Partial<PassMoment> = {}, checker = CHECKER): PassResult | null {
  return checker.check(text, { doorId: 'front', at: NOW, trust: 'synced', used: NOTHING_USED, ...moment });
}

export const refused = (why: string) => ({ ok: false, why });
