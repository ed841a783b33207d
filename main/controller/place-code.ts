/**
 * The place's code on the kiosk's screen: who reads it is standing here, now. It names unit, door and a step of time, and
 * is signed by the unit; a photograph of it is worthless when the step is over. `resources/manual/place-code.md` has the
 * format and how to check it.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import * as z from 'zod';
import type { PlaceCodeConfig, PlaceCodeOutput } from '../contract/member-ways.ts';
import { decodeBase45, encodeBase45 } from './passes/base45.ts';

export const PLACE_PREFIX = 'GL1:';
const MOST_CHARACTERS = 400;
const SIGNED_AS = 'genkan place code 1';
const MS_PER_SECOND = 1_000;

export interface PlaceStep {
  /** 12 hex digits. */
  readonly unitId: string;
  readonly doorId: string;
  /** Epoch seconds: when it came on the screen. */
  readonly from: number;
  /** Seconds for which it stays there. */
  readonly lasts: number;
}

const Form = z.tuple([
  z.instanceof(Uint8Array),
  z.string().min(1).max(100),
  z.int().min(0),
  z.int().min(1).max(300),
  z.instanceof(Uint8Array).refine(({ length }) => length === 64),
]);

export interface PlaceSigner {
  readonly unitId: string;
  /** Ed25519. */
  readonly key: KeyObject;
}

/** 32 bytes in base64url: what the hub checks codes with. */
export function publicKeyOf({ key }: PlaceSigner): string {
  return createPublicKey(key).export({ format: 'jwk' }).x ?? '';
}

/** What the door's kiosk shows at `at` (epoch ms). The steps of all units begin at the same moments. */
export function placeCodesAt(
  signer: PlaceSigner,
  doorId: string,
  { kinds, url, everySeconds }: PlaceCodeConfig,
  at: number,
): PlaceCodeOutput {
  const everyMs = everySeconds * MS_PER_SECOND;
  const from = Math.floor(at / everyMs) * everySeconds;
  const bytes = signedBytes(signer, { unitId: signer.unitId, doorId, from, lasts: everySeconds });
  const app = kinds.includes('app') ? PLACE_PREFIX + encodeBase45(bytes) : null;
  const address = kinds.includes('url') && url !== null ? url.replace('{code}', base64url(bytes)) : null;
  return { codes: { app, url: address }, leftMs: from * MS_PER_SECOND + everyMs - at, everyMs };
}

/** @param text as an app read it, or what stood for `{code}`; null: not a code that this key has signed */
export function openPlaceCode(text: string, publicKey: KeyObject): PlaceStep | null {
  if (text.length > MOST_CHARACTERS) return null;
  const bytes = text.startsWith(PLACE_PREFIX)
    ? decodeBase45(text.slice(PLACE_PREFIX.length))
    : Buffer.from(text, 'base64url');
  const form = Form.safeParse(bytes === null ? null : decoded(bytes));
  if (!form.success) return null;
  const [unit, doorId, from, lasts, signature] = form.data;
  const step = { unitId: Buffer.from(unit).toString('hex'), doorId, from, lasts };
  return verify(null, toBeSigned(step), publicKey, signature) ? step : null;
}

function signedBytes({ key }: PlaceSigner, step: PlaceStep): Uint8Array {
  return encoded([...fieldsOf(step), new Uint8Array(sign(null, toBeSigned(step), key))]);
}

function toBeSigned(step: PlaceStep): Uint8Array {
  return encoded([SIGNED_AS, ...fieldsOf(step)]);
}

function fieldsOf({ unitId, doorId, from, lasts }: PlaceStep): readonly unknown[] {
  return [new Uint8Array(Buffer.from(unitId, 'hex')), doorId, from, lasts];
}

function encoded(value: unknown): Uint8Array {
  return encode(value, rfc8949EncodeOptions);
}

function decoded(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { strict: true, allowIndefinite: false });
  } catch {
    return null;
  }
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
